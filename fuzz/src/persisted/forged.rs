//! Storages with checksums that fit what they hold beside rows, which is nonsense: nobody writes such by accident. The cache may believe
//! what it reads, but it neither panics nor runs on for ever.

use larder::persist::{Batch, Op};
use larder::query::Query;
use larder::{Cache, Config, Effect, Step};

use crate::agreed::{QUERIES, registry};
use crate::disk::Disk;

/// A driver that looks at nothing.
struct Driver {
    cache: Cache,
    disk: Disk,
    batch: Option<Batch>,
    load: Option<Vec<String>>,
}

impl Driver {
    fn take<T>(&mut self, step: Step<T>) -> Option<T> {
        self.batch = step.batch.or(self.batch.take());
        for effect in step.effects {
            if let Effect::Load { keys } = effect {
                self.load = Some(keys);
            }
        }
        step.result.ok()
    }
}

/// Starts on a storage, uses what is there, and stores it.
pub fn start(disk: Disk) {
    let keys = disk.keys("");
    let mut driver =
        Driver { cache: Cache::new(registry(), Config::default()), disk, batch: None, load: None };
    let step = driver.cache.restore(&keys, 0);
    driver.take(step);
    let mut reads = 0;
    while let Some(keys) = driver.load.take() {
        reads += 1;
        assert!(reads < 1_000, "reading back ends");
        let step = driver.cache.loaded(driver.disk.read(&keys), 0);
        driver.take(step);
    }
    let mut mounted = Vec::new();
    for query in QUERIES.iter().map(|query| Query::parse(query).unwrap()) {
        let step = driver.cache.mount(&query);
        mounted.extend(driver.take(step));
    }
    for id in (0..12).map(|n| format!("f{n}")) {
        let event = format!(
            r#"{{"ResourceChanged":{{"resource_type":"file","resource":{{"id":"{id}","name":"a","v":100}}}}}}"#
        );
        let step = driver.cache.apply(event);
        driver.take(step);
    }
    for id in mounted {
        _ = driver.cache.rows(id).count();
        let step = driver.cache.unmount(id);
        driver.take(step);
    }
    let step = driver.cache.flush(10_000);
    driver.take(step);
    let mut writes = 0;
    while let Some(batch) = driver.batch.take() {
        writes += 1;
        assert!(writes < 1_000, "writing ends");
        for op in batch.ops() {
            match op {
                Op::Put { key, value } => _ = driver.disk.values.insert(key.to_owned(), value.to_vec()),
                Op::Delete { key } => _ = driver.disk.values.remove(key),
            }
        }
        let step = driver.cache.persisted(batch.number(), Ok(()), 10_000);
        driver.take(step);
    }
}
