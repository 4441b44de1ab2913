//! The jobs of an engine, as they are by now.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use tokio::sync::watch;
use uuid::Uuid;

use crate::database::entity::job::{self, JobKind, JobState};
use crate::time::now_ms;
use crate::transaction::Write;

/// What a job does, and to what. There is one of each at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) kind: JobKind,
    /// The other device.
    pub(crate) device: Option<Uuid>,
    pub(crate) location: Option<Uuid>,
    /// What somebody asked for, where each has a job of its own.
    pub(crate) asked: Option<Uuid>,
}

impl About {
    /// Something that is about the whole database.
    pub(crate) fn all(kind: JobKind) -> Self {
        Self { kind, device: None, location: None, asked: None }
    }

    pub(crate) fn device(kind: JobKind, device: Uuid) -> Self {
        Self { kind, device: Some(device), location: None, asked: None }
    }

    pub(crate) fn location(kind: JobKind, location: Uuid) -> Self {
        Self { kind, device: None, location: Some(location), asked: None }
    }

    /// Something that somebody asked for, with a device.
    pub(crate) fn asked(kind: JobKind, asked: Uuid, device: Uuid) -> Self {
        Self { kind, device: Some(device), location: None, asked: Some(asked) }
    }

    fn id(self) -> String {
        self.kind.id(self.asked.or(self.device).or(self.location))
    }
}

/// All jobs of an engine. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jobs {
    book: Arc<Mutex<BTreeMap<String, Entry>>>,
    changed: Arc<watch::Sender<u64>>,
}

#[derive(Debug)]
struct Entry {
    row: job::Model,
    /// State and beginning of what was written last.
    written: Option<(JobState, i64)>,
    is_changed: bool,
}

impl Jobs {
    /// The jobs of the last run. What was going on then goes on when its owner comes back to it.
    pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let jobs = Self::default();
        for row in job::Entity::find().all(db).await? {
            let written = Some((row.state, row.started_ms));
            let is_changed = matches!(row.state, JobState::Queued | JobState::Running);
            let state = if is_changed { JobState::Paused } else { row.state };
            let entry = Entry { row: job::Model { state, ..row }, written, is_changed };
            jobs.lock().insert(entry.row.id.clone(), entry);
        }
        jobs.tell();
        Ok(jobs)
    }

    /// Begins a job, or goes on with it if it was broken off.
    pub(crate) fn begin(&self, about: About) -> Job {
        let (id, now_ms) = (about.id(), now_ms());
        let mut book = self.lock();
        let before = book.get(&id);
        let version = before.map_or(0, |entry| entry.row.version);
        let row = match before.filter(|entry| entry.row.state == JobState::Paused) {
            Some(Entry { row, .. }) => job::Model {
                state: JobState::Running,
                problem_kind: None,
                problem: None,
                updated_ms: now_ms,
                ..row.clone()
            },
            None => job::Model {
                id: id.clone(),
                kind: about.kind,
                state: JobState::Running,
                device_id: about.device,
                location_id: about.location,
                folder_id: None,
                name: None,
                done: 0,
                total: None,
                started_ms: now_ms,
                updated_ms: now_ms,
                problem_kind: None,
                problem: None,
                version,
            },
        };
        let written = before.and_then(|entry| entry.written);
        let at = (row.done, row.total);
        book.insert(id.clone(), Entry { row, written, is_changed: true });
        drop(book);
        self.tell();
        Job { jobs: self.clone(), id, at, is_over: false }
    }

    /// Whether such a job was broken off.
    pub(crate) fn is_broken_off(&self, about: About) -> bool {
        self.lock().get(&about.id()).is_some_and(|entry| entry.row.state == JobState::Paused)
    }

    /// Ends a job that was broken off, because there is nothing left to do.
    pub(crate) fn settle(&self, about: About) {
        if self.is_broken_off(about) {
            self.begin(about).finish();
        }
    }

    /// A job that somebody asked for, as it is by now.
    pub(crate) fn asked(&self, kind: JobKind, asked: Uuid) -> Option<job::Model> {
        self.lock().get(&kind.id(Some(asked))).map(|entry| entry.row.clone())
    }

    /// The jobs of a kind that were asked for and broken off, and the devices that they are done with.
    pub(crate) fn broken_off(&self, kind: JobKind) -> Vec<(Uuid, Uuid)> {
        let book = self.lock();
        let broken_off = |entry: &&Entry| entry.row.kind == kind && entry.row.state == JobState::Paused;
        let asked = |row: &job::Model| Some((kind.about(&row.id)?, row.device_id?));
        book.values().filter(broken_off).filter_map(|entry| asked(&entry.row)).collect()
    }

    /// Forgets jobs of a kind that ended before a time, and says which.
    pub(crate) fn forget(&self, kind: JobKind, before_ms: i64) -> Vec<String> {
        let mut forgotten = Vec::new();
        self.lock().retain(|id, Entry { row, .. }| {
            let is_over = matches!(row.state, JobState::Done | JobState::Failed);
            let is_old = row.kind == kind && is_over && row.updated_ms < before_ms;
            if is_old {
                forgotten.push(id.clone());
            }
            !is_old
        });
        forgotten
    }

    /// Moves when something is to be written.
    pub(super) fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// What is to be written: rows, and the names of the events that tell of them.
    pub(crate) fn take_changed(&self) -> Vec<Write> {
        let mut writes = Vec::new();
        for Entry { row, written, is_changed } in self.lock().values_mut() {
            if !std::mem::take(is_changed) {
                continue;
            }
            row.version += 1;
            let is_known = written.is_some_and(|(state, started_ms)| {
                started_ms == row.started_ms && !matches!(state, JobState::Done | JobState::Failed)
            });
            let mut events = Vec::new();
            if !is_known {
                events.push("JobStarted");
            }
            match row.state {
                JobState::Done | JobState::Failed => events.push("JobEnded"),
                _ if is_known => events.push("JobProgress"),
                _ => {}
            }
            *written = Some((row.state, row.started_ms));
            writes.push(Write::Job { row: row.clone(), events });
        }
        writes
    }

    /// All of it is to be written again: it was not, the last time.
    pub(super) fn not_written(&self, writes: &[String]) {
        let mut book = self.lock();
        for id in writes {
            if let Some(entry) = book.get_mut(id) {
                entry.is_changed = true;
            }
        }
        drop(book);
        self.tell();
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut job::Model)) {
        let mut book = self.lock();
        if let Some(entry) = book.get_mut(id) {
            change(&mut entry.row);
            entry.row.updated_ms = now_ms();
            entry.is_changed = true;
        }
        drop(book);
        self.tell();
    }

    fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        // Nothing in here panics while it holds the lock half-changed.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job that goes on. Dropped without a word, it was broken off.
