//! Taking in what another device sent.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, Value};
use uuid::Uuid;

use super::Records;
use super::own::{Entry, forget, look_up, write};
use crate::database::entity::sync_owned::{self, State};
use crate::database::entity::sync_waiting;
use crate::sync::change::{Changes, OwnedPart, SharedChange, SharedPart, What};
use crate::sync::fetch::Making;
use crate::sync::marks::{Mark, Positions};
use crate::sync::model::{Merge, Payload, Strategy};
use crate::sync::rows::{OwnedRow, Read, named, text};
use crate::sync::table::Table;
use crate::transaction::Range;

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Receipt {
    /// Whether any stream is further now.
    pub(crate) is_news: bool,
    /// Rows that changes wait for, by model and id.
    pub(crate) missing: BTreeSet<(String, String)>,
    /// Makings of links that were not here before.
    pub(crate) made: BTreeSet<Making>,
    /// Why some stream stopped where it is.
    pub(crate) refused: Vec<Refused>,
    /// Where the streams are now that a leader sent parts of.
    pub(crate) reached: Positions,
    /// Whether some stream went back to its beginning: what came since is to come again.
    pub(crate) begun_anew: bool,
}

/// Why a stream is not taken in any further. It is tried again when it is sent again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Refused {
    #[error("the clock of device {device} is {ahead_ms} ms ahead of this one's: set the clocks right")]
    ClockAhead { device: Uuid, ahead_ms: u64 },
    #[error("too many changes wait for what they refer to: more are taken when it has come")]
    Full,
    #[error("`{model}` does not sync in this way here: update the engine on this device")]
    UnknownModel { model: String },
    #[error("`{model}` `{id}` cannot be a row here: {reason}")]
    Malformed { model: String, id: String, reason: String },
    #[error("`{model}` `{id}` came before the {needs} that it is in")]
    OutOfOrder { model: String, id: String, needs: String },
}

