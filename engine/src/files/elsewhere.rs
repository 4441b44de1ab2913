//! Copies that other devices make because a client of this one asked for them: jobs here too, as those devices tell of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use larder_library::JobState;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter};
use tokio::sync::Notify;
use tokio::time::sleep;
use uuid::Uuid;

use super::ask::{AskError, ask, ask_copy};
use super::message::{Far, Request};
use crate::database::entity::job::JobKind;
use crate::database::entity::{file_copy, removed_device};
use crate::jobs::{About, Job, Jobs};
use crate::net::Lines;

/// How often a device is asked.
const EVERY: Duration = Duration::from_millis(500);

/// What is followed. It goes on after a restart.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    jobs: Jobs,
    lines: Arc<Lines>,
    reader: DatabaseConnection,
    followed: Mutex<BTreeMap<Uuid, Followed>>,
    woken: Notify,
}

#[derive(Debug)]
struct Followed {
    job: Job,
    device: Uuid,
    /// What was said last; nothing, if nobody has said anything, or the device could not be asked.
    said: Option<Far>,
    /// Why the device could not be asked the last time.
    problem: Option<String>,
}

impl Elsewhere {
    pub(crate) fn new(jobs: Jobs, lines: Arc<Lines>, reader: DatabaseConnection) -> Self {
        Self { jobs, lines, reader, followed: Mutex::default(), woken: Notify::new() }
    }

    /// The id of the job that a device makes of a question of this one with this id.
    pub(crate) fn job_of(device: Uuid, question: Uuid) -> Uuid {
        Uuid::new_v5(&device, question.to_string().as_bytes())
    }

    /// Follows a copy that a device has begun, of what has this name, into one of its folders.
    pub(crate) fn follow(&self, id: Uuid, device: Uuid, name: &str, folder: Uuid) {
        let job = self.jobs.begin(About::asked(JobKind::Copy, id, device));
        job.puts(name, folder);
        job.queue();
        self.lock().insert(id, Followed { job, device, said: None, problem: None });
        self.woken.notify_one();
    }

    /// Has the device end a copy. Nothing, if there is none that is followed.
    pub(crate) async fn call_off(&self, id: Uuid) -> Result<Option<()>, AskError> {
        let Some(device) = self.lock().get(&id).map(|followed| followed.device) else { return Ok(None) };
        ask(&self.lines, device, &Request::CallOff { job: id }).await?;
        self.woken.notify_one();
        Ok(Some(()))
    }

    /// Goes on with those of the last run, and asks how far all are. Runs until it is dropped.
    pub(crate) async fn run(&self) {
        if let Err(error) = self.load().await {
            tracing::error!(%error, "copies that other devices make are not followed any more");
        }
        loop {
            let all: Vec<(Uuid, Uuid)> = self.lock().iter().map(|(id, one)| (*id, one.device)).collect();
            if all.is_empty() {
                self.woken.notified().await;
                continue;
            }
            futures_util::future::join_all(all.into_iter().map(|(id, device)| self.look(id, device))).await;
            sleep(EVERY).await;
        }
    }

    async fn load(&self) -> Result<(), DbErr> {
        for (id, device) in self.jobs.broken_off(JobKind::Copy) {
            let own = file_copy::Entity::find().filter(file_copy::Column::JobId.eq(id));
            if !self.lock().contains_key(&id) && own.count(&self.reader).await? == 0 {
                let job = self.jobs.begin(About::asked(JobKind::Copy, id, device));
                self.lock().insert(id, Followed { job, device, said: None, problem: None });
            }
        }
        Ok(())
    }

    async fn look(&self, id: Uuid, device: Uuid) {
        let said = ask_copy(&self.lines, device, id).await;
        let is_removed = removed_device::Entity::find_by_id(device).one(&self.reader).await;
        let mut all = self.lock();
        let Some(followed) = all.get_mut(&id) else { return };
        let mut is_over = false;
        let ended = match said {
            _ if matches!(is_removed, Ok(Some(_))) => {
                Some(("removed".to_owned(), "the device was removed from the library".to_owned()))
            }
            Ok(said) => followed.hears(said),
            Err(error) if error.is_passing() => {
                followed.misses(&error);
                return;
            }
            // There was no file in what was to be copied, or it is long over.
            Err(error) if error.kind() == "not_found" => {
                is_over = true;
                None
            }
            Err(error) => Some((error.kind().to_owned(), error.to_string())),
        };
        is_over |= followed.said.as_ref().is_some_and(|said| said.state == JobState::Done);
        if (is_over || ended.is_some())
            && let Some(Followed { job, .. }) = all.remove(&id)
        {
            match ended {
                Some((kind, problem)) => job.fail(&kind, &problem),
                None => job.finish(),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, Followed>> {
        // Nothing in here panics while it holds the lock half-changed.
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Followed {
    /// The device says how far it is. Returns why it failed, if it did.
    fn hears(&mut self, said: Far) -> Option<(String, String)> {
        if self.said.as_ref() == Some(&said) {
            return None;
        }
        self.problem = None;
        self.job.is_at(said.done, said.total);
        let problem = || (said.kind.clone().unwrap_or_default(), said.problem.clone().unwrap_or_default());
        let mut failed = None;
        let was = self.said.as_ref().map(|said| (said.state, &said.kind));
        if was != Some((said.state, &said.kind)) {
            match said.state {
                JobState::Queued => self.job.queue(),
                JobState::Paused => {
                    let (kind, problem) = problem();
                    self.job.wait(&kind, &problem);
                }
                JobState::Failed => failed = Some(problem()),
                JobState::Done => {}
                _ => self.job.go_on(),
            }
        }
        self.said = Some(said);
        failed
    }

    fn misses(&mut self, error: &AskError) {
        self.said = None;
        if self.problem.as_deref() != Some(error.kind()) {
            self.problem = Some(error.kind().to_owned());
            self.job.wait(error.kind(), &error.to_string());
        }
    }
}
