//! Removing rows, with all that depends on them.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter};

use super::Records;
use crate::database::entity::sync_shared::Column as C;
use crate::database::entity::{sync_shared, sync_waiting};
use crate::sync::model::{Merge, ModelInfo, Strategy};

/// How many ids one statement names.
const CHUNK: usize = 100;

impl Records<'_> {
    /// Removes rows that are there, and first what depends on them. What was known about them is forgotten.
    pub(super) async fn remove(&mut self, model: &str, ids: &[String]) -> Result<(), DbErr> {
        let table = self.table(model)?;
        let rows = table.read(self.tx, ids).await?;
        for (_, payload) in &rows {
            self.shown.remove(table, payload);
        }
        self.remove_dependents(model, ids).await?;
        if matches!(table.info().strategy, Strategy::Shared(merge) if merge != Merge::Union) {
            self.forget_conflicts(model, ids).await?;
        }
        let ids: Vec<String> = rows.into_iter().map(|(id, _)| id).collect();
        table.delete(self.tx, &ids).await?;
        for id in ids {
            self.arrived.remove(&(table.info().name, id));
        }
        Ok(())
    }

    /// Removes what depends on rows that go. All devices do, each for itself: it is no change of its own.
    pub(crate) async fn remove_dependents(&mut self, model: &str, ids: &[String]) -> Result<(), DbErr> {
        let replica = self.replica;
        for (table, field) in replica.registry.dependents(model) {
            let below = table.leading_to(self.tx, field, ids).await?;
            let below: Vec<String> = below.into_iter().map(|(id, _)| id).collect();
            if !below.is_empty() {
                Box::pin(self.remove(table.info().name, &below)).await?;
                self.forget_shared(table.info().name, Condition::all().add(C::RecordId.is_in(&below)))
                    .await?;
                self.redact(table.info().name, &below).await?;
            }
            // Also about rows that are not there, such as links that were taken away.
            for ids in ids.chunks(CHUNK) {
                let any = ids.iter().filter_map(|id| records_with(table.info(), field, id));
                let any = any.fold(Condition::any(), Condition::add);
                if !any.is_empty() {
                    self.forget_shared(table.info().name, any).await?;
                }
            }
        }
        Ok(())
    }

    async fn forget_shared(&self, model: &str, which: Condition) -> Result<(), DbErr> {
        let these = sync_shared::Entity::delete_many().filter(C::Model.eq(model)).filter(which);
        these.exec(self.tx).await?;
        Ok(())
    }

    /// What was said about rows that are gone is not kept in the log, only that something was.
    pub(super) async fn redact(&self, model: &str, ids: &[String]) -> Result<(), DbErr> {
        use crate::database::entity::sync_change;
        for ids in ids.chunks(CHUNK) {
            let said = Expr::cust_with_values("json_extract(change, '$.model') = ?", [model]);
            let places = vec!["?"; ids.len()].join(", ");
            let of_them =
                Expr::cust_with_values(format!("json_extract(change, '$.id') IN ({places})"), ids.to_vec());
            let nothing =
                Expr::cust("json_set(json_remove(change, '$.after', '$.base'), '$.what', 'redacted')");
            sync_change::Entity::update_many()
                .col_expr(sync_change::Column::Change, nothing)
                .filter(said)
                .filter(of_them)
                .filter(Expr::cust("json_extract(change, '$.what') != 'delete'"))
                .exec(self.tx)
                .await?;
        }
        Ok(())
    }

    /// Drops a change that waits no longer.
    pub(super) async fn stop_waiting(&mut self, row: &sync_waiting::Model) -> Result<(), DbErr> {
        sync_waiting::Entity::delete_by_id((row.device, row.hlc)).exec(self.tx).await?;
        Ok(())
    }
}

/// The records of a model whose key begins or ends with this id in `field`. Nothing, if the field is no such part of the key.
fn records_with(info: &ModelInfo, field: &str, id: &str) -> Option<Condition> {
    let (first, last) = (info.key.first()?, info.key.last()?);
    if info.key.len() == 1 {
        return None;
    }
    if *first == field {
        // `0` is the character after `/`.
        let (from, to) = (format!("{id}/"), format!("{id}0"));
        return Some(Condition::all().add(C::RecordId.gt(from)).add(C::RecordId.lt(to)));
    }
    let end = format!("/{id}");
    let length = i64::try_from(end.chars().count()).ok()?;
    let ends =
        Expr::cust_with_values("substr(record_id, ?) = ?", [sea_orm::Value::from(-length), end.into()]);
    (*last == field).then(|| Condition::all().add(ends))
}
