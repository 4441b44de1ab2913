//! Writes of devices that did not know of each other's: which one counts is decided without asking, and what the other one said is kept.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::Value;

use super::Records;
use super::merge::{WHOLE, Written};
use crate::database::entity::sync_conflict::{self, Column as C};
use crate::resource::CONFLICT;
use crate::sync::hlc::Dot;
use crate::sync::model::Payload;

impl Records<'_> {
    /// Looks at a write that comes beside the one that is here. When neither knew of the other and they say different things, it is a
    /// conflict; and conflicts that its writer had before it are settled by it.
    pub(super) async fn compare(
        &mut self,
        model: &str,
        id: &str,
        field: &str,
        here: Written,
        coming: Written,
        (value_here, value_coming): (Value, Value),
    ) -> Result<(), DbErr> {
        let coming_wins = coming.0 > here.0;
        let ((won, won_value), (lost, lost_value)) = match coming_wins {
            true => ((coming, &value_coming), (here, &value_here)),
            false => ((here, &value_here), (coming, &value_coming)),
        };
        if coming_wins && let Some(base) = coming.1 {
            self.settled(model, id, field, base).await?;
        }
        // A row's newest write only ever grows on a device: who had seen the lost one wrote on top of it or of a newer one.
        if won.1 >= Some(lost.0) || won_value == lost_value {
            return Ok(());
        }
        let row = sync_conflict::Model {
            model: model.to_owned(),
            record_id: id.to_owned(),
            field: field.to_owned(),
            lost_device: lost.0.1,
            lost_hlc: lost.0.0.number(),
            lost: lost_value.to_string(),
            won_device: won.0.1,
            won_hlc: won.0.0.number(),
            won: won_value.to_string(),
        };
        self.shown.written.entry(CONFLICT).or_default().insert(row.resource_id());
        let row = self.replica.vault.write_conflict(row)?;
        sync_conflict::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([C::Model, C::RecordId, C::Field, C::LostDevice, C::LostHlc])
                    .update_columns([C::WonDevice, C::WonHlc, C::Won])
                    .to_owned(),
            )
            .exec_without_returning(self.tx)
            .await?;
        Ok(())
    }

    /// Somebody who had seen both values of these conflicts wrote another one.
    async fn settled(&mut self, model: &str, id: &str, field: &str, base: Dot) -> Result<(), DbErr> {
        let base = base.0.number();
        let these = sync_conflict::Entity::find()
            .filter(C::Model.eq(model))
            .filter(C::RecordId.eq(id))
            .filter(C::Field.eq(field))
            .filter(C::LostHlc.lte(base))
            .filter(C::WonHlc.lte(base));
        let rows = these.all(self.tx).await?;
        self.drop_conflicts(rows).await
    }

    /// What is gone is not argued about, nor are its values kept.
    pub(super) async fn forget_conflicts(&mut self, model: &str, ids: &[String]) -> Result<(), DbErr> {
        for ids in ids.chunks(500) {
            let these =
                sync_conflict::Entity::find().filter(C::Model.eq(model)).filter(C::RecordId.is_in(ids));
            let rows = these.all(self.tx).await?;
            self.drop_conflicts(rows).await?;
        }
        Ok(())
    }

    async fn drop_conflicts(&mut self, rows: Vec<sync_conflict::Model>) -> Result<(), DbErr> {
        for row in rows {
            let id = row.resource_id();
            if let Some(written) = self.shown.written.get_mut(CONFLICT) {
                written.remove(&id);
            }
            self.shown.removed.entry(CONFLICT).or_default().insert(id);
            sync_conflict::Entity::delete_by_id((
                row.model,
                row.record_id,
                row.field,
                row.lost_device,
                row.lost_hlc,
            ))
            .exec(self.tx)
            .await?;
        }
        Ok(())
    }

    /// Writes one of the two values of a conflict, on top of both. `false`: there is no such conflict any more.
    pub(crate) async fn resolve(&mut self, conflict: &str, keep_lost: bool) -> Result<bool, DbErr> {
        let Some(row) = sync_conflict::Model::find(self.tx, conflict).await? else { return Ok(false) };
        let row = self.replica.vault.read_conflict(row)?;
        let sync_conflict::Model { model, record_id, field, lost, .. } = row;
        let Some((_, mut now)) =
            self.table(&model)?.read(self.tx, std::slice::from_ref(&record_id)).await?.pop()
        else {
            return Ok(false);
        };
        if keep_lost {
            let lost: Value = serde_json::from_str(&lost).map_err(|error| DbErr::Json(error.to_string()))?;
            match (field.as_str(), lost) {
                (WHOLE, Value::Object(lost)) => now.extend(lost as Payload),
                (_, lost) => drop(now.insert(field.clone(), lost)),
            }
        }
        self.write_again(&model, now, &field).await?;
        Ok(true)
    }
}
