//! Whether what a change needs is here, is still to come, or is gone.

use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};

use super::merge::known;
use super::own::look_up;
use super::{Records, table};
use crate::database::entity::sync_owned::State;
use crate::database::entity::sync_waiting;
use crate::sync::change::{After, SharedChange, shared};
use crate::sync::hlc::Dot;
use crate::sync::model::{ModelInfo, Payload, Strategy};
use crate::sync::registry::Registry;
use crate::sync::replica::Replica;

/// How it stands with what a change needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Need {
    /// It is all here.
    Met,
    /// Some of it was deleted, so the change has nothing to say any more.
    Gone,
    /// This has not come yet.
    Missing(After),
}

/// What a row needs, and where others will find it.
pub(crate) async fn placed_after(
    tx: &DatabaseTransaction,
    replica: &Replica,
    info: &ModelInfo,
    payload: &Payload,
) -> Result<Vec<After>, DbErr> {
    let mut after = Vec::new();
    for (model, id) in Registry::needs(info, payload) {
        let place = match table(replica, model)?.info().strategy {
            Strategy::DeviceOwned => {
                look_up(tx, model, std::slice::from_ref(&id)).await?.pop().map(|row| (row.owner, row.version))
            }
            Strategy::Shared(_) => {
                let known = known(tx, model, &id).await?;
                let last = known.last.or(known.dots.live.first().copied());
                last.map(|Dot(hlc, device)| (device, hlc.number()))
            }
        };
        let Some((device, position)) = place else {
            return Err(DbErr::RecordNotFound(format!("there is no {model} `{id}`")));
        };
        after.push(After { model: model.to_owned(), id, device, position });
    }
    Ok(after)
}

impl Records<'_> {
    /// What a row of this device's own making needs, and where others will find it.
    pub(crate) async fn after(&mut self, info: &ModelInfo, payload: &Payload) -> Result<Vec<After>, DbErr> {
        placed_after(self.tx, self.replica, info, payload).await
    }

    /// The stream in which rows of this model come.
    pub(super) fn stream_of(&self, model: &str) -> Result<String, DbErr> {
        Ok(match self.table(model)?.info().strategy {
            Strategy::DeviceOwned => model.to_owned(),
            Strategy::Shared(_) => shared(model),
        })
    }

    /// How it stands with what a change needs.
    pub(super) async fn need(&mut self, change: &SharedChange) -> Result<Need, DbErr> {
        let mut missing = None;
        for after in &change.after {
            let table = self.table(&after.model)?;
            let id = std::slice::from_ref(&after.id);
            if !table.read(self.tx, id).await?.is_empty() {
                continue;
            }
            let is_deleted = match table.info().strategy {
                Strategy::DeviceOwned => {
                    look_up(self.tx, &after.model, id).await?.iter().any(|row| row.state != State::Live)
                }
                Strategy::Shared(_) => self.known(&after.model, &after.id).await?.deleted,
            };
            // A row that its owner has written again is in its stream at a later place: up to the head it may still come.
            let stream = self.stream_of(&after.model)?;
            let mark = self.marks().get(&stream, after.device);
            let has_come = mark.position >= after.position.max(mark.head);
            if is_deleted || has_come && !self.is_waiting(&after.model, &after.id).await? {
                return Ok(Need::Gone);
            }
            missing.get_or_insert_with(|| after.clone());
        }
        Ok(missing.map_or(Need::Met, Need::Missing))
    }

    /// Whether a change to this row waits for something itself.
    async fn is_waiting(&mut self, model: &str, id: &str) -> Result<bool, DbErr> {
        if !self.waits().await? {
            return Ok(false);
        }
        let waiting = sync_waiting::Entity::find()
            .filter(sync_waiting::Column::Model.eq(model))
            .filter(sync_waiting::Column::RecordId.eq(id))
            .one(self.tx)
            .await?;
        Ok(waiting.is_some())
    }
}
