//! A cache with a storage, in memory, and one with a connection.

use std::collections::BTreeMap;
use std::hint::black_box;

use larder::persist::{Batch, Op};
use larder::{Cache, Effect, Step as Done};

use crate::files::{change, empty, mount, plain_batch, query, row};
use crate::paths::Step;
use crate::rows::in_folder;

const WINDOW: &str = r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":100}"#;

/// What is stored, and a driver that stores.
#[derive(Default)]
struct Disk {
    values: BTreeMap<String, Vec<u8>>,
    /// What the cache waits for.
    load: Vec<String>,
}

impl Disk {
    /// Takes a step; what it wants stored is stored at once.
    fn take<T>(&mut self, cache: &mut Cache, step: Done<T>, now_ms: u64) {
        let mut batch = step.batch;
        self.load.extend(
            step.effects
                .into_iter()
                .filter_map(|effect| match effect {
                    Effect::Load { keys } => Some(keys),
                    _ => None,
                })
                .flatten(),
        );
        while let Some(written) = batch.take() {
            for op in written.ops() {
                match op {
                    Op::Put { key, value } => _ = self.values.insert(key.to_owned(), value.to_vec()),
                    Op::Delete { key } => _ = self.values.remove(key),
                }
            }
            batch = cache.persisted(written.number(), Ok(()), now_ms).batch;
        }
    }

    fn read(&mut self) -> Vec<u8> {
        let mut values = Batch::new(0);
        for key in self.load.drain(..) {
            match self.values.get(&key) {
                Some(value) => values.put(&key, value),
                None => values.delete(&key),
            }
        }
        values.into_bytes()
    }

    /// A storage with so many rows, some of them on the screen.
    fn with(rows: usize) -> Self {
        let mut disk = Self::default();
        let mut cache = empty();
        let step = cache.restore(&[], 0);
        disk.take(&mut cache, step, 0);
        let step = cache.apply(plain_batch(rows));
        disk.take(&mut cache, step, 0);
        let step = cache.mount(&query(WINDOW));
        disk.take(&mut cache, step, 0);
        let step = cache.flush(10_000);
        disk.take(&mut cache, step, 10_000);
        disk
    }
}

fn restore(rows: usize, is_whole: bool) -> Step {
    let mut disk = Disk::with(rows);
    let mut cache = empty();
    let query = query(WINDOW);
    Box::new(move |_| {
        let keys: Vec<String> = disk.values.keys().cloned().collect();
        let step = cache.restore(&keys, 0);
        disk.take(&mut cache, step, 0);
        let step = cache.mount(&query);
        let shown = step.result.as_ref().copied().ok();
        disk.take(&mut cache, step, 0);
        while !disk.load.is_empty() {
            let values = disk.read();
            let step = black_box(cache.loaded(values, 0));
            disk.take(&mut cache, step, 0);
            if !is_whole && shown.is_some_and(|shown| cache.rows(shown).count() == 100) {
                break;
            }
        }
    })
}

/// Until what was on the screen is there again.
pub fn first_window() -> Step {
    restore(100_000, false)
}

/// Until all rows are there.
pub fn whole() -> Step {
    restore(20_000, true)
}

/// One event, of which a storage gets to know.
pub fn stored_update() -> Step {
    let mut disk = Disk::with(10_000);
    let keys: Vec<String> = disk.values.keys().cloned().collect();
    let mut cache = empty();
    let step = cache.restore(&keys, 0);
    disk.take(&mut cache, step, 0);
    while !disk.load.is_empty() {
        let values = disk.read();
        let step = cache.loaded(values, 0);
        disk.take(&mut cache, step, 0);
    }
    mount(&mut cache, WINDOW);
    let mut now_ms = 20_000;
    Box::new(move |n| {
        let step = cache.apply(change(n * 13 % 10_000, n * 7, n + 2));
        disk.take(&mut cache, step, now_ms);
        // A hundred events in a second.
        now_ms += 10;
        let step = cache.tick(now_ms);
        disk.take(&mut cache, step, now_ms);
    })
}

/// Events that were missed come in over a new connection.
pub fn catch_up() -> Step {
    let mut cache = empty();
    let _ = cache.apply(plain_batch(10_000));
    for folder in 0..20 {
        mount(&mut cache, &in_folder(folder));
    }
    let _ = cache.connect(0);
    let _ = cache.connected(0);
    let welcome = r#"{"type":"welcome","data":{"protocol":1,"scope":"l","epoch":"e","sequence":1000000}}"#;
    let _ = cache.receive(welcome, 0);
    Box::new(move |n| {
        let event = format!(
            r#"{{"envelope":{{"id":"e{n}","timestamp":"2026-11-21T10:00:00Z","library_id":"l","sequence":{}}},"kind":{{"type":"ResourceChanged","data":{{"resource_type":"file","resource":{}}}}}}}"#,
            n + 1,
            row(n % 40, n, n + 2)
        );
        let _ = black_box(cache.receive(event, 0));
    })
}
