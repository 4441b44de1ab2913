//! Changes that did not know of each other, and what to do about them.

use sea_orm::{DbErr, EntityTrait, QueryOrder};
use serde_json::Value;
use uuid::Uuid;

use super::Engine;
use crate::database::entity::sync_conflict;
use crate::error::ConflictError;
use crate::transaction::Write;

/// Two devices wrote the same row, or the same field of it, and neither knew of the other's write. The newer write counts on all devices.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Conflict {
    /// For [`Engine::resolve`].
    pub id: String,
    /// The model of the row, such as `album`.
    pub model: String,
    /// The row.
    pub record_id: String,
    /// The field, or nothing if it is about the whole row.
    pub field: Option<String>,
    /// The value that counts; a row as an object of its fields.
    pub kept: Value,
    /// The other value.
    pub lost: Value,
    /// Which device wrote the value that counts.
    pub kept_by: Uuid,
    /// Which device wrote the other.
    pub lost_by: Uuid,
}

/// Which value of a conflict shall count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keep {
    /// The one that counts already.
    Kept,
    /// The other.
    Lost,
}

impl Engine {
    /// The conflicts that this device knows of and nobody has settled, by model and row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn conflicts(&self) -> Result<Vec<Conflict>, ConflictError> {
        use sync_conflict::Column as C;
        let rows = sync_conflict::Entity::find().order_by_asc(C::Model).order_by_asc(C::RecordId);
        let rows = rows.order_by_asc(C::Field).order_by_asc(C::LostHlc).all(&self.inner.server.db.reader);
        let vault = &self.inner.server.db.vault;
        let opened = |row| vault.read_conflict(row).and_then(read).map_err(ConflictError::from);
        rows.await?.into_iter().map(opened).collect()
    }

    /// Writes one of the two values on all devices, which settles the conflict everywhere.
    ///
    /// # Errors
    /// When it is settled already, or the database fails.
    pub async fn resolve(&self, conflict: &str, keep: Keep) -> Result<(), ConflictError> {
        let db = &self.inner.server.db.reader;
        if sync_conflict::Model::find(db, conflict).await?.is_none() {
            return Err(ConflictError::NotFound(conflict.to_owned()));
        }
        let (conflict, keep_lost) = (conflict.to_owned(), keep == Keep::Lost);
        let write = Write::Resolve { conflict, keep_lost };
        self.inner.server.actions.transactions.commit(vec![write], None).await?;
        Ok(())
    }

    /// Sends rows of a model, by their ids, to all clients and devices again, as if they had just been written: for a repair, or after another
    /// program wrote to the database.
    ///
    /// # Errors
    /// When there is no such model, the rows are another device's, or the database fails.
    pub async fn record_again(&self, model: &str, ids: Vec<String>) -> Result<(), ConflictError> {
        Ok(self.inner.server.actions.transactions.force_record(model, ids).await?)
    }
}

fn read(row: sync_conflict::Model) -> Result<Conflict, DbErr> {
    let value = |text: &str| serde_json::from_str(text).map_err(|error| DbErr::Json(error.to_string()));
    Ok(Conflict {
        id: row.resource_id(),
        kept: value(&row.won)?,
        lost: value(&row.lost)?,
        field: (!row.field.is_empty()).then_some(row.field),
        model: row.model,
        record_id: row.record_id,
        kept_by: row.won_device,
        lost_by: row.lost_device,
    })
}
