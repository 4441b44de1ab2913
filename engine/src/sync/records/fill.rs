//! Taking in rows out of their turn.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::Records;
use super::merge::Known;
use super::receive::Receipt;
use crate::database::entity::sync_owned::{self, State};
use crate::database::entity::{sync_change, sync_shared, sync_waiting};
use crate::sync::change::{OwnedChange, SharedChange, What, is_shared, model_of, shared};
use crate::sync::hlc::Dot;
use crate::sync::marks::{Mark, Positions};
use crate::sync::message::{Found, Links};
use crate::sync::model::Strategy;
use crate::sync::rows::OwnedRow;

impl Records<'_> {
    /// Takes in rows that changes wait for. Those that have come before and are not here any more are gone, and stay so.
    pub(super) async fn found(
        &mut self,
        owned: Vec<Found>,
        shared: Vec<SharedChange>,
    ) -> Result<Receipt, DbErr> {
        let mut receipt = Receipt::default();
        for Found { model, owner, row } in owned {
            let table = self.replica.registry.table(&model);
            let Some(table) = table.filter(|table| table.info().strategy == Strategy::DeviceOwned) else {
                continue;
            };
            if self.is_unwanted(&model, owner) {
                continue;
            }
            let mark = self.marks().get(&model, owner);
            if row.row.is_some() && row.version > mark.position {
                let OwnedChange { id, version, row } = row;
                let values = match row.map(|row| self.values(table, &id, &row)).transpose() {
                    Ok(values) => values,
                    Err(refused) => {
                        receipt.refused.push(refused);
                        continue;
                    }
                };
                // What comes before it in its stream is still to come.
                self.marks().set(&model, owner, Mark { head: mark.head.max(version), ..mark });
                let row = OwnedRow { id: id.clone(), version, values };
                let (_, refused) = self.owned_rows(table, owner, vec![row], None).await?;
                // Its tombstone may have been forgotten, and who sent it may not have heard of that.
                if version <= self.marks().get(&model, owner).pruned {
                    self.doubt(&model, &id, version).await?;
                }
                receipt.refused.extend(refused);
            }
        }
        self.states(shared, &mut receipt).await?;
        self.release().await?;
        Ok(receipt)
    }

    /// Believes in a row only if it comes in its turn, too.
    async fn doubt(&self, model: &str, id: &str, version: i64) -> Result<(), DbErr> {
        use sync_owned::Column as C;
        sync_owned::Entity::update_many()
            .col_expr(C::State, Expr::value(State::Doubted))
            .filter(C::Model.eq(model))
            .filter(C::RecordId.eq(id))
            .filter(C::Version.eq(version))
            .filter(C::State.eq(State::Live))
            .exec(self.tx)
            .await?;
        Ok(())
    }

    /// Takes in shared rows as they are on another device, at these positions.
    pub(super) async fn fill(
        &mut self,
        changes: Vec<SharedChange>,
        links: Vec<Links>,
        positions: &Positions,
    ) -> Result<Receipt, DbErr> {
        let mut receipt = Receipt::default();
        for Links { model, id, live } in links {
            if self.replica.registry.table(&model).is_none() || self.is_left_out(&model) {
                continue;
            }
            // What the other device has heard of and does not have any more was undone.
            let stream = shared(&model);
            let is_undone = |dot: &Dot| {
                let theirs = positions.get(&(stream.clone(), dot.1)).copied().unwrap_or(0);
                !live.contains(dot) && theirs >= dot.0.number()
            };
            self.drop_undone(&model, &id, is_undone).await?;
            let known = self.known(&model, &id).await?;
            let undone: Vec<Dot> = known.dots.live.iter().copied().filter(is_undone).collect();
            if live.is_empty() && known.newest() == 0 {
                // Never here, but whoever fetches all rows from here must hear that it was undone.
                self.remember(&model, &id, known).await?;
            } else if !undone.is_empty() {
                self.unlink(&model, &id, undone, known).await?;
            }
        }
        self.states(changes, &mut receipt).await?;
        Ok(receipt)
    }

    /// All shared rows are now as at these positions: from here on, the log says what changes.
    pub(super) async fn adopt(&mut self, positions: &Positions) -> Result<(), DbErr> {
        for ((stream, device), position) in positions.iter().filter(|((stream, _), _)| is_shared(stream)) {
            let marks = self.marks();
            let mark = marks.get(stream, *device);
            if *position > mark.position {
                let (position, pruned) = (*position, *position);
                marks.set(stream, *device, Mark { position, pruned, ..mark });
                // With a gap it is of no use to anybody.
                sync_change::Entity::delete_many()
                    .filter(sync_change::Column::Device.eq(*device))
                    .filter(sync_change::Column::Model.eq(model_of(stream)))
                    .filter(sync_change::Column::Hlc.lte(pruned))
                    .exec(self.tx)
                    .await?;
            }
        }
        self.forget_makings_that_passed().await
    }

    /// Drops what waits for a making of a link that was undone before it came, where the making does not come any more.
    async fn forget_makings_that_passed(&mut self) -> Result<(), DbErr> {
        let awaited = sync_shared::Column::Dots.contains(r#""dead":[["#);
        for row in sync_shared::Entity::find().filter(awaited).all(self.tx).await? {
            let (model, id) = (row.model.clone(), row.record_id.clone());
            let (mut known, stream) = (Known::read(row)?, shared(&model));
            let awaited = known.dots.dead.len();
            for dot in std::mem::take(&mut known.dots.dead) {
                let key = (dot.1, dot.0.number());
                let is_past = self.marks().position(&stream, dot.1) >= dot.0.number();
                if !is_past || sync_waiting::Entity::find_by_id(key).one(self.tx).await?.is_some() {
                    known.dots.dead.insert(dot);
                }
            }
            if known.dots.dead.len() < awaited {
                self.remember(&model, &id, known).await?;
            }
        }
        Ok(())
    }

    async fn states(&mut self, changes: Vec<SharedChange>, receipt: &mut Receipt) -> Result<(), DbErr> {
        let mut refused = BTreeSet::new();
        for change in changes {
            if self.is_left_out(&change.model) {
                continue;
            }
            if let Err(why) = self.check_shared(&change, &change.model, change.dot.1) {
                // Each once: there may be a thousand with the same wrong clock.
                if refused.insert(why.to_string()) {
                    receipt.refused.push(why);
                }
                continue;
            }
            let (stream, device) = change.stream();
            let has_come = self.marks().position(&stream, device) >= change.hlc().number();
            // A making that has come and is not live was undone. One that is to come stays undone until the log has brought it.
            let is_undone = matches!(change.what, What::Link(_))
                && (has_come || self.known(&change.model, &change.id).await?.dots.dead.contains(&change.dot));
            if !is_undone {
                self.take(change).await?;
            }
        }
        Ok(())
    }
}
