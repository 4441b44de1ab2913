//! The files that are being copied to this device: written down, so that a copy goes on after a restart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::Serialize;
use serde_json::value::to_raw_value;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::folder;
use super::pull::{Stop, note, part, pull, target};
use crate::database::entity::file_copy::{self, CopyState};
use crate::database::entity::removed_device;
use crate::index::Known;
use crate::net::Lines;
use crate::time::now_ms;
use crate::transaction::{TransactionManager, Write};
use crate::watch::Dirty;

/// How many copies are written at a time.
const BATCH: usize = 500;
/// How many files are copied at once.
const AT_ONCE: u64 = 2;
/// How long to wait before a copy is tried again, unless a device comes before that.
const AGAIN: Duration = Duration::from_secs(10);
/// How often clients are told how far a copy is.
const TELL: Duration = Duration::from_millis(500);
/// How long it is known what became of a copy: a week.
const KEPT_MS: i64 = 7 * 86_400_000;

/// The copies.
#[derive(Debug)]
pub(crate) struct Copies {
    pub(crate) root: PathBuf,
    pub(crate) reader: DatabaseConnection,
    pub(crate) known: Known,
    pub(crate) transactions: Arc<TransactionManager>,
    pub(crate) lines: Arc<Lines>,
    pub(crate) dirty: Arc<Dirty>,
    pub(crate) woken: Notify,
    /// Those that somebody does not want any more.
    pub(crate) called_off: Mutex<BTreeSet<Uuid>>,
    /// How far each is, and when that was told.
    pub(crate) progress: Mutex<BTreeMap<Uuid, Progress>>,
}

/// How far a copy is, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    done: u64,
    total: u64,
    told: Instant,
}

/// Copies that are worked on, and the devices that have the files.
type Busy = BTreeMap<Uuid, Uuid>;

/// A copy as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Job {
    pub(crate) job_id: Uuid,
    pub(crate) job: &'static str,
    pub(crate) file_id: Uuid,
    pub(crate) folder_id: Uuid,
    pub(crate) name: String,
    /// `waiting`, `copying`, `completed` or `failed`.
    pub(crate) phase: &'static str,
    pub(crate) done: u64,
    /// Not known before the other device was asked.
    pub(crate) total: Option<u64>,
    /// The stable name of the reason, and what it was, where it failed or waits.
    pub(crate) kind: Option<String>,
    pub(crate) problem: Option<String>,
}

