//! What a change does to a shared row, whoever made it and in whatever order changes come.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Records;
use crate::database::entity::{sync_shared, sync_waiting};
use crate::sync::change::{Bases, SharedChange, What, shared};
use crate::sync::hlc::{Dot, Hlc};
use crate::sync::model::Payload;

/// What is known about a shared row.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The last write, if there was any.
    pub(super) last: Option<Dot>,
    pub(super) deleted: bool,
    pub(super) dots: Dots,
    /// The last write of each field that is merged for itself; of the row as a whole under [`WHOLE`].
    pub(super) fields: Fields,
}

/// Fields, and the last write of each.
pub(crate) type Fields = BTreeMap<String, Written>;

/// The row as a whole, among its fields.
pub(super) const WHOLE: &str = "";

/// A write, and the one that it was on top of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written(pub(crate) Dot, pub(crate) Option<Dot>);

/// Who made a link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dots {
    /// Makings that nobody has undone. The link is there as long as there are any.
    pub(crate) live: BTreeSet<Dot>,
    /// Makings that were undone and that the log has not brought here yet.
    pub(crate) dead: BTreeSet<Dot>,
}

impl Known {
    /// As it is in its table.
    pub(super) fn read(row: sync_shared::Model) -> Result<Self, DbErr> {
        let dots = match &row.dots {
            Some(text) => serde_json::from_str(text).map_err(json)?,
            None => Dots::default(),
        };
        let last = (row.hlc > 0).then(|| Dot(Hlc::from_number(row.hlc), row.device));
        let fields = match &row.fields {
            Some(text) => serde_json::from_str(text).map_err(json)?,
            None => Fields::default(),
        };
        Ok(Self { last, deleted: row.deleted, dots, fields })
    }

    /// A write of these fields, on top of what is known of each.
    pub(super) fn set(&self, row: Payload, fields: Vec<String>) -> What {
        let base = |field: String| (self.fields.get(&field).map(|written| written.0), field);
        let fields = fields.into_iter().map(base).map(|(base, field)| (field, base)).collect();
        What::Set { row, fields }
    }

    /// The newest instant in it.
    pub(super) fn newest(&self) -> i64 {
        let dots = self.last.iter().chain(&self.dots.live).chain(&self.dots.dead);
        dots.map(|dot| dot.0.number()).max().unwrap_or(0)
    }
}

