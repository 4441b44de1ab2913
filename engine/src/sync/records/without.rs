//! Doing without shared models, and getting them again: all is forgotten at once, what was here is taken away one after the other, and if
//! they are wanted again, everything is fetched as if it had never been here.

use std::collections::BTreeSet;
use std::sync::Arc;

use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::Records;
use crate::database::entity::{
    content_tag, content_tag_later, sync_change, sync_shared, sync_unwanted_model, sync_waiting,
};
use crate::resource::DEVICE;
use crate::sync::change::{is_shared, model_of, shared};
use crate::sync::fetch::{self, Page};
use crate::sync::marks::{Mark, Positions, at};
use crate::sync::model::Syncable;
use crate::sync::select::{ANYBODY, Unwanted};

impl Records<'_> {
    /// Says whether a shared model is wanted here, with all that depends on it. It can be let go of only where another device, which has
    /// these positions, has all of it; otherwise it is refused.
    pub(crate) async fn select_model(
        &mut self,
        model: &str,
        wanted: bool,
        kept: &Positions,
    ) -> Result<(), DbErr> {
        let before = self.kept.unwanted.models.clone();
        if wanted {
            sync_unwanted_model::Entity::delete_by_id(model).exec(self.tx).await?;
        } else {
            let row = sync_unwanted_model::Model { model: model.to_owned() }.into_active_model();
            sync_unwanted_model::Entity::insert(row)
                .on_conflict_do_nothing()
                .exec_without_returning(self.tx)
                .await?;
        }
        let now = Unwanted::load(self.tx, &self.replica.registry).await?;
        for model in now.models.difference(&before) {
            self.let_go(model, kept).await?;
        }
        for model in now.models.symmetric_difference(&before) {
            fetch::leave_out(self.tx, model).await?;
        }
        self.kept.unwanted = Arc::new(now);
        self.begun_anew = true;
        let own = self.replica.device.to_string();
        self.shown.touched.entry(DEVICE).or_default().insert(own);
        Ok(())
    }

    /// Forgets how far a model has come. What its rows are is with the device that has these positions.
    async fn let_go(&mut self, model: &'static str, kept: &Positions) -> Result<(), DbErr> {
        let (stream, own) = (shared(model), self.replica.device);
        let streams: Vec<_> = self.marks().streams(&stream).collect();
        let is_kept =
            streams.iter().all(|(device, mark)| at(kept, &(stream.clone(), *device)) >= mark.position);
        let later = content_tag_later::Entity::find();
        let is_due = model == content_tag::Model::INFO.name && later.count(self.tx).await? > 0;
        if !is_kept || is_due {
            return Err(DbErr::Custom(format!(
                "no other device has all of `{model}` yet: try it again later"
            )));
        }
        let marks = self.marks();
        let newest = streams.iter().map(|(_, mark)| mark.position.max(mark.head)).max().unwrap_or(0);
        let own_end = marks.position(&stream, own).max(marks.get(&stream, ANYBODY).pruned);
        for (device, _) in streams {
            marks.set(&stream, device, Mark { position: 0, head: 0, pruned: 0 });
        }
        // The clock does not go back, and the changes of its own are known to have been.
        marks.set(&stream, ANYBODY, Mark { position: 0, head: newest, pruned: own_end });
        sync_change::Entity::delete_many().filter(sync_change::Column::Model.eq(model)).exec(self.tx).await?;
        sync_waiting::Entity::delete_many()
            .filter(sync_waiting::Column::Model.eq(model))
            .exec(self.tx)
            .await?;
        Ok(())
    }

    /// Takes away some rows of shared models that are not wanted here. Returns how many; on others they stay. With none left, there are none.
    pub(crate) async fn evict_models(&mut self, limit: u64) -> Result<u64, DbErr> {
        use sync_shared::Column as C;
        let unwanted = self.kept.unwanted.models.clone();
        let replica = self.replica;
        let mut gone = 0;
        // What depends on others goes first.
        let tables: Vec<_> = replica.registry.tables().collect();
        for table in tables.into_iter().rev().filter(|table| unwanted.contains(table.info().name)) {
            let model = table.info().name;
            let entries = sync_shared::Entity::find()
                .select_only()
                .column(C::RecordId)
                .filter(C::Model.eq(model))
                .order_by_asc(C::RecordId)
                .limit(limit - gone);
            let ids: Vec<String> = entries.into_tuple().all(self.tx).await?;
            for (_, payload) in table.read(self.tx, &ids).await? {
                self.shown.remove(table, &payload);
            }
            self.forget_conflicts(model, &ids).await?;
            table.delete(self.tx, &ids).await?;
            for ids in ids.chunks(500) {
                let these = sync_shared::Entity::delete_many().filter(C::Model.eq(model));
                these.filter(C::RecordId.is_in(ids)).exec(self.tx).await?;
            }
            gone += ids.len() as u64;
            if gone >= limit {
                break;
            }
        }
        Ok(gone)
    }

    /// Whether rows of this model are not wanted here.
    pub(super) fn is_left_out(&self, model: &str) -> bool {
        self.kept.unwanted.models.contains(model)
    }

    /// Whether nothing can be written of this model here: it is not wanted, or has not come again yet.
    pub(super) fn is_blocked(&mut self, model: &str) -> bool {
        let own = self.replica.device;
        self.is_left_out(model) || self.marks().is_coming_back(model, own)
    }

    /// Which of the positions that a device had at the first page all pages up to this one have the rows of, here too.
    pub(super) async fn covered(
        &mut self,
        page: &Page,
        mut first: Positions,
        positions: &Positions,
    ) -> Result<Positions, DbErr> {
        let stored = fetch::first(self.tx, page).await?;
        let unwanted: BTreeSet<&'static str> = self.kept.unwanted.models.clone();
        first.retain(|stream, _| {
            let has = stored.as_ref().is_none_or(|stored| stored.contains_key(stream));
            !is_shared(&stream.0)
                || has && positions.contains_key(stream) && !unwanted.contains(model_of(&stream.0))
        });
        Ok(first)
    }
}
