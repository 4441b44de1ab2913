//! A storage in memory and a driver for it, which can be killed at any point.

use std::collections::BTreeMap;

use larder::persist::{Batch, Op, StorageError, StorageErrorKind};
use larder::{Cache, Config, Effect, Registry, Step, StorageState};

use crate::host::Host;

/// What outlives the app.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    pub values: BTreeMap<String, Vec<u8>>,
}

impl Disk {
    pub fn commit(&mut self, batch: &Batch) {
        for op in batch.ops() {
            match op {
                Op::Put { key, value } => _ = self.values.insert(key.to_owned(), value.to_vec()),
                Op::Delete { key } => _ = self.values.remove(key),
            }
        }
    }

    /// The values in the form in which the cache takes them.
    pub fn read(&self, keys: &[String]) -> Vec<u8> {
        let mut values = Batch::new(0);
        for key in keys {
            match self.values.get(key) {
                Some(value) => values.put(key, value),
                None => values.delete(key),
            }
        }
        values.as_bytes().to_vec()
    }

    pub fn keys(&self, prefix: &str) -> Vec<String> {
        self.values.keys().filter(|key| key.starts_with(prefix)).cloned().collect()
    }
}

/// A cache whose batches wait for the test's word.
pub struct App {
    pub cache: Cache,
    pub disk: Disk,
    pub now_ms: u64,
    /// When the cache wants to be woken.
    pub woken_at: Option<u64>,
    /// The batch on its way.
    pub writing: Option<Batch>,
    /// Values that the cache waits for.
    pub loading: Option<Vec<String>>,
    pub sent: Vec<String>,
    pub settled: Vec<(String, Option<String>)>,
    pub storage_errors: Vec<String>,
    pub host: Host,
}

impl App {
    /// Starts on a disk and reads nothing yet.
    pub fn begin(registry: Registry, disk: Disk) -> Self {
        Self::begin_with(registry, Config::default(), disk)
    }

    /// The same, with a configuration.
    pub fn begin_with(registry: Registry, config: Config, disk: Disk) -> Self {
        let mut app = Self {
            cache: Cache::new(registry, config),
            woken_at: None,
            disk,
            now_ms: 1_000,
            writing: None,
            loading: None,
            sent: Vec::new(),
            settled: Vec::new(),
            storage_errors: Vec::new(),
            host: Host::default(),
        };
        let keys = app.disk.keys("");
        let step = app.cache.restore(&keys, app.now_ms);
        app.take(step).unwrap();
        app
    }

    /// Starts on a disk and reads all of it.
    pub fn start(registry: Registry, disk: Disk) -> Self {
        let mut app = Self::begin(registry, disk);
        while app.load() {}
        app
    }

    pub fn take<T>(&mut self, step: Step<T>) -> Result<T, larder::Error> {
        if let Some(batch) = step.batch {
            assert!(self.writing.is_none(), "one batch at a time");
            assert_eq!(Batch::parse(batch.as_bytes()).unwrap(), batch);
            self.writing = Some(batch);
        }
        if let Some(patch) = &step.patch {
            self.host.notified.clear();
            self.host.apply(patch);
        }
        for effect in step.effects {
            match effect {
                Effect::Load { keys } => assert!(self.loading.replace(keys).is_none()),
                Effect::Send(text) => self.sent.push(text),
                Effect::Settled { id, rejection } => {
                    self.settled.push((id, rejection.map(|rejection| rejection.kind)))
                }
                Effect::WakeAt(at_ms) => self.woken_at = Some(at_ms),
                Effect::Storage(error) => self.storage_errors.push(error.kind),
                _ => {}
            }
        }
        step.result
    }

    /// Gives the cache what it waits for; `false` if that is nothing.
    pub fn load(&mut self) -> bool {
        let Some(keys) = self.loading.take() else { return false };
        let step = self.cache.loaded(self.disk.read(&keys), self.now_ms);
        self.take(step).unwrap();
        true
    }

    /// The batch on its way is written; `false` if there is none.
    pub fn write(&mut self) -> bool {
        let Some(batch) = self.writing.take() else { return false };
        self.disk.commit(&batch);
        let step = self.cache.persisted(batch.number(), Ok(()), self.now_ms);
        self.take(step).unwrap();
        true
    }

    /// The batch on its way cannot be written.
    pub fn fail(&mut self) -> bool {
        let Some(batch) = self.writing.take() else { return false };
        let error = StorageError::new(StorageErrorKind::QuotaExceeded, "the disk is full");
        let step = self.cache.persisted(batch.number(), Err(error), self.now_ms);
        self.take(step).unwrap();
        true
    }

    /// Time does not pass, but what the cache has to do now it does: reads and what it wants to be woken for.
    pub fn settle(&mut self) {
        loop {
            let is_due = self.woken_at.is_some_and(|at_ms| at_ms <= self.now_ms);
            if is_due {
                self.woken_at = None;
                self.wait(0);
            }
            if !self.load() && !is_due {
                return;
            }
        }
    }

    pub fn wait(&mut self, ms: u64) {
        self.now_ms += ms;
        let step = self.cache.tick(self.now_ms);
        self.take(step).unwrap();
    }

    /// Writes everything.
    pub fn flush(&mut self) {
        while self.write() {}
        let step = self.cache.flush(self.now_ms);
        self.take(step).unwrap();
        while self.write() {}
    }

    pub fn apply(&mut self, event: &str) -> larder::Applied {
        let step = self.cache.apply(event);
        self.take(step).unwrap()
    }

    pub fn receive(&mut self, message: &str) {
        let step = self.cache.receive(message, self.now_ms);
        self.take(step).unwrap();
    }

    pub fn mutate(&mut self, mutation: &str) {
        let step = self.cache.mutate(larder::outbox::Mutation::parse(mutation).unwrap());
        self.take(step).unwrap();
    }

    pub fn is_ready(&self) -> bool {
        self.cache.status().storage == StorageState::Ready
    }

    /// All rows of a type, in order of their ids.
    pub fn rows(&mut self, resource_type: &str) -> Vec<String> {
        let query =
            larder::query::Query::parse(format!(r#"{{"from":"{resource_type}"}}"#).as_bytes()).unwrap();
        let step = self.cache.mount(&query);
        let id = self.take(step).unwrap();
        // The host was told the same.
        assert_eq!(self.host.list(id).len(), self.cache.rows(id).count());
        let rows =
            self.cache.rows(id).map(|row| String::from_utf8(row.into_owned()).unwrap()).collect::<Vec<_>>();
        let step = self.cache.unmount(id);
        self.take(step).unwrap();
        rows
    }
}
