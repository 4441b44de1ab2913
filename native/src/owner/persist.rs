//! What the owner of the cache has to do with the storage.

use larder::persist::{Batch, StorageError};
use larder::{Cache, Config, Registry};
use tokio::sync::oneshot;

use super::Owner;
use crate::error::Error;
use crate::reply::Answer;
use crate::storage::{Finish, Job, Jobs};

/// The way to the storage, and what is under way.
pub(crate) struct Disk {
    jobs: Jobs,
    in_flight: Option<u64>,
    /// Who wants to know when everything is stored.
    flushing: Vec<Answer<()>>,
}

impl Disk {
    pub(crate) fn new(jobs: Jobs) -> Self {
        Self { jobs, in_flight: None, flushing: Vec::new() }
    }
}

impl Owner {
    /// The storage is open, and these are its keys; or it cannot be opened, and the cache goes on without it.
    pub(crate) fn opened(&mut self, keys: Result<Vec<String>, StorageError>) {
        let now_ms = self.clock.now_ms();
        let step = match keys {
            Ok(keys) => self.cache.restore(&keys, now_ms),
            // The core writes nothing from then on.
            Err(error) => self.cache.load_failed(&error, now_ms),
        };
        _ = self.bring(step);
    }

    pub(super) fn commit(&mut self, batch: Batch) {
        if let Some(disk) = &mut self.disk {
            disk.in_flight = Some(batch.number());
            _ = disk.jobs.send(Job::Commit(batch));
        }
    }

    pub(super) fn load(&mut self, keys: Vec<String>) {
        if let Some(disk) = &mut self.disk {
            _ = disk.jobs.send(Job::Load(keys));
        }
    }

    pub(crate) fn persisted(&mut self, number: u64, result: Result<(), StorageError>) {
        if let Some(disk) = &mut self.disk {
            disk.in_flight = None;
        }
        let failed = result.clone().err();
        let step = self.cache.persisted(number, result, self.clock.now_ms());
        _ = self.bring(step);
        self.answer_flushing(failed);
    }

    pub(crate) fn loaded(&mut self, values: Result<Vec<u8>, StorageError>) {
        let now_ms = self.clock.now_ms();
        let step = match values {
            Ok(values) => self.cache.loaded(values, now_ms),
            // The core writes nothing from then on.
            Err(error) => self.cache.load_failed(&error, now_ms),
        };
        _ = self.bring(step);
    }

    /// Stores everything that is not stored yet.
    pub(crate) fn flush(&mut self, answer: Answer<()>) {
        let step = self.cache.flush(self.clock.now_ms());
        _ = self.bring(step);
        match &mut self.disk {
            Some(disk) => disk.flushing.push(answer),
            None => _ = answer.send(Ok(())),
        }
        self.answer_flushing(None);
    }

    /// Whoever waits is told when nothing is under way any more, or that it failed.
    fn answer_flushing(&mut self, failed: Option<StorageError>) {
        let Some(disk) = &mut self.disk else { return };
        if disk.in_flight.is_some() && failed.is_none() {
            return;
        }
        for answer in disk.flushing.drain(..) {
            _ = answer.send(failed.clone().map_or(Ok(()), |error| Err(Error::Storage(error))));
        }
    }

    /// The client is closed: what is left is stored by the thread of the storage, which then lets go of it. Tells when.
    pub(super) fn finish(&mut self) -> Option<oneshot::Receiver<Result<(), StorageError>>> {
        let disk = self.disk.take()?;
        let (done, is_done) = oneshot::channel();
        let empty = Cache::new(Registry::default(), Config::default());
        let finish = Finish {
            cache: std::mem::replace(&mut self.cache, empty),
            in_flight: disk.in_flight,
            clock: self.clock.clone(),
            wipes: self.wipes,
            done,
        };
        _ = disk.jobs.send(Job::Finish(Box::new(finish)));
        Some(is_done)
    }
}
