//! The manager: numbers events, writes them with the rows, publishes them.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait, TransactionTrait};
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;

use super::apply::Apply;
use super::outcome::{self, Outcome};
use super::{Keeper, Recorder, Write};
use crate::config::LogLimits;
use crate::database::entity::{file, sync_log};
use crate::database::{Database, meta};
use crate::event::{BATCH, Draft};
use crate::log::{Entry, Feed, Retained};
use crate::sync::{Incoming, Kept, Positions, Receipt, Replica, forget_fetch, kept_for_peers, plan};
use crate::time::now_ns;

/// The only one who writes to the database.
///
/// A transaction is whole or not at all, and its events are published after it, in the order of their sequences. A caller
/// must not be cancelled in the middle of a commit: its events would be in the log but reach clients only with the next.
#[derive(Debug)]
pub(crate) struct TransactionManager {
    pub(super) db: Database,
    library: String,
    limits: LogLimits,
    feed: Arc<Feed>,
    pub(super) replica: Replica,
    /// Held from the first statement to the publication. `None` after a failure: read it again.
    pub(super) retained: Mutex<Option<Retained>>,
    pub(super) keeper: Keeper,
}

/// A transaction that goes on.
struct Open<'a> {
    slot: MutexGuard<'a, Option<Retained>>,
    tx: DatabaseTransaction,
    retained: Retained,
    kept: Kept,
}

impl Open<'_> {
    /// Ends the transaction, and then tells about it.
    async fn publish(
        mut self,
        keeper: &Keeper,
        kept: Kept,
        feed: &Feed,
        entries: Vec<Entry>,
    ) -> Result<(), DbErr> {
        keeper.commit(self.tx, kept).await?;
        *self.slot = Some(self.retained);
        feed.publish(entries);
        Ok(())
    }
}

impl TransactionManager {
    pub(crate) fn new(
        db: Database,
        library: String,
        limits: LogLimits,
        feed: Arc<Feed>,
        replica: Replica,
    ) -> Self {
        Self { db, library, limits, feed, replica, retained: Mutex::new(None), keeper: Keeper::default() }
    }

    /// Writes all of it in one transaction. If it is the outcome of a mutation, its last event says so, and the answer is
    /// noted with it. Returns the newest sequence.
    pub(crate) async fn commit(&self, writes: Vec<Write>, mutation: Option<&str>) -> Result<u64, DbErr> {
        let mut open = self.open().await?;
        let mut apply = Apply::new(&open.tx, &self.replica, open.kept.clone());
        for write in writes {
            apply.write(write).await?;
        }
        apply.finish().await?;
        let (drafts, mut kept) = apply.into_drafts();
        let entries = self.number(&open.tx, drafts, mutation, &mut kept).await?;
        let newest = kept.next_sequence - 1;
        if let Some(id) = mutation {
            outcome::record(&open.tx, id, &Outcome::Applied { sequence: newest }).await?;
        }
        self.close(&mut open.retained, &open.tx, &entries).await?;
        open.publish(&self.keeper, kept, &self.feed, entries).await?;
        Ok(newest)
    }

