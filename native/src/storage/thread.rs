//! The thread that has the storage, so that no step of the cache waits for a disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Weak};
use std::{io, thread};

use larder::Cache;
use tokio::sync::oneshot;

use super::{Batch, Storage, StorageError, StorageErrorKind};
use crate::clock::Clock;
use crate::owner::Desk;

/// What the owner of the cache has the thread do, in order.
pub(crate) enum Job {
    /// Store this and tell the owner.
    Commit(Batch),
    /// Read these values and tell the owner.
    Load(Vec<String>),
    /// Save what is left, let go of the storage, and end.
    Finish(Box<Finish>),
}

/// The client is closed; its cache comes here, as it may have more to store than one batch.
pub(crate) struct Finish {
    pub cache: Cache,
    /// The batch that the owner has not heard of.
    pub in_flight: Option<u64>,
    pub clock: Clock,
    /// Nothing is to be left of what was stored.
    pub wipes: bool,
    pub done: oneshot::Sender<Result<(), StorageError>>,
}

/// The way to the thread.
pub(crate) type Jobs = Sender<Job>;

/// A thread that has not been started, and the way to it.
pub(crate) fn prepare(storage: Box<dyn Storage>) -> (Jobs, impl FnOnce(&Arc<Desk>) -> io::Result<()>) {
    let (jobs, coming) = channel();
    let start = move |desk: &Arc<Desk>| {
        let desk = Arc::downgrade(desk);
        let run = move || Thread { storage, desk, last: Ok(()) }.run(&coming);
        thread::Builder::new().name("larder storage".to_owned()).spawn(run).map(drop)
    };
    (jobs, start)
}

struct Thread {
    storage: Box<dyn Storage>,
    desk: Weak<Desk>,
    /// What the last commit came to.
    last: Result<(), StorageError>,
}

impl Thread {
    fn run(mut self, jobs: &Receiver<Job>) {
        let keys = self.guarded(|storage| storage.keys());
        let keys = keys.map(|keys| keys.into_iter().map(|(key, _)| key).collect::<Vec<String>>());
        if let Some(desk) = self.desk.upgrade() {
            desk.begin(move |owner| owner.opened(keys));
        }
        while let Ok(job) = jobs.recv() {
            match job {
                Job::Commit(batch) => {
                    let result = self.commit(&batch);
                    self.tell(move |owner| owner.persisted(batch.number(), result));
                }
                Job::Load(keys) => {
                    let values = self.load(&keys);
                    self.tell(move |owner| owner.loaded(values));
                }
                Job::Finish(finish) => return self.finish(*finish),
            }
        }
        // The owner is gone without having said so: a panic of the app's.
        _ = self.guarded(|storage| storage.close());
    }

    fn tell(&self, act: impl FnOnce(&mut crate::owner::Owner) + Send + 'static) {
        if let Some(desk) = self.desk.upgrade() {
            desk.tell(act);
        }
    }

    /// A storage of the app's may panic, and must not take the client with it.
    fn guarded<T>(
        &mut self,
        act: impl FnOnce(&mut dyn Storage) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let storage = &mut *self.storage;
        catch_unwind(AssertUnwindSafe(|| act(storage))).unwrap_or_else(|_| {
            Err(StorageError::new(StorageErrorKind::Io, "the storage panicked; see its author"))
        })
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StorageError> {
        self.last = self.guarded(|storage| storage.commit(batch));
        self.last.clone()
    }

    /// The values, as the core takes them.
    fn load(&mut self, keys: &[String]) -> Result<Vec<u8>, StorageError> {
        let names: Vec<&str> = keys.iter().map(String::as_str).collect();
        let values = self.guarded(|storage| storage.read(&names))?;
        let mut found = Batch::new(0);
        for (key, value) in names.iter().zip(values) {
            match value {
                Some(value) => found.put(key, &value),
                None => found.delete(key),
            }
        }
        Ok(found.into_bytes())
    }

    fn finish(mut self, finish: Finish) {
        let Finish { mut cache, in_flight, clock, wipes, done } = finish;
        let outcome = if wipes {
            self.guarded(|storage| storage.wipe())
        } else {
            self.save(&mut cache, in_flight, &clock)
        };
        let closed = self.guarded(|storage| storage.close());
        // The files can be opened by another from here on.
        drop(self.storage);
        _ = done.send(outcome.and(closed));
    }

    /// Writes what is left: what follows the batch under way, and then the rest.
    fn save(&mut self, cache: &mut Cache, in_flight: Option<u64>, clock: &Clock) -> Result<(), StorageError> {
        if let Some(number) = in_flight {
            let result = self.last.clone();
            let batch = cache.persisted(number, result.clone(), clock.now_ms()).batch;
            // If that failed, it would be the same with the next one.
            result?;
            self.save_all(cache, batch, clock)?;
        }
        let batch = cache.flush(clock.now_ms()).batch;
        self.save_all(cache, batch, clock)
    }

    fn save_all(
        &mut self,
        cache: &mut Cache,
        mut batch: Option<Batch>,
        clock: &Clock,
    ) -> Result<(), StorageError> {
        while let Some(next) = batch {
            let result = self.commit(&next);
            batch = cache.persisted(next.number(), result.clone(), clock.now_ms()).batch;
            result?;
        }
        Ok(())
    }
}
