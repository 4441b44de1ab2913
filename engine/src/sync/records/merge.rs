//! What a change does to a shared row, whoever made it and in whatever order changes come.

use std::collections::BTreeSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{DbErr, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Records;
use crate::database::entity::{sync_shared, sync_waiting};
use crate::sync::change::{SHARED, SharedChange, What};
use crate::sync::hlc::{Dot, Hlc};
use crate::sync::model::Payload;

/// What is known about a shared row.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The last write, if there was any.
    pub(super) last: Option<Dot>,
    pub(super) deleted: bool,
    pub(super) dots: Dots,
}

/// Who made a link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dots {
    /// Makings that nobody has undone. The link is there as long as there are any.
    pub(crate) live: BTreeSet<Dot>,
    /// Makings that were undone before they came here.
    pub(crate) dead: BTreeSet<Dot>,
}

impl Known {
    /// The newest instant in it.
    pub(super) fn newest(&self) -> i64 {
        let dots = self.last.iter().chain(&self.dots.live).chain(&self.dots.dead);
        dots.map(|dot| dot.0.number()).max().unwrap_or(0)
    }
}

impl Records<'_> {
    /// Carries out a change whose needs are met. Doing it twice is the same as once.
    pub(super) async fn merge(&mut self, change: SharedChange) -> Result<(), DbErr> {
        let SharedChange { model, id, dot, what, after: _ } = change;
        let known = self.known(&model, &id).await?;
        match what {
            What::Put(row) => {
                if known.deleted || known.last.is_some_and(|last| self.is_newer(last, dot)) {
                    return Ok(());
                }
                self.put(&model, &id, row).await?;
                self.remember(&model, &id, Known { last: Some(dot), ..known }).await
            }
            What::Delete => {
                self.remove(&model, std::slice::from_ref(&id)).await?;
                let last = known.last.max(Some(dot));
                self.remember(&model, &id, Known { last, deleted: true, dots: Dots::default() }).await
            }
            What::Link(row) => self.link(&model, &id, dot, row, known).await,
            What::Unlink(undone) => self.unlink(&model, &id, undone, known).await,
        }
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
        known.dots.live.insert(dot);
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
            if !known.dots.live.remove(&dot) && !self.is_done(dot).await? {
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
    async fn is_done(&mut self, dot: Dot) -> Result<bool, DbErr> {
        let Dot(hlc, device) = dot;
        if self.marks().await?.position(SHARED, device) < hlc.number() {
            return Ok(false);
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
        let key = (model.to_owned(), id.to_owned());
        let Some(row) = sync_shared::Entity::find_by_id(key).one(self.tx).await? else {
            return Ok(Known::default());
        };
        let dots = match &row.dots {
            Some(text) => serde_json::from_str(text).map_err(json)?,
            None => Dots::default(),
        };
        let last = (row.hlc > 0).then(|| Dot(Hlc::from_number(row.hlc), row.device));
        Ok(Known { last, deleted: row.deleted, dots })
    }

    pub(super) async fn remember(&mut self, model: &str, id: &str, known: Known) -> Result<(), DbErr> {
        use sync_shared::Column as C;
        let is_link = !known.dots.live.is_empty() || !known.dots.dead.is_empty();
        let dots = (is_link || known.last.is_none()).then(|| serde_json::to_string(&known.dots));
        let Dot(hlc, device) =
            known.last.or(known.dots.live.first().copied()).unwrap_or(Dot(Hlc::default(), Uuid::nil()));
        let row = sync_shared::Model {
            model: model.to_owned(),
            record_id: id.to_owned(),
            device,
            hlc: if known.last.is_some() { hlc.number() } else { 0 },
            deleted: known.deleted,
            dots: dots.transpose().map_err(json)?,
        };
        sync_shared::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([C::Model, C::RecordId])
                    .update_columns([C::Device, C::Hlc, C::Deleted, C::Dots])
                    .to_owned(),
            )
            .exec_without_returning(self.tx)
            .await?;
        Ok(())
    }
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}
