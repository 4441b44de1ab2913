//! Very many rows in one transaction: one event stands for them, and says only how many there are. Which they are is kept beside it in the log,
//! as versions of their owner's; so whoever needs the rows reads them from the tables when it is their turn.

use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::event::Draft;

/// What the log keeps beside the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bulk {
    pub(crate) count: u64,
    /// What made it, such as `index`.
    pub(crate) mode: String,
    /// Names the operation; it is also in the event.
    pub(crate) token: Uuid,
    /// Rows that it wrote, unless they were written again since: later entries of the log have those.
    pub(crate) ranges: Vec<Range>,
}

/// Rows of a model, by the versions that their owner gave them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Range {
    pub(crate) model: String,
    pub(crate) owner: Uuid,
    pub(crate) first: i64,
    pub(crate) last: i64,
}

impl Bulk {
    /// The one event for rows of another device's that came at once.
    pub(super) fn came(resource: &'static str, range: Range, count: u64) -> Result<Draft, DbErr> {
        Self { count, ..Self::new("sync") }.draft(resource, vec![range])
    }

    pub(super) fn new(mode: &str) -> Self {
        Self { count: 0, mode: mode.to_owned(), token: Uuid::now_v7(), ranges: Vec::new() }
    }

    /// The one event, for rows of these versions.
    pub(super) fn draft(mut self, resource: &'static str, ranges: Vec<Range>) -> Result<Draft, DbErr> {
        self.ranges = ranges;
        let json = |error: serde_json::Error| DbErr::Json(error.to_string());
        let text = serde_json::to_string(&self).map_err(json)?;
        Draft::bulk(resource, self.count, self.token, text).map_err(json)
    }
}
