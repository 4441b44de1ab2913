//! The files that are being copied to this device: written down, so that a copy goes on after a restart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder, QuerySelect,
};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::elsewhere::Elsewhere;
use super::folder;
use super::part::Room;
use super::progress::Progress;
use super::pull::{Stop, note, part, pull, target};
use crate::action::Refusal;
use crate::database::entity::file_copy::{self, CopyState};
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
    /// How far each is.
    pub(crate) progress: Progress,
    pub(crate) room: Room,
    /// What other devices copy for clients of this one.
    pub(crate) elsewhere: Elsewhere,
}

/// What is not gone on with before it is tried again.
#[derive(Debug, Default)]
struct Later {
    /// Devices that are not there.
    devices: BTreeSet<Uuid>,
    /// Copies that there is no room for.
    copies: BTreeSet<Uuid>,
}

/// Copies that are worked on, and the devices that have the files.
type Busy = BTreeMap<Uuid, Uuid>;

impl Copies {
    /// Begins copies, all of one job. They go on until they are done or fail, also after a restart.
    pub(crate) async fn begin(&self, copies: Vec<file_copy::Model>) -> Result<(), DbErr> {
        let rows = copies.iter().cloned().map(IntoActiveModel::into_active_model);
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
        self.progress.asked_for(&copies);
        self.woken.notify_one();
        Ok(())
    }

    /// Ends the copies of a job before they are done. Nothing, if there is no such job that goes on.
    pub(crate) async fn call_off(&self, job: Uuid) -> Result<Option<()>, DbErr> {
        use file_copy::Column as C;
        let called_off = {
            let private = self.transactions.privately().await;
            let open = file_copy::Entity::update_many().col_expr(C::CalledOff, Expr::value(true));
            let open = open.filter(C::JobId.eq(job)).filter(C::State.eq(CopyState::Waiting));
            open.exec(private.db).await?.rows_affected
        };
        self.woken.notify_one();
        Ok((called_off > 0).then_some(()))
    }

    /// Why a copy is not gone on with, if it is not.
    pub(super) async fn check(&self, row: &file_copy::Model) -> Result<(), Stop> {
        let failed = |kind: &str, message: &str| {
            Err(Stop::Failed { kind: kind.to_owned(), message: message.to_owned() })
        };
        let now = file_copy::Entity::find_by_id(row.id).select_only().column(file_copy::Column::CalledOff);
        if now.into_tuple().one(&self.reader).await? == Some(true) {
            return failed("called_off", "it was called off");
        }
        if self.transactions.kept().await?.removed.contains(&row.device_id) {
            return failed("removed", "the device that has the file was removed from the library");
        }
        Ok(())
    }

    /// All that are known, oldest first, each with how much of it is there if it is worked on.
    pub(crate) async fn all(&self) -> Result<Vec<(file_copy::Model, Option<u64>)>, DbErr> {
        let rows =
            file_copy::Entity::find().order_by_asc(file_copy::Column::CreatedMs).all(&self.reader).await?;
        let done = |row: file_copy::Model| {
            let done = self.progress.done(&row);
            (row, done)
        };
        Ok(rows.into_iter().map(done).collect())
    }

    /// Writes down how a copy is.
    pub(super) async fn write(&self, row: &file_copy::Model) -> Result<(), DbErr> {
        use file_copy::Column as C;
        let private = self.transactions.privately().await;
        let others = C::iter().filter(|column| !matches!(column, C::Id | C::CalledOff));
        file_copy::Entity::insert(row.clone().into_active_model())
            .on_conflict(OnConflict::column(C::Id).update_columns(others).to_owned())
            .exec_without_returning(private.db)
            .await?;
        Ok(())
    }

    /// Copies one file as far as that goes now; where that is not all, says what is in the way.
    async fn work(&self, mut row: file_copy::Model) -> Result<Option<String>, DbErr> {
        self.progress.starts(&row);
        let pulled = pull(self, &mut row).await;
        let mut later = None;
        match pulled {
            Ok(name) => {
                (row.name, row.state) = (name, CopyState::Done);
                (row.problem_kind, row.problem) = (None, None);
            }
            Err(Stop::Later { kind, message }) => {
                tracing::info!(copy = %row.id, problem = %message, "a copy waits");
                (row.problem_kind, row.problem) = (Some(kind.clone()), Some(message.clone()));
                later = Some((kind, message));
            }
            Err(Stop::Failed { kind, message }) => {
                tracing::warn!(copy = %row.id, problem = %message, "a copy failed");
                row.state = CopyState::Failed;
                (row.problem_kind, row.problem) = (Some(kind), Some(message));
                self.tidy(&row).await?;
            }
        }
        if row.state != CopyState::Waiting {
            note(&mut row, None);
        }
        let written = self.write(&row).await;
        let later = later.as_ref().map(|(kind, message)| (kind.as_str(), message.as_str()));
        self.progress.stops(&row, later);
        written?;
        Ok(later.map(|(kind, _)| kind.to_owned()))
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

    /// The next ones, without those that are worked on, and without those that something is in the way of.
    async fn next(&self, busy: &Busy, later: &Later) -> Result<Vec<file_copy::Model>, DbErr> {
        use file_copy::Column as C;
        let is_due = C::DeviceId.is_not_in(later.devices.iter().copied());
        let is_due = is_due.and(C::Id.is_not_in(later.copies.iter().copied())).or(C::CalledOff.eq(true));
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
        let before_ms = now_ms() - KEPT_MS;
        {
            let private = self.transactions.privately().await;
            let old = file_copy::Entity::delete_many().filter(C::State.ne(CopyState::Waiting));
            old.filter(C::CreatedMs.lt(before_ms)).exec(private.db).await?;
        }
        let jobs = self.progress.forget(before_ms);
        if !jobs.is_empty() {
            self.transactions.commit(vec![Write::ForgetJobs(jobs)], None).await?;
        }
        Ok(())
    }
}

/// Copies what there is to copy, a few files at once. Runs until it is dropped.
pub(crate) async fn copies(copies: Arc<Copies>) {
    if let Err(error) = copies.forget_old().await {
        tracing::warn!(%error, "what became of old copies was not forgotten");
    }
    if let Err(error) = copies.progress.load(&copies.reader).await {
        tracing::error!(%error, "how far copies are was not read: clients see it when there are others");
    }
    let mut changes = copies.lines.changes();
    let mut running = JoinSet::new();
    let (mut busy, mut later) = (Busy::new(), Later::default());
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
            () = copies.woken.notified() => later.copies.clear(),
            changed = changes.changed() => {
                if changed.is_err() {
                    return;
                }
                later.devices.clear();
            }
            Some(ended) = running.join_next() => match ended {
                Ok((id, done)) => {
                    let device = busy.remove(&id);
                    match done {
                        Ok(None) => {}
                        Ok(Some(kind)) if kind == Refusal::DiskFull.kind() => drop(later.copies.insert(id)),
                        Ok(Some(_)) => later.devices.extend(device),
                        Err(error) => {
                            tracing::error!(%error, "what became of a copy was not written");
                            later.copies.insert(id);
                        }
                    }
                }
                // It panicked, or the engine is stopping.
                Err(error) => tracing::error!(%error, "a copy ended"),
            },
            () = sleep_until(again) => later = Later::default(),
        }
    }
}
