//! Changes that came before what they refer to: kept in the database until it comes, or is known to be gone.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use super::Records;
use super::need::Need;
use crate::database::entity::sync_waiting;
use crate::sync::change::{After, SharedChange, What, shared};
use crate::sync::hlc::Dot;

/// How many changes may wait. Beyond, a stream stops where it is, and its sender sends again later.
pub(crate) const MAX_WAITING: u64 = 10_000;

impl Records<'_> {
    /// Carries out a change, or keeps it until it can be.
    pub(super) async fn take(&mut self, change: SharedChange) -> Result<(), DbErr> {
        match self.need(&change).await? {
            Need::Met => self.merge(change).await,
            Need::Gone => Ok(()),
            Need::Missing(missing) => {
                #[cfg(test)]
                if self.replica.planted == Some(crate::sync::simulation::Bug::DropWaiting) {
                    return Ok(());
                }
                self.wait(change, missing).await
            }
        }
    }

    /// Whether there is room for more to wait.
    pub(super) async fn is_full(&mut self) -> Result<bool, DbErr> {
        Ok(self.waiting().await? >= MAX_WAITING)
    }

    /// Looks again at what waits for something that has come, or whose stream has. One that is carried out may be what others wait for.
    pub(super) async fn release(&mut self) -> Result<(), DbErr> {
        let mut streams = match &self.marks {
            Some(marks) => marks.moved().clone(),
            None => return Ok(()),
        };
        loop {
            let arrived = std::mem::take(&mut self.arrived);
            let mut candidates = BTreeMap::new();
            if arrived.is_empty() && streams.is_empty() {
                return Ok(());
            }
            if !self.waits().await? {
                return Ok(());
            }
            for (stream, device) in std::mem::take(&mut streams) {
                let position = self.marks().position(&stream, device);
                let reached = Condition::all()
                    .add(sync_waiting::Column::ForStream.eq(stream))
                    .add(sync_waiting::Column::ForDevice.eq(device))
                    .add(sync_waiting::Column::ForPosition.lte(position));
                self.candidates(reached, &mut candidates).await?;
            }
            for (model, id) in &arrived {
                let for_it = Expr::col(sync_waiting::Column::ForModel).eq(*model);
                let for_it = for_it.and(Expr::col(sync_waiting::Column::ForId).eq(id.as_str()));
                self.candidates(Condition::all().add(for_it), &mut candidates).await?;
            }
            for row in candidates.into_values() {
                self.look_again(row).await?;
            }
        }
    }

    async fn candidates(
        &self,
        which: Condition,
        found: &mut BTreeMap<(i64, uuid::Uuid), sync_waiting::Model>,
    ) -> Result<(), DbErr> {
        for row in sync_waiting::Entity::find().filter(which).all(self.tx).await? {
            found.insert((row.hlc, row.device), row);
        }
        Ok(())
    }

    async fn look_again(&mut self, row: sync_waiting::Model) -> Result<(), DbErr> {
        let change = self.replica.vault.read_change(&row.change)?;
        match self.need(&change).await? {
            Need::Missing(missing) => self.wait(change, missing).await,
            settled => {
                self.stop_waiting(&row).await?;
                // Whatever waits for this row is looked at again, even if this one comes to nothing.
                let name = self.table(&row.model)?.info().name;
                self.arrived.insert((name, row.record_id));
                if settled == Need::Met { self.merge(change).await } else { Ok(()) }
            }
        }
    }

    /// Drops makings of a link that wait here, and of which another device knows that they were undone.
    pub(super) async fn drop_undone(
        &mut self,
        model: &str,
        id: &str,
        is_undone: impl Fn(&Dot) -> bool + Send,
    ) -> Result<(), DbErr> {
        if !self.waits().await? {
            return Ok(());
        }
        use sync_waiting::Column as C;
        let waiting = sync_waiting::Entity::find().filter(C::Model.eq(model)).filter(C::RecordId.eq(id));
        for row in waiting.all(self.tx).await? {
            let change = self.replica.vault.read_change(&row.change)?;
            if matches!(change.what, What::Link(_)) && is_undone(&change.dot) {
                self.stop_waiting(&row).await?;
            }
        }
        Ok(())
    }

    /// Whether any change waits. What comes to be here before one does is not what it waits for.
    pub(super) async fn waits(&mut self) -> Result<bool, DbErr> {
        if self.kept.waits {
            self.kept.waits = sync_waiting::Entity::find().one(self.tx).await?.is_some();
        }
        Ok(self.kept.waits)
    }

    pub(super) async fn wait(&mut self, change: SharedChange, missing: After) -> Result<(), DbErr> {
        self.kept.waits = true;
        if matches!(change.what, What::Link(_)) {
            self.made.insert((shared(&change.model), change.dot));
        }
        let text = self.replica.vault.write_change(&change)?;
        let row = sync_waiting::Model {
            device: change.dot.1,
            hlc: change.hlc().number(),
            model: change.model,
            record_id: change.id,
            for_stream: self.stream_of(&missing.model)?,
            for_model: missing.model,
            for_id: missing.id,
            for_device: missing.device,
            for_position: missing.position,
            change: text,
        };
        use sync_waiting::Column as C;
        sync_waiting::Entity::insert(row.into_active_model())
            .on_conflict(
                sea_orm::sea_query::OnConflict::columns([C::Device, C::Hlc])
                    .update_columns([C::ForModel, C::ForId, C::ForStream, C::ForDevice, C::ForPosition])
                    .to_owned(),
            )
            .exec_without_returning(self.tx)
            .await?;
        Ok(())
    }
}