    /// A transaction of statements in SQL. What they write to rows that sync has to be recorded.
    pub(crate) async fn with_tx<T: Send>(
        &self,
        work: impl for<'r> FnOnce(&'r mut Recorder<'_, '_>) -> BoxFuture<'r, Result<T, DbErr>> + Send,
    ) -> Result<T, DbErr> {
        let open = self.open().await?;
        let mut apply = Apply::new(&open.tx, &self.replica, open.kept.clone());
        let done = work(&mut Recorder { apply: &mut apply, tx: &open.tx }).await?;
        apply.finish().await?;
        let written = apply.into_drafts();
        self.end(open, written).await?;
        Ok(done)
    }

    /// A transaction of which neither clients nor other devices are told: for what is about this database alone, and in tables of which
    /// nothing is [kept](Kept).
    pub(crate) async fn without_sync<T: Send>(
        &self,
        work: impl for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, DbErr>> + Send,
    ) -> Result<T, DbErr> {
        let _writing = self.retained.lock().await;
        let tx = self.db.writer.begin().await?;
        let done = work(&tx).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Sends rows as they are to all clients and devices, as if they had just been written.
    pub(crate) async fn force_record(&self, model: &str, ids: Vec<String>) -> Result<(), DbErr> {
        let model = model.to_owned();
        self.with_tx(|recorder| Box::pin(async move { recorder.record(&model, ids).await })).await
    }

    /// Takes in what another device sent, in one transaction: rows, marks and events.
    pub(crate) async fn receive(&self, incoming: Incoming) -> Result<Receipt, DbErr> {
        self.with_tx(|recorder| Box::pin(recorder.apply.receive(incoming))).await
    }

    /// Takes away some files of a device that are not wanted here, and says how many.
    pub(crate) async fn evict(&self, device: Uuid, limit: u64) -> Result<u64, DbErr> {
        self.with_tx(|recorder| Box::pin(recorder.apply.evict(device, limit))).await
    }

    /// Takes away some rows of shared models that are not wanted here, and says how many.
    pub(crate) async fn evict_models(&self, limit: u64) -> Result<u64, DbErr> {
        self.with_tx(|recorder| Box::pin(recorder.apply.evict_models(limit))).await
    }

    /// Notes what peers have, and prunes what all peers have from the log of shared changes.
    pub(crate) async fn acknowledge(&self, said: Vec<(Uuid, Positions)>) -> Result<(), DbErr> {
        let _writing = self.retained.lock().await;
        let mut kept = self.kept_here().await?;
        let plan = plan(&mut kept, self.replica.device, said, self.replica.clock.now_ms());
        if plan.is_empty() {
            return Ok(());
        }
        let tx = self.db.writer.begin().await?;
        plan.carry_out(&tx, &mut kept).await?;
        self.keeper.commit(tx, kept).await
    }

    /// Prunes also when no peer says anything, for peers that are long gone. Returns how many changes and tombstones went.
    pub(crate) async fn prune(&self) -> Result<u64, DbErr> {
        let _writing = self.retained.lock().await;
        let mut kept = self.kept_here().await?;
        let tx = self.db.writer.begin().await?;
        let before = kept_for_peers(&tx).await?;
        let plan = plan(&mut kept, self.replica.device, Vec::new(), self.replica.clock.now_ms());
        plan.carry_out(&tx, &mut kept).await?;
        let after = kept_for_peers(&tx).await?;
        self.keeper.commit(tx, kept).await?;
        Ok(before.saturating_sub(after))
    }

    /// Forgets how far all shared rows have been fetched from a device: it begins anew, or there is nothing left to fetch.
    pub(crate) async fn forget_fetch(&self, from: Uuid) -> Result<(), DbErr> {
        let _writing = self.retained.lock().await;
        let mut kept = self.kept_here().await?;
        let tx = self.db.writer.begin().await?;
        forget_fetch(&tx, &mut kept, from).await?;
        self.keeper.commit(tx, kept).await
    }

    /// The library that all of it is in.
    pub(crate) fn library(&self) -> &str {
        &self.library
    }

    /// Begins a transaction; nobody else writes until it ends.
    async fn open(&self) -> Result<Open<'_>, DbErr> {
        let mut slot = self.retained.lock().await;
        let known = slot.take();
        let kept = self.kept_here().await?;
        let tx = self.db.writer.begin().await?;
        let retained = match known {
            Some(retained) => retained,
            None => Retained::load(&tx).await?,
        };
        Ok(Open { slot, tx, retained, kept })
    }

    /// Writes the events, ends the transaction and tells about it.
    async fn end(&self, mut open: Open<'_>, (drafts, mut kept): (Vec<Draft>, Kept)) -> Result<(), DbErr> {
        let entries = self.number(&open.tx, drafts, None, &mut kept).await?;
        self.close(&mut open.retained, &open.tx, &entries).await?;
        open.publish(&self.keeper, kept, &self.feed, entries).await
    }

    /// Keeps the log within its limits.
    async fn close(
        &self,
        retained: &mut Retained,
        tx: &DatabaseTransaction,
        entries: &[Entry],
    ) -> Result<(), DbErr> {
        for entry in entries {
            retained.push(entry.sequence, entry.text.len() as u64);
        }
        retained.compact(tx, &self.limits).await
    }

    /// Writes many entries, up to 1,000 in each transaction and event; `report` hears after each how many are written.
    pub(crate) async fn commit_batch(
        &self,
        rows: Vec<file::Model>,
        operation: &'static str,
        mut report: impl FnMut(usize),
    ) -> Result<(), DbErr> {
        let mut rows = rows.into_iter().peekable();
        let mut done = 0;
        while rows.peek().is_some() {
            let batch: Vec<file::Model> = rows.by_ref().take(BATCH).collect();
            done += batch.len();
            self.commit(vec![Write::Files { rows: batch, operation }], None).await?;
            report(done);
        }
        Ok(())
    }

    /// The answer that a mutation got before.
    pub(crate) async fn outcome(&self, mutation: &str) -> Result<Option<Outcome>, DbErr> {
        outcome::find(&self.db.reader, mutation).await
    }

    /// Writes a thousand entries and more in one transaction, with one event that does not have them.
    pub(crate) async fn commit_bulk(&self, rows: Vec<file::Model>, mode: &'static str) -> Result<u64, DbErr> {
        self.commit(vec![Write::FilesInBulk { rows, mode }], None).await
    }

    /// Notes that a mutation was refused.
    pub(crate) async fn record_rejected(&self, mutation: &str, rejected: &Outcome) -> Result<(), DbErr> {
        let (mutation, rejected) = (mutation.to_owned(), rejected.clone());
        self.without_sync(|tx| Box::pin(async move { outcome::record(tx, &mutation, &rejected).await })).await
    }

    /// Forgets answers that are too old to be asked for.
    pub(crate) async fn forget_old_outcomes(&self) -> Result<(), DbErr> {
        self.without_sync(|tx| Box::pin(outcome::forget_old(tx))).await
    }

    /// Notes the port for the next run.
    pub(crate) async fn remember_port(&self, port: u16) -> Result<(), DbErr> {
        self.without_sync(|tx| Box::pin(meta::set_port(tx, port))).await
    }

    /// Gives the events their sequences and puts them in the log.
    async fn number(
        &self,
        tx: &DatabaseTransaction,
        drafts: Vec<Draft>,
        mutation: Option<&str>,
        kept: &mut Kept,
    ) -> Result<Vec<Entry>, DbErr> {
        let first = kept.next_sequence;
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
                bulk: Set(draft.bulk.clone()),
                event: Set(self.db.vault.write_event(sequence.cast_signed(), &text)?),
            });
            entries.push(Entry { sequence, resource_type, bulk: draft.bulk.map(Arc::from), text });
        }
        if !rows.is_empty() {
            let mut rows = rows.into_iter().peekable();
            while rows.peek().is_some() {
                let batch: Vec<_> = rows.by_ref().take(BATCH).collect();
                sync_log::Entity::insert_many(batch).exec_without_returning(tx).await?;
            }
            kept.next_sequence = first + count as u64;
        }
        Ok(entries)
    }
}
