//! What this device does itself.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    Statement, Value,
};
use uuid::Uuid;

use super::Records;
use super::merge::Known;
use crate::database::entity::sync_change;
use crate::database::entity::sync_owned::{self, State};
use crate::sync::change::{SharedChange, What};
use crate::sync::hlc::Dot;
use crate::sync::model::{Merge, Payload, Strategy};
use crate::sync::table::Table;

/// How many rows one statement names.
const CHUNK: usize = 500;
/// How many rows one statement writes.
const WRITTEN: usize = 250;

/// What a user does to a shared row.
#[derive(Debug)]
pub(crate) enum Doing {
    /// Writes it, or makes the link.
    Put(Payload),
    /// Deletes it, or takes the link away.
    Remove(String),
}

impl Records<'_> {
    /// Notes rows of this device's own that were written, each with what it is below.
    pub(crate) fn own_written(
        &mut self,
        model: &'static str,
        rows: impl IntoIterator<Item = (String, Option<String>)>,
    ) {
        self.written.entry(model).or_default().extend(rows);
    }

    /// Notes rows of this device's own that were removed, each with what it was below.
    pub(crate) fn own_gone(
        &mut self,
        model: &'static str,
        rows: impl IntoIterator<Item = (String, Option<String>)>,
    ) {
        self.gone.entry(model).or_default().extend(rows);
    }

    /// Notes rows that were written in another way, as if this device had written them here and now: their owner numbers them, and clients
    /// are told. Shared rows are written again as they are, so that they win over what others wrote.
    pub(crate) async fn record(&mut self, model: &str, ids: Vec<String>) -> Result<(), DbErr> {
        let table = self.table(model)?;
        let info = table.info();
        let rows = table.read(self.tx, &ids).await?;
        match info.strategy {
            Strategy::DeviceOwned => {
                let known = look_up(self.tx, info.name, &ids).await?;
                if let Some(other) = known.iter().find(|row| row.owner != self.replica.device) {
                    let (id, owner) = (&other.record_id, other.owner);
                    return Err(DbErr::Custom(format!(
                        "`{model}` `{id}` is of device {owner}: it is written there"
                    )));
                }
                let parent = |row: &Payload| row.get(info.parent()?)?.as_str().map(str::to_owned);
                for (_, row) in &rows {
                    self.shown.write(table, row);
                }
                self.own_written(info.name, rows.into_iter().map(|(id, row)| (id, parent(&row))));
            }
            Strategy::Shared(_) => {
                for (id, row) in rows {
                    let fields = info.fields.iter().filter(|field| !info.key.contains(field));
                    let fields = fields.map(|field| (*field).to_owned()).collect();
                    let known = self.known(model, &id).await?;
                    let what = match info.strategy {
                        Strategy::Shared(Merge::Fields) => known.set(row, fields),
                        Strategy::Shared(Merge::Union) => What::Link(row),
                        _ => What::Put(row),
                    };
                    self.carry_out(table, id, known, what).await?;
                }
            }
        }
        Ok(())
    }

    /// Does something to a shared row and puts it in the log.
    pub(crate) async fn act(&mut self, model: &str, doing: Doing) -> Result<(), DbErr> {
        let table = self.table(model)?;
        let info = table.info();
        let Strategy::Shared(merge) = info.strategy else {
            return Err(DbErr::Custom(format!("rows of `{model}` have an owner: they are not shared")));
        };
        let (id, payload) = match doing {
            Doing::Put(payload) => match info.id(&payload) {
                Some(id) => (id, Some(payload)),
                None => return Err(DbErr::Custom(format!("a row of `{model}` has no id"))),
            },
            Doing::Remove(id) => (id, None),
        };
        let known = self.known(model, &id).await?;
        let what = match (merge, payload) {
            (Merge::LastWriteWins | Merge::Custom, Some(payload)) => What::Put(payload),
            (Merge::Fields, Some(payload)) => {
                let here = table.read(self.tx, std::slice::from_ref(&id)).await?.pop();
                let here = here.map(|(_, row)| row).unwrap_or_default();
                let differ =
                    |field: &&&str| !info.key.contains(*field) && here.get(**field) != payload.get(**field);
                let fields: Vec<String> =
                    info.fields.iter().filter(differ).map(|field| (*field).to_owned()).collect();
                if fields.is_empty() && !here.is_empty() {
                    return Ok(());
                }
                known.set(payload, fields)
            }
            (Merge::LastWriteWins | Merge::Fields | Merge::Custom, None) => What::Delete,
            (Merge::Union, Some(payload)) => What::Link(payload),
            (Merge::Union, None) => What::Unlink(known.dots.live.iter().copied().collect()),
        };
        self.carry_out(table, id, known, what).await
    }

    /// Writes a row whose field is as it shall be, even if it is so already: on top of all that is known of it.
    pub(super) async fn write_again(&mut self, model: &str, row: Payload, field: &str) -> Result<(), DbErr> {
        let table = self.table(model)?;
        let Some(id) = table.info().id(&row) else { return Ok(()) };
        let known = self.known(model, &id).await?;
        let what = match table.info().strategy {
            Strategy::Shared(Merge::Fields) => known.set(row, vec![field.to_owned()]),
            _ => What::Put(row),
        };
        self.carry_out(table, id, known, what).await
    }

    /// Gives a change its instant, puts it in the log and does it.
    async fn carry_out(
        &mut self,
        table: &dyn Table,
        id: String,
        known: Known,
        what: What,
    ) -> Result<(), DbErr> {
        let info = table.info();
        if self.is_blocked(info.name) {
            return Err(DbErr::Custom(format!(
                "`{}` is not here: it is not wanted on this device",
                info.name
            )));
        }
        self.number_written().await?;
        let after = match &what {
            What::Put(payload) | What::Set { row: payload, .. } | What::Link(payload) => {
                self.after(info, payload).await?
            }
            What::Delete | What::Redacted => Vec::new(),
            What::Unlink(_) => match table.read(self.tx, std::slice::from_ref(&id)).await?.pop() {
                Some((_, payload)) => self.after(info, &payload).await?,
                None => return Ok(()),
            },
        };
        let (now_ms, device) = (self.now_ms, self.replica.device);
        let hlc = self.marks().next_hlc(info.name, device, now_ms, known.newest());
        let base = known.last.filter(|_| matches!(what, What::Put(_)));
        let change =
            SharedChange { model: info.name.to_owned(), id, dot: Dot(hlc, device), after, base, what };
        self.log(&change).await?;
        self.merge(change).await
    }

    /// Keeps a change for those who do not have it. With nobody to send it to, it is not kept: who comes later gets all rows.
    pub(super) async fn log(&mut self, change: &SharedChange) -> Result<(), DbErr> {
        let (hlc, (stream, device)) = (change.hlc(), change.stream());
        if self.kept.acks.is_empty() {
            let marks = self.marks();
            let mark = marks.get(&stream, device);
            marks.set(&stream, device, crate::sync::marks::Mark { pruned: hlc.number(), ..mark });
            return Ok(());
        }
        let text = self.replica.vault.write_change(change)?;
        let row = sync_change::Model { device, hlc: hlc.number(), model: change.model.clone(), change: text };
        sync_change::Entity::insert(row.into_active_model())
            .on_conflict_do_nothing()
            .exec_without_returning(self.tx)
            .await?;
        Ok(())
    }

    /// Takes out what shall not leave this device. What others have had of it is gone for them.
    async fn keep_here(&mut self) -> Result<(), DbErr> {
        for (model, mut rows) in std::mem::take(&mut self.written) {
            let table = self.table(model)?;
            if table.info().is_selective {
                let ids: Vec<String> = rows.keys().cloned().collect();
                let kept = table.kept_here(self.tx, &ids).await?;
                let known = look_up(self.tx, model, &kept).await?;
                let had = known.into_iter().filter(|row| row.state == State::Live);
                self.gone.entry(model).or_default().extend(had.map(|row| (row.record_id, row.parent)));
                rows.retain(|id, _| !kept.contains(id));
            }
            self.written.insert(model, rows);
        }
        Ok(())
    }

    /// Gives the rows that this device wrote, and those it removed, their versions.
    pub(super) async fn number_own(&mut self) -> Result<(), DbErr> {
        self.number_written().await?;
        self.number_gone().await
    }

    /// Comes also before a change that may refer to rows of the same transaction: it says where others find them.
    async fn number_written(&mut self) -> Result<(), DbErr> {
        if self.written.is_empty() {
            return Ok(());
        }
        let device = self.replica.device;
        self.keep_here().await?;
        for (model, mut rows) in std::mem::take(&mut self.written) {
            if let Some(gone) = self.gone.get(model) {
                rows.retain(|id, _| !gone.contains_key(id));
            }
            let mut entries = Vec::new();
            for (record_id, parent) in rows {
                let version = self.marks().next_version(model, device);
                self.numbered.entry(model).or_insert((version, version)).1 = version;
                entries.push(Entry { record_id, version, state: State::Live, parent });
            }
            write(self.tx, model, device, entries).await?;
        }
        Ok(())
    }

    async fn number_gone(&mut self) -> Result<(), DbErr> {
        let device = self.replica.device;
        for (model, rows) in std::mem::take(&mut self.gone) {
            let ids: Vec<String> = rows.keys().cloned().collect();
            let moved = moved(self.tx, model, &ids).await?;
            let above: BTreeSet<String> = rows.values().flatten().cloned().collect();
            let gone_before = gone_before(self.tx, model, &above.into_iter().collect::<Vec<_>>()).await?;
            let mut tombstones = Vec::new();
            let mut covered = Vec::new();
            for (record_id, parent) in &rows {
                let goes_along = parent
                    .as_ref()
                    .is_some_and(|parent| rows.contains_key(parent) || gone_before.contains(parent));
                if goes_along && !moved.contains(record_id) {
                    covered.push(record_id.clone());
                    continue;
                }
                let version = self.marks().next_version(model, device);
                let (record_id, parent) = (record_id.clone(), parent.clone());
                tombstones.push(Entry { record_id, version, state: State::Gone, parent });
            }
            forget(self.tx, model, &covered).await?;
            if !self.kept.acks.is_empty() {
                self.kept.buries(model, device);
                write(self.tx, model, device, tombstones).await?;
            } else if let Some(last) = tombstones.last() {
                // Nobody has any of it: who comes later does not get what is gone.
                let pruned = last.version;
                let ids: Vec<String> = tombstones.into_iter().map(|row| row.record_id).collect();
                forget(self.tx, model, &ids).await?;
                let marks = self.marks();
                let mark = marks.get(model, device);
                marks.set(model, device, crate::sync::marks::Mark { pruned, ..mark });
            }
        }
        Ok(())
    }
}

