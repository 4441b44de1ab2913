//! The part of an engine that answers for its files, and fetches those of others.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::DbErr;
use tokio::sync::{Mutex, Notify, mpsc};

use super::Engine;
use super::together::Together;
use crate::action::Actions;
use crate::database::Database;
use crate::database::entity::file_copy::{self, CopyState};
use crate::files::{Copies, Elsewhere, Host, Progress, Room, copies, host};
use crate::index::Known;
use crate::jobs::Jobs;
use crate::net::Visit;
use crate::services::Services;
use crate::transaction::TransactionManager;
use crate::watch::Dirty;

/// What goes on.
#[derive(Debug)]
pub(super) struct Files {
    copies: Arc<Copies>,
    host: Arc<Host>,
}

/// The copies, before anybody can ask for one.
pub(super) fn prepare(
    root: &Path,
    db: &Database,
    known: &Known,
    transactions: &Arc<TransactionManager>,
    together: &Together,
    dirty: &Arc<Dirty>,
    jobs: &Jobs,
) -> Arc<Copies> {
    together.lines.enter_own(together.device);
    Arc::new(Copies {
        root: root.to_owned(),
        reader: db.reader.clone(),
        known: known.clone(),
        transactions: Arc::clone(transactions),
        lines: Arc::clone(&together.lines),
        dirty: Arc::clone(dirty),
        woken: Notify::new(),
        progress: Progress::new(jobs.clone()),
        room: Room::default(),
        elsewhere: Elsewhere::new(jobs.clone(), Arc::clone(&together.lines), db.reader.clone()),
    })
}

impl Files {
    /// Answers those who ask, and goes on with what was being copied.
    pub(super) fn start(
        copying: Arc<Copies>,
        actions: &Arc<Actions>,
        visits: Option<mpsc::Receiver<Visit>>,
        services: &Services,
    ) -> Self {
        let answering = Arc::new(Host {
            root: copying.root.clone(),
            reader: copying.reader.clone(),
            known: copying.known.clone(),
            sent: AtomicU64::new(0),
        });
        services.start("file copies", {
            let copying = Arc::clone(&copying);
            move || copies(Arc::clone(&copying))
        });
        services.start("copies elsewhere", {
            let copying = Arc::clone(&copying);
            move || {
                let copying = Arc::clone(&copying);
                async move { copying.elsewhere.run().await }
            }
        });
        if let Some(visits) = visits {
            let (host_of, actions, visits) =
                (Arc::clone(&answering), Arc::clone(actions), Arc::new(Mutex::new(visits)));
            services.start("files for others", move || {
                let (host_of, actions, visits) =
                    (Arc::clone(&host_of), Arc::clone(&actions), Arc::clone(&visits));
                async move { host(host_of, actions, &mut *visits.lock().await).await }
            });
        }
        Self { copies: copying, host: answering }
    }
}

/// A file that was to be copied to an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileCopy {
    /// The name that it has, or gets, in its folder.
    pub name: String,
    /// `waiting`, `copying`, `completed` or `failed`.
    pub phase: &'static str,
    /// How many bytes are there, as far as is known.
    pub done: u64,
    /// How many bytes there are, once that is known.
    pub total: Option<u64>,
    /// The stable name of the reason why it failed or waits.
    pub kind: Option<String>,
}

impl Engine {
    /// The files that are being copied to this engine, and what became of those that were within the last week; oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn copies(&self) -> Result<Vec<FileCopy>, DbErr> {
        let copies = self.inner.files.copies.all().await?;
        let copy = |(row, done): (file_copy::Model, Option<u64>)| {
            let total = row.size.map(i64::unsigned_abs);
            let phase = match row.state {
                CopyState::Waiting if done.is_some() => "copying",
                CopyState::Waiting => "waiting",
                CopyState::Done => "completed",
                CopyState::Failed => "failed",
            };
            let there = if row.state == CopyState::Done { total } else { done };
            FileCopy { name: row.name, phase, done: there.unwrap_or(0), total, kind: row.problem_kind }
        };
        Ok(copies.into_iter().map(copy).collect())
    }

    /// How many chunks of its files this engine has sent to others, and to itself.
    pub fn chunks_sent(&self) -> u64 {
        self.inner.files.host.sent.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
impl Engine {
    /// Streams to others, and what clients can do, without a client.
    pub(crate) fn parts(&self) -> (&Arc<crate::net::Lines>, &Arc<Actions>) {
        (&self.inner.together.lines, &self.inner.server.actions)
    }

    /// The copies to this engine.
    pub(crate) fn copying(&self) -> &Arc<Copies> {
        &self.inner.files.copies
    }
}
