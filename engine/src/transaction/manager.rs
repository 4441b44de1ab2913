//! The manager: numbers events, writes them with the rows, publishes them.

use std::sync::Arc;

use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait, TransactionTrait};
use serde_json::value::RawValue;
use tokio::sync::Mutex;

use super::Write;
use super::apply::Apply;
use super::outcome::{self, Outcome};
use crate::config::LogLimits;
use crate::database::entity::{file, sync_log};
use crate::database::{Database, meta};
use crate::event::BATCH;
use crate::log::{Entry, Feed, Retained};
use crate::time::now_ns;

/// The only one who writes to the database.
///
/// A transaction is whole or not at all, and its events are published after it, in the order of their sequences. A caller
/// must not be cancelled in the middle of a commit: its events would be in the log but reach clients only with the next.
#[derive(Debug)]
pub(crate) struct TransactionManager {
    db: Database,
    library: String,
    limits: LogLimits,
    feed: Arc<Feed>,
    /// Held from the first statement to the publication. `None` after a failure: read it again.
    retained: Mutex<Option<Retained>>,
}

impl TransactionManager {
    pub(crate) fn new(db: Database, library: String, limits: LogLimits, feed: Arc<Feed>) -> Self {
        Self { db, library, limits, feed, retained: Mutex::new(None) }
    }

    /// Writes all of it in one transaction. If it is the outcome of a mutation, its last event says so, and the answer is
    /// noted with it. Returns the newest sequence.
    pub(crate) async fn commit(&self, writes: Vec<Write>, mutation: Option<&str>) -> Result<u64, DbErr> {
        let mut slot = self.retained.lock().await;
        let known = slot.take();
        let tx = self.db.writer.begin().await?;
        let mut retained = match known {
            Some(retained) => retained,
            None => Retained::load(&tx).await?,
        };

        let mut apply = Apply::new(&tx);
        for write in writes {
            apply.write(write).await?;
        }
        apply.finish().await?;

        let entries = self.number(&tx, apply, mutation).await?;
        for entry in &entries {
            retained.push(entry.sequence, entry.text.len() as u64);
        }
        retained.compact(&tx, &self.limits).await?;
        let newest = match entries.last() {
            Some(entry) => entry.sequence,
            None => meta::next_sequence(&tx).await? - 1,
        };
        if let Some(id) = mutation {
            outcome::record(&tx, id, &Outcome::Applied { sequence: newest }).await?;
        }
        tx.commit().await?;

        *slot = Some(retained);
        self.feed.publish(entries);
        Ok(newest)
    }

    /// Writes many entries, up to 1,000 in each transaction and event; `report` adds to each what to tell about it.
    pub(crate) async fn commit_batch(
        &self,
        rows: Vec<file::Model>,
        operation: &'static str,
        mut report: impl FnMut(usize) -> Option<(&'static str, Box<RawValue>)>,
    ) -> Result<(), DbErr> {
        let mut rows = rows.into_iter().peekable();
        let mut done = 0;
        while rows.peek().is_some() {
            let batch: Vec<file::Model> = rows.by_ref().take(BATCH).collect();
            done += batch.len();
            let mut writes = vec![Write::Files { rows: batch, operation }];
            writes.extend(report(done).map(|(name, data)| Write::Notice { name, data }));
            self.commit(writes, None).await?;
        }
        Ok(())
    }

    /// The answer that a mutation got before.
    pub(crate) async fn outcome(&self, mutation: &str) -> Result<Option<Outcome>, DbErr> {
        outcome::find(&self.db.reader, mutation).await
    }

    /// Notes that a mutation was refused.
    pub(crate) async fn record_rejected(&self, mutation: &str, rejected: &Outcome) -> Result<(), DbErr> {
        let _writing = self.retained.lock().await;
        outcome::record(&self.db.writer, mutation, rejected).await
    }

    /// Forgets answers that are too old to be asked for.
    pub(crate) async fn forget_old_outcomes(&self) -> Result<(), DbErr> {
        let _writing = self.retained.lock().await;
        outcome::forget_old(&self.db.writer).await
    }

    /// Notes the port for the next run.
    pub(crate) async fn remember_port(&self, port: u16) -> Result<(), DbErr> {
        let _writing = self.retained.lock().await;
        meta::set_port(&self.db.writer, port).await
    }

    /// Gives the events their sequences and puts them in the log.
    async fn number(
        &self,
        tx: &DatabaseTransaction,
        apply: Apply<'_>,
        mutation: Option<&str>,
    ) -> Result<Vec<Entry>, DbErr> {
        let drafts = apply.drafts;
        let first = meta::next_sequence(tx).await?;
        let timestamp_ns = now_ns();
        let count = drafts.len();
        let mut entries = Vec::with_capacity(count);
        let mut rows = Vec::with_capacity(count);
        for (sequence, (place, draft)) in (first..).zip(drafts.into_iter().enumerate()) {
            let mutation = mutation.filter(|_| place + 1 == count);
            let text = draft
                .encode(&self.library, sequence, mutation, timestamp_ns)
                .map_err(|error| DbErr::Json(error.to_string()))?;
            let resource_type = draft.resource_type.map(str::to_owned);
            rows.push(sync_log::ActiveModel {
                sequence: Set(sequence.cast_signed()),
                timestamp_ns: Set(timestamp_ns),
                mutation_id: Set(mutation.map(str::to_owned)),
                resource_type: Set(resource_type.clone()),
                resources: Set(i64::try_from(draft.resources).unwrap_or(i64::MAX)),
                bytes: Set(i64::try_from(text.len()).unwrap_or(i64::MAX)),
                event: Set((*text).to_owned()),
            });
            entries.push(Entry { sequence, resource_type, text });
        }
        if !rows.is_empty() {
            let mut rows = rows.into_iter().peekable();
            while rows.peek().is_some() {
                let batch: Vec<_> = rows.by_ref().take(BATCH).collect();
                sync_log::Entity::insert_many(batch).exec_without_returning(tx).await?;
            }
            meta::set_next_sequence(tx, first + count as u64).await?;
        }
        Ok(entries)
    }
}