impl Copies {
    /// Begins copies. They go on until they are done or fail, also after a restart.
    pub(crate) async fn begin(&self, copies: Vec<file_copy::Model>) -> Result<(), DbErr> {
        let rows = copies.into_iter().map(IntoActiveModel::into_active_model);
        let mut rows: Vec<file_copy::ActiveModel> = rows.collect();
        self.transactions
            .without_sync(|tx| {
                Box::pin(async move {
                    while !rows.is_empty() {
                        let some = rows.split_off(rows.len().saturating_sub(BATCH));
                        let insert = file_copy::Entity::insert_many(some).on_conflict_do_nothing();
                        insert.exec_without_returning(tx).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        self.woken.notify_one();
        Ok(())
    }

    /// Ends a copy before it is done. Nothing, if there is no such copy that goes on.
    pub(crate) async fn call_off(&self, id: Uuid) -> Result<Option<()>, DbErr> {
        let row = file_copy::Entity::find_by_id(id).one(&self.reader).await?;
        if row.is_none_or(|row| row.state != CopyState::Waiting) {
            return Ok(None);
        }
        self.called_off.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        self.woken.notify_one();
        Ok(Some(()))
    }

    /// Why a copy is not gone on with, if it is not.
    pub(super) async fn check(&self, row: &file_copy::Model) -> Result<(), Stop> {
        let failed = |kind: &str, message: &str| {
            Err(Stop::Failed { kind: kind.to_owned(), message: message.to_owned() })
        };
        if self.called_off.lock().unwrap_or_else(PoisonError::into_inner).contains(&row.id) {
            return failed("called_off", "it was called off");
        }
        let removed = removed_device::Entity::find_by_id(row.device_id).one(&self.reader).await?;
        if removed.is_some() {
            return failed("removed", "the device that has the file was removed from the library");
        }
        Ok(())
    }

    /// All that are known, oldest first.
    pub(crate) async fn all(&self) -> Result<Vec<Job>, DbErr> {
        let rows =
            file_copy::Entity::find().order_by_asc(file_copy::Column::CreatedMs).all(&self.reader).await?;
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let phase = |row: &file_copy::Model| match row.state {
            CopyState::Waiting if progress.contains_key(&row.id) => "copying",
            CopyState::Waiting => "waiting",
            CopyState::Done => "completed",
            CopyState::Failed => "failed",
        };
        Ok(rows.iter().map(|row| self.job(row, phase(row))).collect())
    }

    /// Writes down how a copy is.
    pub(super) async fn write(&self, row: &file_copy::Model) -> Result<(), DbErr> {
        use file_copy::Column as C;
        let private = self.transactions.privately().await;
        let others = C::iter().filter(|column| !matches!(column, C::Id));
        file_copy::Entity::insert(row.clone().into_active_model())
            .on_conflict(OnConflict::column(C::Id).update_columns(others).to_owned())
            .exec_without_returning(private.db)
            .await?;
        Ok(())
    }

    /// Tells clients how far a copy is, now and then.
    pub(super) async fn tell(&self, row: &file_copy::Model, done: u64, total: u64) {
        let now = Instant::now();
        let is_due = {
            let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            let before = progress.get(&row.id).map(|progress| progress.told);
            let is_due = before.is_some_and(|told| now - told >= TELL);
            let told = before.filter(|_| !is_due).unwrap_or(now);
            progress.insert(row.id, Progress { done, total, told });
            is_due
        };
        if is_due {
            self.tell_phase(row, "copying").await;
        }
    }

    async fn tell_phase(&self, row: &file_copy::Model, phase: &'static str) {
        let Ok(data) = to_raw_value(&self.job(row, phase)) else { return };
        let notice = vec![Write::Notice { name: "JobFileCopy", data }];
        if let Err(error) = self.transactions.commit(notice, None).await {
            tracing::warn!(%error, "clients were not told how far a copy is");
        }
    }

    fn job(&self, row: &file_copy::Model, phase: &'static str) -> Job {
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner).get(&row.id).copied();
        let size = row.size.and_then(|size| u64::try_from(size).ok());
        let total = progress.map(|progress| progress.total).or(size);
        let done = match phase {
            "completed" => total.unwrap_or(0),
            _ => progress.map_or(0, |progress| progress.done),
        };
        Job {
            job_id: row.id,
            job: "copy",
            file_id: row.file_id,
            folder_id: row.folder_id,
            name: row.name.clone(),
            phase,
            done,
            total,
            kind: row.problem_kind.clone(),
            problem: row.problem.clone(),
        }
    }

    /// Copies one file as far as that goes now; says whether that is not all.
    async fn work(&self, mut row: file_copy::Model) -> Result<bool, DbErr> {
        let pulled = pull(self, &mut row).await;
        let phase = match pulled {
            Ok(name) => {
                (row.name, row.state) = (name, CopyState::Done);
                (row.problem_kind, row.problem) = (None, None);
                "completed"
            }
            Err(Stop::Later(problem)) => {
                tracing::info!(copy = %row.id, %problem, "a copy waits");
                (row.problem_kind, row.problem) = (None, Some(problem));
                "waiting"
            }
            Err(Stop::Failed { kind, message }) => {
                tracing::warn!(copy = %row.id, problem = %message, "a copy failed");
                row.state = CopyState::Failed;
                (row.problem_kind, row.problem) = (Some(kind), Some(message));
                self.tidy(&row).await?;
                "failed"
            }
        };
        if row.state != CopyState::Waiting {
            let size = row.size;
            note(&mut row, None);
            row.size = size;
        }
        self.write(&row).await?;
        self.tell_phase(&row, phase).await;
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).remove(&row.id);
        if row.state != CopyState::Waiting {
            self.called_off.lock().unwrap_or_else(PoisonError::into_inner).remove(&row.id);
        }
        Ok(row.state == CopyState::Waiting)
    }

    /// Removes what came of a copy that failed.
    async fn tidy(&self, row: &file_copy::Model) -> Result<(), DbErr> {
        let Ok(folder) = target(self, row).await else { return Ok(()) };
        let (root, name) = (self.root.clone(), part(row));
        let removed = tokio::task::spawn_blocking(move || folder::delete(&root, &folder, &name)).await;
        if let Ok(Err(error)) = removed {
            tracing::debug!(%error, "nothing is left of a copy that failed");
        }
        Ok(())
    }

    /// The next ones, without those that are worked on, and without those from devices that are not there.
    async fn next(&self, busy: &Busy, later: &BTreeSet<Uuid>) -> Result<Vec<file_copy::Model>, DbErr> {
        use file_copy::Column as C;
        let called_off = self.called_off.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_due = C::DeviceId.is_not_in(later.iter().copied()).or(C::Id.is_in(called_off));
        let waiting = file_copy::Entity::find()
            .filter(C::State.eq(CopyState::Waiting))
            .filter(C::Id.is_not_in(busy.keys().copied()))
            .filter(is_due)
            .order_by_asc(C::CreatedMs)
            .limit(AT_ONCE.saturating_sub(busy.len() as u64));
        waiting.all(&self.reader).await
    }

    async fn forget_old(&self) -> Result<(), DbErr> {
        use file_copy::Column as C;
        let private = self.transactions.privately().await;
        let old = file_copy::Entity::delete_many()
            .filter(C::State.ne(CopyState::Waiting))
            .filter(C::CreatedMs.lt(now_ms() - KEPT_MS));
        old.exec(private.db).await?;
        Ok(())
    }
}

/// Copies what there is to copy, a few files at once. Runs until it is dropped.
pub(crate) async fn copies(copies: Arc<Copies>) {
    if let Err(error) = copies.forget_old().await {
        tracing::warn!(%error, "what became of old copies was not forgotten");
    }
    let mut changes = copies.lines.changes();
    let mut running = JoinSet::new();
    let (mut busy, mut later) = (Busy::new(), BTreeSet::new());
    loop {
        match copies.next(&busy, &later).await {
            Ok(rows) => {
                for row in rows {
                    busy.insert(row.id, row.device_id);
                    let copies = Arc::clone(&copies);
                    running.spawn(async move { (row.id, copies.work(row).await) });
                }
            }
            Err(error) => tracing::error!(%error, "what there is to copy was not read"),
        }
        let again = Instant::now() + AGAIN;
        tokio::select! {
            () = copies.woken.notified() => {}
            changed = changes.changed() => {
                if changed.is_err() {
                    return;
                }
                later.clear();
            }
            Some(ended) = running.join_next() => match ended {
                Ok((id, done)) => {
                    let device = busy.remove(&id);
                    let is_later = done.unwrap_or_else(|error| {
                        tracing::error!(%error, "what became of a copy was not written");
                        true
                    });
                    later.extend(device.filter(|_| is_later));
                }
                // It panicked, or the engine is stopping.
                Err(error) => tracing::error!(%error, "a copy ended"),
            },
            () = sleep_until(again) => later.clear(),
        }
    }
}