#[derive(Debug)]
pub(crate) struct Job {
    jobs: Jobs,
    id: String,
    /// How much is done, of how much.
    at: (i64, Option<i64>),
    is_over: bool,
}

impl Job {
    /// How much is done, of how much if that is known: when it was broken off before, as it was then.
    pub(crate) fn at(&self) -> (u64, Option<u64>) {
        (self.at.0.unsigned_abs(), self.at.1.map(i64::unsigned_abs))
    }

    /// Says how much is done, and of how much if that is known.
    pub(crate) fn is_at(&mut self, done: u64, total: Option<u64>) {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let at = (number(done), total.map(number));
        if self.at != at {
            self.at = at;
            self.jobs.change(&self.id, |row| (row.done, row.total) = at);
        }
    }

    /// Says what it puts where.
    pub(crate) fn puts(&self, name: &str, folder: Uuid) {
        self.jobs.change(&self.id, |row| (row.name, row.folder_id) = (Some(name.to_owned()), Some(folder)));
    }

    /// It waits for its turn.
    pub(crate) fn queue(&self) {
        self.jobs.change(&self.id, |row| row.state = JobState::Queued);
    }

    /// It goes on.
    pub(crate) fn go_on(&self) {
        self.jobs.change(&self.id, |row| {
            (row.state, row.problem_kind, row.problem) = (JobState::Running, None, None);
        });
    }

    /// It goes on later: something is in its way.
    pub(crate) fn wait(&self, kind: &str, problem: &str) {
        self.jobs.change(&self.id, |row| {
            row.state = JobState::Paused;
            (row.problem_kind, row.problem) = (Some(kind.to_owned()), Some(problem.to_owned()));
        });
    }

    /// It is done.
    pub(crate) fn finish(mut self) {
        self.is_over = true;
        self.jobs.change(&self.id, |row| {
            row.state = JobState::Done;
            row.done = row.total.unwrap_or(row.done);
        });
    }

    /// It cannot be done. `kind` is the stable name of the reason, `problem` is for people.
    pub(crate) fn fail(mut self, kind: &str, problem: &str) {
        self.is_over = true;
        self.jobs.change(&self.id, |row| {
            row.state = JobState::Failed;
            row.problem_kind = Some(kind.to_owned());
            row.problem = Some(problem.to_owned());
        });
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if !self.is_over {
            self.jobs.change(&self.id, |row| row.state = JobState::Paused);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(jobs: &Jobs) -> Vec<(JobState, i64, Vec<&'static str>)> {
        let job = |write| match write {
            Write::Job { row, events } => (row.state, row.done, events),
            other => panic!("{other:?} is no job"),
        };
        jobs.take_changed().into_iter().map(job).collect()
    }

    #[test]
    fn what_is_counted_between_two_writes_is_written_once() {
        let jobs = Jobs::default();
        let mut job = jobs.begin(About::all(JobKind::Compact));
        assert_eq!(told(&jobs), [(JobState::Running, 0, vec!["JobStarted"])]);
        for done in 1..=70 {
            job.is_at(done, Some(100));
        }
        assert_eq!(told(&jobs), [(JobState::Running, 70, vec!["JobProgress"])]);
        job.is_at(70, Some(100));
        assert_eq!(told(&jobs), [], "nothing happened");
        job.finish();
        assert_eq!(told(&jobs), [(JobState::Done, 100, vec!["JobEnded"])]);
        jobs.begin(About::all(JobKind::Compact)).fail("disk_full", "the disk is full");
        assert_eq!(told(&jobs), [(JobState::Failed, 0, vec!["JobStarted", "JobEnded"])]);
    }

    #[test]
    fn a_job_that_was_broken_off_goes_on_where_it_was_and_one_that_ended_begins_anew() {
        let jobs = Jobs::default();
        let about = About::location(JobKind::Identify, Uuid::from_u128(1));
        let mut job = jobs.begin(about);
        job.is_at(30, Some(90));
        drop(job);
        assert_eq!(told(&jobs), [(JobState::Paused, 30, vec!["JobStarted"])]);
        let job = jobs.begin(about);
        assert_eq!(job.at(), (30, Some(90)));
        assert_eq!(told(&jobs), [(JobState::Running, 30, vec!["JobProgress"])]);
        job.finish();
        told(&jobs);
        assert_eq!(jobs.begin(about).at(), (0, None));
    }
}
