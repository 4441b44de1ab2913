//! The rows that a bulk event stands for, for a client that reads it.
//!
//! They come before the event, as batches without a place in the log: rows are as they are by now, and what happened to them since comes again in
//! later events, where their versions tell a client that it has it. A connection that ends in between begins again with the same rows.

use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::database::Vault;
use crate::database::entity::sync_owned::{self, State};
use crate::event::{BATCH, Draft};
use crate::transaction::{Bulk, Range, read};

/// Reads the rows, some at a time.
pub(crate) struct BulkRows {
    db: DatabaseConnection,
    /// What is still to be read.
    ranges: Vec<Range>,
}

impl BulkRows {
    /// `bulk` is what the log keeps beside the event.
    pub(crate) fn new(db: DatabaseConnection, bulk: &str) -> serde_json::Result<Self> {
        let mut ranges = serde_json::from_str::<Bulk>(bulk)?.ranges;
        ranges.reverse();
        Ok(Self { db, ranges })
    }

    /// The next message, or `None` at the end. Rows of types that the subscription does not want are left out.
    pub(crate) async fn next(&mut self, types: Option<&[String]>) -> Result<Option<String>, DbErr> {
        use sync_owned::Column as C;
        while let Some(range) = self.ranges.last_mut() {
            if types.is_some_and(|types| !types.contains(&range.model)) {
                self.ranges.pop();
                continue;
            }
            let rows: Vec<(String, i64)> = sync_owned::Entity::find()
                .select_only()
                .columns([C::RecordId, C::Version])
                .filter(C::Owner.eq(range.owner))
                .filter(C::Model.eq(range.model.as_str()))
                .filter(C::State.eq(State::Live))
                .filter(C::Version.between(range.first, range.last))
                .order_by_asc(C::Version)
                .limit(BATCH as u64)
                .into_tuple()
                .all(&self.db)
                .await?;
            let Some((_, last)) = rows.last() else {
                self.ranges.pop();
                continue;
            };
            range.first = last + 1;
            let ids: Vec<String> = rows.into_iter().map(|(id, _)| id).collect();
            // None of it is encrypted: devices own these rows.
            let resources = read(&self.db, &Vault::default(), &range.model, &ids).await?;
            if resources.is_empty() {
                continue;
            }
            let text = Draft::unnumbered(&range.model, &resources);
            return text.map(Some).map_err(|error| DbErr::Json(error.to_string()));
        }
        Ok(None)
    }
}
