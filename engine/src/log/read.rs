//! Reading the log from a cursor on.

use std::sync::Arc;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use tokio::sync::watch;

use super::{Entry, Feed};
use crate::database::Database;
use crate::database::entity::{file, sync_log};

/// Events of one page; an event may have 1,000 rows, so a page stays at a few megabytes.
const PAGE: usize = 16;

/// The events after some cursor.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    db: Database,
    feed: Arc<Feed>,
}

/// Some events in order, without a gap.
#[derive(Debug)]
pub(crate) struct Page {
    /// What the subscription gets of them.
    pub(crate) entries: Vec<Entry>,
    /// The newest sequence that was looked at.
    pub(crate) reached: u64,
}

impl Log {
    pub(crate) fn new(db: Database, feed: Arc<Feed>) -> Self {
        Self { db, feed }
    }

    /// The newest sequence; wakes when there are newer ones.
    pub(crate) fn head(&self) -> watch::Receiver<u64> {
        self.feed.head()
    }

    /// The next events after `cursor`, which must be below the head. `None`: the log no longer reaches back so far.
    pub(crate) async fn after(&self, cursor: u64, types: Option<&[String]>) -> Result<Option<Page>, DbErr> {
        let entries = match self.feed.after(cursor, PAGE) {
            Some(entries) => entries,
            None => self.stored(cursor).await?,
        };
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(None) };
        if first.sequence != cursor + 1 {
            return Ok(None);
        }
        let reached = last.sequence;
        let entries = entries.into_iter().filter(|entry| entry.is_for(types)).collect();
        Ok(Some(Page { entries, reached }))
    }

    async fn stored(&self, cursor: u64) -> Result<Vec<Entry>, DbErr> {
        let rows = sync_log::Entity::find()
            .filter(sync_log::Column::Sequence.gt(cursor))
            .order_by_asc(sync_log::Column::Sequence)
            .limit(PAGE as u64)
            .all(&self.db.reader)
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Entry {
                    sequence: row.sequence.unsigned_abs(),
                    resource_type: row.resource_type,
                    bulk: row.bulk.map(Arc::from),
                    text: self.db.vault.read_event(row.sequence, row.event)?.into(),
                })
            })
            .collect()
    }

    /// Oldest sequence that is still there.
    pub(crate) async fn oldest(&self, db: &impl ConnectionTrait) -> Result<Option<u64>, DbErr> {
        let oldest: Option<Option<i64>> = sync_log::Entity::find()
            .select_only()
            .column_as(sync_log::Column::Sequence.min(), "oldest")
            .into_tuple()
            .one(db)
            .await?;
        Ok(oldest.flatten().map(i64::unsigned_abs))
    }

    /// Whether the events after `cursor` carry so many more resources than a copy would that the copy is the cheaper way.
    pub(crate) async fn copy_is_cheaper(&self, cursor: u64, slack: u64) -> Result<bool, DbErr> {
        let carried: Option<Option<i64>> = sync_log::Entity::find()
            .select_only()
            .column_as(sync_log::Column::Resources.sum(), "carried")
            .filter(sync_log::Column::Sequence.gt(cursor))
            .into_tuple()
            .one(&self.db.reader)
            .await?;
        let carried = carried.flatten().unwrap_or(0).unsigned_abs();
        if carried <= slack {
            return Ok(false);
        }
        let rows = file::Entity::find().count(&self.db.reader).await?;
        Ok(carried > slack + 2 * rows)
    }
}