/// What is known about an owned row, beside its model and owner.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) record_id: String,
    pub(super) version: i64,
    pub(super) state: State,
    pub(super) parent: Option<String>,
}

impl From<sync_owned::Model> for Entry {
    fn from(row: sync_owned::Model) -> Self {
        let sync_owned::Model { record_id, version, state, parent, .. } = row;
        Self { record_id, version, state, parent }
    }
}

/// Brings what is known about owned rows up to date.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    model: &str,
    owner: Uuid,
    entries: Vec<Entry>,
) -> Result<(), DbErr> {
    let mut entries = entries.into_iter().peekable();
    while entries.peek().is_some() {
        let some: Vec<Entry> = entries.by_ref().take(WRITTEN).collect();
        // The text of a whole chunk is always the same, so that SQLite has read it already.
        let places = vec!["(?,?,?,?)"; some.len()].join(",");
        let sql = format!(
            "INSERT INTO sync_owned (model, owner, record_id, version, state, parent, moved) \
             SELECT ?, ?, column1, column2, column3, column4, 0 FROM (VALUES {places}) WHERE true \
             ON CONFLICT (model, record_id) DO UPDATE SET owner = excluded.owner, version = excluded.version, \
             state = excluded.state, moved = sync_owned.moved OR sync_owned.parent IS NOT excluded.parent, \
             parent = excluded.parent"
        );
        let of = [Value::from(model), owner.into()];
        let values = some.into_iter().flat_map(|entry| {
            let Entry { record_id, version, state, parent } = entry;
            [record_id.into(), version.into(), state.into(), parent.into()]
        });
        let values = of.into_iter().chain(values);
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

/// Forgets rows that go with what they are below.
pub(super) async fn forget(tx: &impl ConnectionTrait, model: &str, ids: &[String]) -> Result<(), DbErr> {
    for ids in ids.chunks(CHUNK) {
        sync_owned::Entity::delete_many()
            .filter(sync_owned::Column::Model.eq(model))
            .filter(sync_owned::Column::RecordId.is_in(ids))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// What is known about these owned rows.
pub(super) async fn look_up(
    tx: &impl ConnectionTrait,
    model: &str,
    ids: &[String],
) -> Result<Vec<sync_owned::Model>, DbErr> {
    if let [id] = ids {
        let key = (model.to_owned(), id.clone());
        return Ok(sync_owned::Entity::find_by_id(key).one(tx).await?.into_iter().collect());
    }
    // One value, however many they are.
    let ids = serde_json::to_string(ids).map_err(|error| DbErr::Json(error.to_string()))?;
    sync_owned::Entity::find()
        .filter(sync_owned::Column::Model.eq(model))
        .filter(Expr::cust_with_values("record_id IN (SELECT value FROM json_each(?))", [ids]))
        .all(tx)
        .await
}

/// Which of these were ever below something else.
async fn moved(tx: &impl ConnectionTrait, model: &str, ids: &[String]) -> Result<BTreeSet<String>, DbErr> {
    let rows = look_up(tx, model, ids).await?;
    Ok(rows.into_iter().filter(|row| row.moved).map(|row| row.record_id).collect())
}

/// Which of these have a tombstone.
async fn gone_before(
    tx: &impl ConnectionTrait,
    model: &str,
    ids: &[String],
) -> Result<BTreeSet<String>, DbErr> {
    let rows = look_up(tx, model, ids).await?;
    Ok(rows.into_iter().filter(|row| row.state != State::Live).map(|row| row.record_id).collect())
}
