//! How far copies are, as jobs: one for all the files that somebody asked for at once.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::message::Far;
use crate::database::entity::file_copy::{self, CopyState};
use crate::database::entity::job::JobKind;
use crate::jobs::{About, Job, Jobs};
use crate::resource::state_of;

/// The copies that go on, by what was asked for.
#[derive(Debug)]
pub(crate) struct Progress {
    jobs: Jobs,
    asked: Mutex<BTreeMap<Uuid, Asked>>,
}

#[derive(Debug)]
struct Asked {
    job: Job,
    /// In bytes, as is `there`, what has come of files that are done.
    total: u64,
    there: u64,
    /// How many files there are, how many are not done, and how many failed.
    files: u64,
    open: u64,
    failed: u64,
    /// Why the first of them failed.
    problem: Option<(String, String)>,
    /// What is in the way of all of them.
    waits_for: Option<String>,
    /// Those that are worked on.
    running: BTreeMap<Uuid, Running>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Running {
    done: u64,
    size: u64,
}

impl Progress {
    pub(crate) fn new(jobs: Jobs) -> Self {
        Self { jobs, asked: Mutex::default() }
    }

    /// Takes up the jobs of copies that were going on in the last run.
    pub(super) async fn load(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        use file_copy::Column as C;
        let open: Vec<Uuid> = file_copy::Entity::find()
            .select_only()
            .column(C::JobId)
            .distinct()
            .filter(C::State.eq(CopyState::Waiting))
            .into_tuple()
            .all(db)
            .await?;
        for job in open {
            // What is in the files themselves is not needed for this, and may be much.
            let rows = file_copy::Entity::find().filter(C::JobId.eq(job)).all(db).await?;
            self.asked_for(&rows);
        }
        Ok(())
    }

    /// All the files of one job, as they are by now.
    pub(super) fn asked_for(&self, rows: &[file_copy::Model]) {
        let Some(first) = rows.first() else { return };
        // Where it is here already, it is broken off, and gone on with.
        drop(self.lock().remove(&first.job_id));
        let job = self.jobs.begin(About::asked(JobKind::Copy, first.job_id, first.device_id));
        let name = first.under.split('/').next().filter(|top| !top.is_empty()).unwrap_or(&first.name);
        job.puts(name, first.folder_id);
        job.queue();
        let mut asked = Asked {
            job,
            total: rows.iter().map(size).sum(),
            there: 0,
            files: rows.len() as u64,
            open: 0,
            failed: 0,
            problem: None,
            waits_for: None,
            running: BTreeMap::new(),
        };
        for row in rows {
            match row.state {
                CopyState::Waiting => asked.open += 1,
                CopyState::Done => asked.there += size(row),
                CopyState::Failed => asked.fails(row),
            }
        }
        // What has come of the files in the middle is known when they are gone on with: until then it is as it was.
        let before = asked.job.at().0;
        asked.job.is_at(asked.there.max(before).min(asked.total), Some(asked.total));
        self.lock().insert(first.job_id, asked);
    }

    /// A file is worked on.
    pub(super) fn starts(&self, row: &file_copy::Model) {
        self.with(row, |asked| {
            if asked.running.is_empty() && asked.waits_for.is_none() {
                asked.job.go_on();
            }
            asked.running.insert(row.id, Running { done: 0, size: size(row) });
        });
    }

    /// So much of a file is there.
    pub(super) fn is_at(&self, row: &file_copy::Model, done: u64) {
        self.with(row, |asked| {
            asked.is_of(row);
            // What was in the way may still be there when it is tried again, until something comes.
            if asked.waits_for.take().is_some() {
                asked.job.go_on();
            }
            if let Some(running) = asked.running.get_mut(&row.id) {
                running.done = done;
            }
            asked.count();
        });
    }

    /// A file is not worked on any more: it is done, it failed, or, for the reason that is given, it goes on later.
    pub(super) fn stops(&self, row: &file_copy::Model, later: Option<(&str, &str)>) {
        let mut all = self.lock();
        let Some(asked) = all.get_mut(&row.job_id) else { return };
        asked.is_of(row);
        asked.running.remove(&row.id);
        match row.state {
            CopyState::Waiting => {}
            CopyState::Done => {
                asked.open -= 1;
                asked.there += size(row);
            }
            CopyState::Failed => {
                asked.open -= 1;
                asked.fails(row);
            }
        }
        if row.state != CopyState::Waiting {
            asked.count();
        }
        if asked.files == 1 {
            // It may have got another name.
            asked.job.puts(&row.name, row.folder_id);
        }
        if asked.open == 0 {
            if let Some(asked) = all.remove(&row.job_id) {
                asked.end();
            }
        } else if let Some((kind, problem)) = later
            && asked.running.is_empty()
            && asked.waits_for.as_deref() != Some(kind)
        {
            asked.waits_for = Some(kind.to_owned());
            asked.job.wait(kind, problem);
        }
    }

    /// How far a job is, for another device whose client asked for it.
    pub(super) fn far(&self, job: Uuid) -> Option<Far> {
        let row = self.jobs.asked(JobKind::Copy, job)?;
        Some(Far {
            state: state_of(row.state),
            done: row.done.unsigned_abs(),
            total: row.total.map(i64::unsigned_abs),
            kind: row.problem_kind,
            problem: row.problem,
        })
    }

    /// How much is there of a file that is worked on.
    pub(super) fn done(&self, row: &file_copy::Model) -> Option<u64> {
        self.lock().get(&row.job_id)?.running.get(&row.id).map(|running| running.done)
    }

    /// Forgets jobs that ended before a time, and says which.
    pub(super) fn forget(&self, before_ms: i64) -> Vec<String> {
        self.jobs.forget(JobKind::Copy, before_ms)
    }

    fn with(&self, row: &file_copy::Model, change: impl FnOnce(&mut Asked)) {
        if let Some(asked) = self.lock().get_mut(&row.job_id) {
            change(asked);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, Asked>> {
        // Nothing in here panics while it holds the lock half-changed.
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asked {
    /// The file may be of another size than was said of it before.
    fn is_of(&mut self, row: &file_copy::Model) {
        if let Some(running) = self.running.get_mut(&row.id) {
            let now = size(row);
            self.total = self.total.saturating_sub(running.size).saturating_add(now);
            running.size = now;
        }
    }

    fn fails(&mut self, row: &file_copy::Model) {
        self.failed += 1;
        if self.problem.is_none() {
            self.problem = row.problem_kind.clone().zip(row.problem.clone());
        }
    }

    fn count(&mut self) {
        let coming: u64 = self.running.values().map(|running| running.done).sum();
        self.job.is_at((self.there + coming).min(self.total), Some(self.total));
    }

    fn end(self) {
        let Self { job, files, failed, problem, .. } = self;
        match problem {
            Some((kind, problem)) if files == 1 || kind == "called_off" => job.fail(&kind, &problem),
            Some((kind, problem)) => {
                job.fail(&kind, &format!("{failed} of {files} files are not there: {problem}"));
            }
            None => job.finish(),
        }
    }
}

fn size(row: &file_copy::Model) -> u64 {
    row.size.map_or(0, i64::unsigned_abs)
}
