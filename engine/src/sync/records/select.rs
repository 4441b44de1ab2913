//! Doing without the files of a device or without some shared models, and getting them again.
//!
//! What was said about such files, tags for instance, is kept among what waits: it goes on to other devices, and is carried out when the
//! files are wanted again.

use std::sync::Arc;

use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::Records;
use super::own::forget;
use crate::database::entity::{sync_owned, sync_shared, sync_unwanted, sync_waiting};
use crate::resource::DEVICE;
use crate::sync::backfill::state;
use crate::sync::change::After;
use crate::sync::marks::Mark;
use crate::sync::model::{Merge, Strategy};
use crate::sync::select::{SELECTED, Unwanted};

impl Records<'_> {
    /// Says whether the files of a device are wanted here. Either way it begins with none of them: those that are here are taken away
    /// one after the other, see [`evict`](Self::evict), or come again.
    pub(crate) async fn select(&mut self, device: Uuid, wanted: bool) -> Result<(), DbErr> {
        if wanted {
            sync_unwanted::Entity::delete_by_id(device).exec(self.tx).await?;
        } else {
            let row = sync_unwanted::Model { device }.into_active_model();
            sync_unwanted::Entity::insert(row)
                .on_conflict_do_nothing()
                .exec_without_returning(self.tx)
                .await?;
        }
        self.marks().set(SELECTED, device, Mark { position: 0, head: 0, pruned: 0 });
        self.begun_anew = true;
        let unwanted = Unwanted::load(self.tx, &self.replica.registry).await?;
        self.kept.unwanted = Arc::new(unwanted);
        self.shown.touched.entry(DEVICE).or_default().insert(device.to_string());
        Ok(())
    }

    /// Takes away some files of a device that are not wanted here. Returns how many; for others they stay. With none left, there are none.
    pub(crate) async fn evict(&mut self, device: Uuid, limit: u64) -> Result<u64, DbErr> {
        use sync_owned::Column as C;
        if !self.is_unwanted(SELECTED, device) {
            return Ok(0);
        }
        let entries = sync_owned::Entity::find()
            .filter(C::Model.eq(SELECTED))
            .filter(C::Owner.eq(device))
            .order_by_desc(C::Version)
            .limit(limit)
            .all(self.tx)
            .await?;
        for entry in &entries {
            self.leave_out_what_depends_on(entry).await?;
        }
        let table = self.table(SELECTED)?;
        let ids: Vec<String> = entries.iter().map(|entry| entry.record_id.clone()).collect();
        for (_, payload) in table.read(self.tx, &ids).await? {
            self.shown.remove(table, &payload);
        }
        table.delete(self.tx, &ids).await?;
        forget(self.tx, SELECTED, &ids).await?;
        Ok(entries.len() as u64)
    }

    /// What is said about a file is as if it had come before the file.
    async fn leave_out_what_depends_on(&mut self, file: &sync_owned::Model) -> Result<(), DbErr> {
        let (replica, id) = (self.replica, std::slice::from_ref(&file.record_id));
        for (table, field) in replica.registry.dependents(SELECTED) {
            let Strategy::Shared(merge) = table.info().strategy else { continue };
            let rows = table.leading_to(self.tx, field, id).await?;
            if rows.is_empty() {
                continue;
            }
            let is_left_out = self.is_left_out(table.info().name);
            let ids: Vec<String> = rows.iter().map(|(id, _)| id.clone()).collect();
            for (id, payload) in &rows {
                let key = (table.info().name.to_owned(), id.clone());
                if let Some(known) = sync_shared::Entity::find_by_id(key.clone()).one(self.tx).await? {
                    let (changes, _) = state(self.tx, replica, table, known).await?;
                    for change in changes.into_iter().filter(|_| !is_left_out) {
                        let missing = After {
                            model: SELECTED.to_owned(),
                            id: file.record_id.clone(),
                            device: file.owner,
                            position: file.version,
                        };
                        self.wait(change, missing).await?;
                    }
                    sync_shared::Entity::delete_by_id(key).exec(self.tx).await?;
                }
                self.shown.remove(table, payload);
            }
            if merge != Merge::Union {
                self.forget_conflicts(table.info().name, &ids).await?;
            }
            table.delete(self.tx, &ids).await?;
        }
        Ok(())
    }

    /// Whether rows of this model and owner are not wanted here.
    pub(super) fn is_unwanted(&self, model: &str, owner: Uuid) -> bool {
        model == SELECTED && self.kept.unwanted.devices.contains(&owner)
    }

    /// What waits for something that is to come, rather than for something that is not wanted.
    pub(super) fn is_to_come(&self) -> Condition {
        use sync_waiting::Column as C;
        let unwanted = &self.kept.unwanted.devices;
        if unwanted.is_empty() {
            return Condition::all();
        }
        let wanted = C::ForDevice.is_not_in(unwanted.iter().copied());
        Condition::any().add(C::ForStream.ne(SELECTED)).add(wanted)
    }

    /// How many changes wait for something that is to come.
    pub(super) async fn waiting(&mut self) -> Result<u64, DbErr> {
        if !self.waits().await? {
            return Ok(0);
        }
        let to_come = self.is_to_come();
        sync_waiting::Entity::find().filter(to_come).count(self.tx).await
    }
}