impl Records<'_> {
    /// Carries out a change whose needs are met. Doing it twice is the same as once.
    pub(super) async fn merge(&mut self, change: SharedChange) -> Result<(), DbErr> {
        let SharedChange { model, id, dot, base, what, after: _ } = change;
        let known = self.known(&model, &id).await?;
        match what {
            What::Put(_) | What::Set { .. } if known.deleted => Ok(()),
            What::Redacted => Ok(()),
            What::Put(row) => match self.table(&model)?.info().merge_with {
                Some(merge_with) => self.unite(&model, &id, dot, row, known, merge_with).await,
                None => self.replace(&model, &id, Written(dot, base), row, known).await,
            },
            What::Set { row, fields } => self.set(&model, &id, dot, row, fields, known).await,
            What::Delete => {
                self.remove(&model, std::slice::from_ref(&id)).await?;
                self.redact(&model, std::slice::from_ref(&id)).await?;
                let last = known.last.max(Some(dot));
                self.remember(&model, &id, Known { last, deleted: true, ..Known::default() }).await
            }
            What::Link(row) => self.link(&model, &id, dot, row, known).await,
            What::Unlink(undone) => self.unlink(&model, &id, undone, known).await,
        }
    }

    /// The last write of the row as a whole wins.
    async fn replace(
        &mut self,
        model: &str,
        id: &str,
        coming: Written,
        row: Payload,
        mut known: Known,
    ) -> Result<(), DbErr> {
        let Some(last) = known.last else {
            self.put(model, id, row).await?;
            known.last = Some(coming.0);
            known.fields.insert(WHOLE.to_owned(), coming);
            return self.remember(model, id, known).await;
        };
        let base = known.fields.get(WHOLE).and_then(|written| written.1);
        let wins = !self.is_newer(last, coming.0);
        if last != coming.0 {
            let here = self.table(model)?.read(self.tx, &[id.to_owned()]).await?.pop();
            let here = serde_json::Value::Object(here.map(|(_, row)| row).unwrap_or_default());
            let values = (here, serde_json::Value::Object(row.clone()));
            self.compare(model, id, WHOLE, Written(last, base), coming, values).await?;
        }
        if !wins {
            return Ok(());
        }
        self.put(model, id, row).await?;
        known.last = Some(coming.0);
        known.fields.insert(WHOLE.to_owned(), coming);
        self.remember(model, id, known).await
    }

    /// The last write of each field wins.
    async fn set(
        &mut self,
        model: &str,
        id: &str,
        dot: Dot,
        row: Payload,
        fields: Bases,
        mut known: Known,
    ) -> Result<(), DbErr> {
        let here = self.table(model)?.read(self.tx, &[id.to_owned()]).await?.pop();
        let is_new = here.is_none();
        #[cfg(test)]
        let here = here.filter(|_| self.replica.planted != Some(crate::sync::simulation::Bug::ForgetFields));
        let mut merged = here.map_or_else(|| row.clone(), |(_, here)| here);
        for (field, base) in fields {
            let coming = Written(dot, base);
            let Some(value) = row.get(&field) else { continue };
            if let Some(last) = known.fields.get(&field).copied() {
                if last.0 == dot {
                    continue;
                }
                let here = merged.get(&field).cloned().unwrap_or_default();
                self.compare(model, id, &field, last, coming, (here, value.clone())).await?;
                if self.is_newer(last.0, dot) {
                    continue;
                }
            }
            merged.insert(field.clone(), value.clone());
            known.fields.insert(field, coming);
        }
        if known.fields.values().any(|written| written.0 == dot) || is_new {
            self.put(model, id, merged).await?;
        }
        known.last = known.last.max(Some(dot));
        self.remember(model, id, known).await
    }

    /// The model makes one row of two.
    async fn unite(
        &mut self,
        model: &str,
        id: &str,
        dot: Dot,
        row: Payload,
        known: Known,
        merge_with: fn(&Payload, &Payload) -> Payload,
    ) -> Result<(), DbErr> {
        let here = self.table(model)?.read(self.tx, &[id.to_owned()]).await?.pop();
        let merged = match &here {
            Some((_, here)) if known.last >= Some(dot) => merge_with(&row, here),
            Some((_, here)) => merge_with(here, &row),
            None => row,
        };
        if here.is_none_or(|(_, here)| here != merged) {
            self.put(model, id, merged).await?;
        }
        self.remember(model, id, Known { last: known.last.max(Some(dot)), ..known }).await
    }

    /// Whether a write that is here wins over one that comes, or is the same.
    fn is_newer(&self, here: Dot, coming: Dot) -> bool {
        #[cfg(test)]
        if self.replica.planted == Some(crate::sync::simulation::Bug::IgnoreTies) {
            return here.0 >= coming.0;
        }
        here >= coming
    }

    async fn link(
        &mut self,
        model: &str,
        id: &str,
        dot: Dot,
        row: Payload,
        mut known: Known,
    ) -> Result<(), DbErr> {
        if known.dots.dead.remove(&dot) {
            return self.remember(model, id, known).await;
        }
        let before = known.dots.live.first().copied();
        if known.dots.live.insert(dot) {
            self.made.insert((shared(model), dot));
        }
        self.show_link(model, id, row, before, &known).await?;
        self.remember(model, id, known).await
    }

    pub(super) async fn unlink(
        &mut self,
        model: &str,
        id: &str,
        undone: Vec<Dot>,
        mut known: Known,
    ) -> Result<(), DbErr> {
        let before = known.dots.live.first().copied();
        for dot in undone {
            known.dots.live.remove(&dot);
            // One that came with all rows may come once more, by the log.
            if !self.is_done(model, dot).await? {
                known.dots.dead.insert(dot);
            }
        }
        if known.dots.live.is_empty() {
            self.remove(model, &[id.to_owned()]).await?;
        } else if let Some((_, row)) = self.table(model)?.read(self.tx, &[id.to_owned()]).await?.pop() {
            self.show_link(model, id, row, before, &known).await?;
        }
        self.remember(model, id, known).await
    }

    /// Whether a change has come and is carried out, so that it will not come again.
    async fn is_done(&mut self, model: &str, dot: Dot) -> Result<bool, DbErr> {
        let Dot(hlc, device) = dot;
        if self.marks().position(&shared(model), device) < hlc.number() {
            return Ok(false);
        }
        if !self.waits().await? {
            return Ok(true);
        }
        let waiting = sync_waiting::Entity::find_by_id((device, hlc.number())).one(self.tx).await?;
        Ok(waiting.is_none())
    }

    /// Writes the row of a link if it is new, or its first making is another.
    async fn show_link(
        &mut self,
        model: &str,
        id: &str,
        mut row: Payload,
        before: Option<Dot>,
        known: &Known,
    ) -> Result<(), DbErr> {
        let Some(first) =
            known.dots.live.first().filter(|first| before.is_none_or(|before| before.0 != first.0))
        else {
            return Ok(());
        };
        if let Some(added) = self.table(model)?.info().added {
            row.insert(added.to_owned(), first.0.number().into());
        }
        self.put(model, id, row).await
    }

    async fn put(&mut self, model: &str, id: &str, row: Payload) -> Result<(), DbErr> {
        let table = self.table(model)?;
        self.shown.write(table, &row);
        table.write(self.tx, &[row]).await?;
        self.arrived.insert((table.info().name, id.to_owned()));
        Ok(())
    }

    pub(super) async fn known(&mut self, model: &str, id: &str) -> Result<Known, DbErr> {
        known(self.tx, model, id).await
    }

    pub(super) async fn remember(&mut self, model: &str, id: &str, known: Known) -> Result<(), DbErr> {
        use sync_shared::Column as C;
        let is_link = !known.dots.live.is_empty() || !known.dots.dead.is_empty();
        let dots = (is_link || known.last.is_none()).then(|| serde_json::to_string(&known.dots));
        // What the last writer of a row as a whole knew is of interest only if it knew anything.
        let tells = known.fields.iter().any(|(field, written)| field != WHOLE || written.1.is_some());
        let fields = tells.then(|| serde_json::to_string(&known.fields));
        let Dot(hlc, device) =
            known.last.or(known.dots.live.first().copied()).unwrap_or(Dot(Hlc::default(), Uuid::nil()));
        let row = sync_shared::Model {
            model: model.to_owned(),
            record_id: id.to_owned(),
            device,
            hlc: if known.last.is_some() { hlc.number() } else { 0 },
            deleted: known.deleted,
            dots: dots.transpose().map_err(json)?,
            fields: fields.transpose().map_err(json)?,
        };
        sync_shared::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([C::Model, C::RecordId])
                    .update_columns([C::Device, C::Hlc, C::Deleted, C::Dots, C::Fields])
                    .to_owned(),
            )
            .exec_without_returning(self.tx)
            .await?;
        Ok(())
    }
}

/// What is known about a shared row.
pub(super) async fn known(tx: &DatabaseTransaction, model: &str, id: &str) -> Result<Known, DbErr> {
    let key = (model.to_owned(), id.to_owned());
    match sync_shared::Entity::find_by_id(key).one(tx).await? {
        Some(row) => Known::read(row),
        None => Ok(Known::default()),
    }
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}
