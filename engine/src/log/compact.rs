//! The log is bounded: the oldest events go when there are too many.

use std::collections::VecDeque;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::config::LogLimits;
use crate::database::entity::sync_log;

/// Sequence and size of each event in the log, so that compaction reads nothing.
#[derive(Debug, Default)]
pub(crate) struct Retained {
    events: VecDeque<(u64, u64)>,
    bytes: u64,
}

impl Retained {
    pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let rows: Vec<(i64, i64)> = sync_log::Entity::find()
            .select_only()
            .column(sync_log::Column::Sequence)
            .column(sync_log::Column::Bytes)
            .order_by_asc(sync_log::Column::Sequence)
            .into_tuple()
            .all(db)
            .await?;
        let mut retained = Self::default();
        for (sequence, bytes) in rows {
            retained.push(sequence.unsigned_abs(), bytes.unsigned_abs());
        }
        Ok(retained)
    }

    pub(crate) fn push(&mut self, sequence: u64, bytes: u64) {
        self.events.push_back((sequence, bytes));
        self.bytes += bytes;
    }

    /// Deletes what is over the limits, a tenth more than needed so that it does not happen at every commit. The newest
    /// event always stays.
    pub(crate) async fn compact(
        &mut self,
        db: &impl ConnectionTrait,
        limits: &LogLimits,
    ) -> Result<(), DbErr> {
        if self.events.len() as u64 <= limits.max_events && self.bytes <= limits.max_bytes {
            return Ok(());
        }
        let events = limits.max_events - limits.max_events / 10;
        let bytes = limits.max_bytes - limits.max_bytes / 10;
        let mut cut = None;
        while self.events.len() > 1 && (self.events.len() as u64 > events || self.bytes > bytes) {
            let Some((sequence, size)) = self.events.pop_front() else { break };
            self.bytes -= size;
            cut = Some(sequence);
        }
        if let Some(cut) = cut {
            sync_log::Entity::delete_many().filter(sync_log::Column::Sequence.lte(cut)).exec(db).await?;
            tracing::debug!(up_to = cut, "older events left the log");
        }
        Ok(())
    }
}