impl Records<'_> {
    /// Takes in parts of streams. One that begins behind the mark, or beyond it, is not wrong: it was sent twice, or overtook another.
    pub(super) async fn receive(&mut self, changes: Changes) -> Result<Receipt, DbErr> {
        let mut receipt = Receipt::default();
        for part in changes.owned {
            match self.owned_part(part, &mut receipt).await {
                Ok(()) => {}
                Err(Stop::Refused(refused)) => receipt.refused.push(refused),
                Err(Stop::Database(error)) => return Err(error),
            }
        }
        for part in changes.shared {
            match self.shared_part(part, &mut receipt).await {
                Ok(()) => {}
                Err(Stop::Refused(refused)) => receipt.refused.push(refused),
                Err(Stop::Database(error)) => return Err(error),
            }
        }
        if self.waits().await? {
            self.release().await?;
            receipt.missing = self.missing().await?;
        }
        Ok(receipt)
    }

    async fn owned_part(&mut self, part: OwnedPart, receipt: &mut Receipt) -> Result<(), Stop> {
        let OwnedPart { model, owner, from, to, head, pruned, fields, rows, read } = part;
        let table = self.replica.registry.table(&model);
        let Some(table) = table.filter(|table| table.info().strategy == Strategy::DeviceOwned) else {
            return Err(Refused::UnknownModel { model }.into());
        };
        if fields != named(table.info()) {
            return Err(Refused::UnknownModel { model }.into());
        }
        if self.is_unwanted(&model, owner) {
            return Ok(());
        }
        let mut mark = self.marks().get(&model, owner);
        if from == 0 && mark.position < pruned && mark.pruned < pruned {
            mark = self.begin_anew(table, owner, pruned).await?;
        }
        // Its sender thinks that tombstones are known here which are not: it did not hear yet that the stream went back to its beginning.
        let lacks_tombstones = mark.position < pruned && mark.pruned < pruned;
        // Its sender has not come to where tombstones are missing here: what it has may be gone, and nobody would say so any more.
        let is_from_before = head < mark.pruned && pruned < mark.pruned;
        if from > mark.position || to <= mark.position || lacks_tombstones || is_from_before {
            return Ok(());
        }
        let was_whole = mark.position > 0 && mark.position >= mark.head;
        let Read { rows: mut changes, malformed } = read.unwrap_or_else(|| Read::new(table, &rows));
        changes.retain(|change| change.version > mark.position && change.version <= to);
        let (reached, refused) = self.owned_rows(table, owner, changes, Some(mark.position)).await?;
        let refused = refused.or_else(|| {
            let (id, reason) = malformed?;
            Some(Refused::Malformed { model: model.clone(), id, reason })
        });
        let position = if refused.is_none() { to } else { reached.unwrap_or(mark.position) };
        let head = head.max(mark.head);
        self.marks().set(&model, owner, Mark { position, head, ..mark });
        receipt.is_news |= position > mark.position;
        if position >= head {
            self.settle(table, owner, was_whole).await?;
        }
        refused.map_or(Ok(()), |refused| Err(refused.into()))
    }

    /// What was removed since is not known any more: all rows of a device's are in doubt until they come again.
    async fn begin_anew(&mut self, table: &dyn Table, owner: Uuid, pruned: i64) -> Result<Mark, DbErr> {
        use sea_orm::sea_query::Expr;
        sync_owned::Entity::update_many()
            .col_expr(sync_owned::Column::State, Expr::value(State::Doubted))
            .filter(sync_owned::Column::Model.eq(table.info().name))
            .filter(sync_owned::Column::Owner.eq(owner))
            .filter(sync_owned::Column::State.eq(State::Live))
            .exec(self.tx)
            .await?;
        self.begun_anew = true;
        self.kept.unsettles(table.info().name, owner);
        let marks = self.marks();
        // The head stays: who sends this may not have heard of rows that came out of their turn, which come again from others only.
        let mark = Mark { position: 0, pruned, ..marks.get(table.info().name, owner) };
        marks.set(table.info().name, owner, mark);
        Ok(mark)
    }

    /// Writes the newest state of rows of another device's: all that come after a position, or only those that were never here. Returns the
    /// version of the last, and why it is the last.
    pub(super) async fn owned_rows(
        &mut self,
        table: &dyn Table,
        owner: Uuid,
        changes: Vec<OwnedRow>,
        after: Option<i64>,
    ) -> Result<(Option<i64>, Option<Refused>), DbErr> {
        let info = table.info();
        let known = self.overlap(info.name, owner, &changes, after).await?;
        let is_awaited = self.waits().await?;
        let place = |field: Option<&'static str>| field.and_then(|field| table.place(field));
        let (parent_at, shown_at) = (place(info.parent()), place(info.shows.map(|shows| shows.by)));
        let is_folder_at = place(Some("is_dir"));
        let at = |values: &[Value], place: Option<usize>| text(values.get(place?)?);
        let mut needs = Needs::of(table);
        let (mut rows, mut entries, mut gone) = (Vec::with_capacity(changes.len()), Vec::new(), Vec::new());
        entries.reserve(changes.len());
        let in_bulk = changes.len() >= self.replica.bulk && info.is_resource() && after.is_some();
        let (mut reached, mut refused) = (None, None);
        let (mut first, mut last) = (None, None);
        for change in changes {
            let OwnedRow { id, version, values } = change;
            let before = known.get(&id);
            if let Some(before) = before.filter(|before| before.version >= version || after.is_none()) {
                reached = Some(version);
                if before.state == State::Doubted && before.version == version && values.is_some() {
                    entries.push(Entry { state: State::Live, ..before.clone().into() });
                }
                continue;
            }
            let (mut state, mut parent) = (State::Live, None);
            match values {
                Some(values) => {
                    if let Some(needs) = self.first_missing(&mut needs, &values).await? {
                        refused = Some(Refused::OutOfOrder { model: info.name.to_owned(), id, needs });
                        break;
                    }
                    parent = at(&values, parent_at);
                    match in_bulk {
                        // In a tree, what is no folder has nothing below it.
                        true if is_folder_at.and_then(|place| values.get(place)) == Some(&false.into()) => {}
                        true if parent_at.is_none() => {}
                        true => self.shown.in_bulk.above.push(id.clone()),
                        false => {
                            if let Some(shown) = at(&values, shown_at) {
                                self.shown.writes(info, shown);
                            }
                        }
                    }
                    if is_awaited {
                        self.arrived.insert((info.name, id.clone()));
                    }
                    rows.push(values);
                }
                None => {
                    state = if info.parent().is_some() { State::Going } else { State::Gone };
                    self.kept.buries(info.name, owner);
                    self.kept.unsettles(info.name, owner);
                    gone.push(id.clone());
                }
            }
            reached = Some(version);
            first = first.or(reached);
            last = reached;
            entries.push(Entry { record_id: id, version, state, parent });
        }
        if let (true, Some(first), Some(last)) = (in_bulk, first, last) {
            let (model, count) = (info.name.to_owned(), rows.len() as u64);
            let range = Range { model, owner, first, last };
            self.shown.in_bulk.stands_for(info.name, range, count);
        }
        table.write_values(self.tx, rows).await?;
        self.remove(info.name, &gone).await?;
        write(self.tx, info.name, owner, entries).await?;
        Ok((reached, refused))
    }

    /// What is known of these rows. Nothing, if they all come after a position beyond which nothing is here: what is known of a row was said
    /// before, then.
    async fn overlap(
        &self,
        model: &str,
        owner: Uuid,
        changes: &[OwnedRow],
        after: Option<i64>,
    ) -> Result<BTreeMap<String, sync_owned::Model>, DbErr> {
        use sync_owned::Column as C;
        if let Some(position) = after {
            let beyond = sync_owned::Entity::find()
                .filter(C::Owner.eq(owner))
                .filter(C::Model.eq(model))
                .filter(C::Version.gt(position));
            if beyond.one(self.tx).await?.is_none() {
                return Ok(BTreeMap::new());
            }
        }
        let ids: Vec<String> = changes.iter().map(|change| change.id.clone()).collect();
        let known = look_up(self.tx, model, &ids).await?;
        Ok(known.into_iter().map(|row| (row.record_id.clone(), row)).collect())
    }

    /// The rows of a device are now as it had them at one moment: what is still below a row that is gone went with it. `was_whole`: so they
    /// were before, too.
    async fn settle(&mut self, table: &dyn Table, owner: Uuid, was_whole: bool) -> Result<(), DbErr> {
        let model = table.info().name;
        if !self.kept.unsettled.contains(&(model.to_owned(), owner)) {
            return Ok(());
        }
        self.kept.settles(model, owner);
        let doubted = sync_owned::Entity::find()
            .filter(sync_owned::Column::Model.eq(model))
            .filter(sync_owned::Column::Owner.eq(owner))
            .filter(sync_owned::Column::State.eq(State::Doubted));
        let doubted = doubted.all(self.tx).await?;
        #[cfg(test)]
        let doubted = match self.replica.planted {
            Some(crate::sync::simulation::Bug::BelieveDoubted) => Vec::new(),
            _ => doubted,
        };
        let doubted: Vec<String> = doubted.into_iter().map(|row| row.record_id).collect();
        self.remove(model, &doubted).await?;
        forget(self.tx, model, &doubted).await?;
        let Some(parent) = table.info().parent() else { return Ok(()) };
        let going = sync_owned::Entity::find()
            .filter(sync_owned::Column::Model.eq(model))
            .filter(sync_owned::Column::Owner.eq(owner))
            .filter(sync_owned::Column::State.eq(State::Going));
        let going = going.all(self.tx).await?;
        if !going.is_empty() {
            self.kept.buries(model, owner);
        }
        let mut above: Vec<String> = going.iter().map(|row| row.record_id.clone()).collect();
        while !above.is_empty() {
            let below = table.leading_to(self.tx, parent, &above).await?;
            above = below.into_iter().map(|(id, _)| id).collect();
            self.remove(model, &above).await?;
            forget(self.tx, model, &above).await?;
        }
        let gone = going.into_iter().map(|row| Entry { state: State::Gone, ..row.into() });
        write(self.tx, model, owner, gone.collect()).await?;
        if was_whole { Ok(()) } else { self.remove_loose(table, parent, owner).await }
    }

    /// Removes rows that are below nothing: what they were below was to come after them, and went before it came.
    async fn remove_loose(&mut self, table: &dyn Table, parent: &str, owner: Uuid) -> Result<(), DbErr> {
        let model = table.info().name;
        loop {
            let loose = table.loose(self.tx, parent).await?;
            let loose = look_up(self.tx, model, &loose).await?.into_iter();
            // Those of others may still get what they are below.
            let loose: Vec<String> =
                loose.filter(|row| row.owner == owner).map(|row| row.record_id).collect();
            if loose.is_empty() {
                return Ok(());
            }
            self.remove(model, &loose).await?;
            forget(self.tx, model, &loose).await?;
        }
    }

    async fn shared_part(&mut self, part: SharedPart, receipt: &mut Receipt) -> Result<(), Stop> {
        let (stream, device) = part.stream();
        let SharedPart { model, from, to, changes, .. } = part;
        if self.is_left_out(&model) {
            return Ok(());
        }
        let mark = self.marks().get(&stream, device);
        if from > mark.position || to <= mark.position {
            return Ok(());
        }
        receipt.is_news = true;
        for change in changes {
            let position = change.hlc().number();
            if position <= mark.position || position > to {
                continue;
            }
            self.check_shared(&change, &model, device)?;
            if self.is_full().await? {
                return Err(Refused::Full.into());
            }
            self.log(&change).await?;
            // Before the change, which may ask how far its own stream is.
            let marks = self.marks();
            let mark = marks.get(&stream, device);
            marks.set(&stream, device, Mark { position, ..mark });
            self.take(change).await?;
        }
        let marks = self.marks();
        let mark = marks.get(&stream, device);
        marks.set(&stream, device, Mark { position: to, ..mark });
        Ok(())
    }

    pub(super) fn check_shared(
        &self,
        change: &SharedChange,
        model: &str,
        device: Uuid,
    ) -> Result<(), Refused> {
        let hlc = change.hlc();
        if hlc.is_too_far_ahead(self.now_ms) {
            return Err(Refused::ClockAhead { device, ahead_ms: hlc.ms().saturating_sub(self.now_ms) });
        }
        let unknown = || Refused::UnknownModel { model: change.model.clone() };
        let table = self.replica.registry.table(&change.model).ok_or_else(unknown)?;
        let is_ours =
            |after: &crate::sync::change::After| self.replica.registry.table(&after.model).is_some();
        let is_in_place = change.dot.1 == device && change.model == model;
        if !is_in_place || !change.after.iter().all(is_ours) {
            let reason = "it is in another stream than its own, or needs what does not sync".to_owned();
            return Err(Refused::Malformed { model: change.model.clone(), id: change.id.clone(), reason });
        }
        match (&change.what, table.info().strategy) {
            (What::Put(row), Strategy::Shared(Merge::LastWriteWins | Merge::Custom))
            | (What::Set { row, .. }, Strategy::Shared(Merge::Fields))
            | (What::Link(row), Strategy::Shared(Merge::Union)) => self.check(table, &change.id, row),
            (What::Redacted, Strategy::Shared(_)) => Ok(()),
            (What::Delete, Strategy::Shared(Merge::LastWriteWins | Merge::Fields | Merge::Custom))
            | (What::Unlink(_), Strategy::Shared(Merge::Union)) => Ok(()),
            _ => Err(unknown()),
        }
    }

    fn check(&self, table: &dyn Table, id: &str, row: &Payload) -> Result<(), Refused> {
        let wrong = |reason: String| Refused::Malformed {
            model: table.info().name.to_owned(),
            id: id.chars().take(100).collect(),
            reason,
        };
        table.check(row).map_err(wrong)?;
        if table.info().id(row).as_deref() != Some(id) {
            return Err(wrong("its key is another".to_owned()));
        }
        Ok(())
    }

    /// The same, and the row as the values of its columns.
    pub(super) fn values(&self, table: &dyn Table, id: &str, row: &Payload) -> Result<Vec<Value>, Refused> {
        let wrong = |reason: String| Refused::Malformed {
            model: table.info().name.to_owned(),
            id: id.chars().take(100).collect(),
            reason,
        };
        let values = table.values(row).map_err(wrong)?;
        if table.info().id(row).as_deref() != Some(id) {
            return Err(wrong("its key is another".to_owned()));
        }
        Ok(values)
    }

    /// The first of what a row of another device's needs that is not here.
    async fn first_missing(&mut self, needs: &mut Needs, values: &[Value]) -> Result<Option<String>, DbErr> {
        for Needed { model, place, here } in &mut needs.0 {
            let Some(value) = values.get(*place) else { continue };
            // Very many rows need the same one.
            if here.as_ref() == Some(value) {
                continue;
            }
            let Some(id) = text(value) else { continue };
            if self.table(model)?.read(self.tx, &[id]).await?.is_empty() {
                return Ok(Some((*model).to_owned()));
            }
            *here = Some(value.clone());
        }
        Ok(None)
    }

    /// What changes wait for, some of it if it is much.
    async fn missing(&mut self) -> Result<BTreeSet<(String, String)>, DbErr> {
        use sea_orm::QuerySelect;
        let to_come = self.is_to_come();
        let waiting = sync_waiting::Entity::find().filter(to_come).limit(ASKED).all(self.tx).await?;
        Ok(waiting.into_iter().map(|row| (row.for_model, row.for_id)).collect())
    }
}

/// What rows of a model need.
struct Needs(Vec<Needed>);

/// A model, where a row says which row of it, and the last such value whose row is here.
struct Needed {
    model: &'static str,
    place: usize,
    here: Option<Value>,
}

impl Needs {
    fn of(table: &dyn Table) -> Self {
        let needed = table.info().depends_on.iter().filter_map(|reference| {
            Some(Needed { model: reference.model, place: table.place(reference.field)?, here: None })
        });
        Self(needed.collect())
    }
}

/// How many missing rows are asked for at once.
const ASKED: u64 = 100;

/// Why taking in a part stopped.
enum Stop {
    Refused(Refused),
    Database(DbErr),
}

impl From<DbErr> for Stop {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}
