//! Runs the cases of `tests/storage/suite.json` on one backend.

use std::collections::BTreeMap;

use larder_native::storage::{Batch, Storage, StorageError};
use serde::Deserialize;
use serde_json::Value;

/// A place where one storage can be, and what can be done to it behind the storage's back.
pub trait Place {
    /// What of the suite's `needs` there is here.
    fn has(&self, need: &str) -> bool;
    /// A handle to the storage of this place; it may take `limit` bytes.
    fn storage(&self, limit: Option<u64>) -> Box<dyn Storage>;
    /// Leaves what is on the disk as it is at this moment, whatever is done by handles that are still open.
    fn kill(&mut self) {}
    fn tear(&self, _bytes: u64) {}
    fn flip(&self, _value: &[u8]) {}
    fn newer(&self) {}
    fn bytes(&self) -> u64 {
        0
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    needs: Vec<String>,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    commit: Option<Vec<Change>>,
    commit_many: Option<Many>,
    read_many: Option<Many>,
    keys: Option<BTreeMap<String, u64>>,
    read: Option<Vec<String>>,
    #[serde(default)]
    gives: Vec<Option<Content>>,
    reopen: Option<bool>,
    kill: Option<bool>,
    second: Option<String>,
    wipe: Option<bool>,
    tear: Option<u64>,
    flip: Option<Content>,
    newer: Option<bool>,
    limit: Option<u64>,
    at_most_bytes: Option<u64>,
    fails: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Change {
    put: Option<String>,
    delete: Option<String>,
    #[serde(flatten)]
    value: Value,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Content {
    Text { text: String },
    Made { bytes: usize, seed: usize },
}

#[derive(Debug, Deserialize)]
struct Many {
    prefix: String,
    count: usize,
    bytes: usize,
    seed: usize,
}

impl Content {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text { text } => text.clone().into_bytes(),
            Self::Made { bytes, seed } => made(*bytes, *seed),
        }
    }
}

pub fn made(bytes: usize, seed: usize) -> Vec<u8> {
    if bytes < 4096 {
        return (0..bytes).map(|at| (seed + 31 * at + (at >> 8)) as u8).collect();
    }
    // Blocks of 256 bytes differ by what is added to all of their bytes.
    let block = |added: usize| std::array::from_fn::<u8, 256, _>(|at| (added + 31 * at) as u8);
    let blocks: Vec<[u8; 256]> = (0..256).map(block).collect();
    let mut made = Vec::with_capacity(bytes + 256);
    (0..bytes.div_ceil(256)).for_each(|at| made.extend_from_slice(&blocks[(seed + at) & 255]));
    made.truncate(bytes);
    made
}

impl Many {
    fn entries(&self) -> impl Iterator<Item = (String, Vec<u8>)> {
        (0..self.count).map(|at| (format!("{}{at:08x}", self.prefix), made(self.bytes, self.seed + at)))
    }
}

fn batch(changes: &[Change]) -> Batch {
    let mut batch = Batch::new(1);
    for change in changes {
        match (&change.put, &change.delete) {
            (Some(key), None) => {
                let content: Content = serde_json::from_value(change.value.clone()).unwrap();
                batch.put(key, &content.bytes());
            }
            (None, Some(key)) => batch.delete(key),
            _ => panic!("an operation is a put or a delete: {change:?}"),
        }
    }
    batch
}

/// Runs every case that makes sense for the places that `place` makes; says how many.
pub fn run_all<P: Place>(place: impl Fn() -> P) -> usize {
    let text = include_str!("../../../../tests/storage/suite.json");
    let cases: Vec<Case> = serde_json::from_str(text).unwrap();
    let mut run = 0;
    for case in cases {
        let place = place();
        if case.needs.iter().all(|need| place.has(need)) {
            Run { storage: place.storage(None), place, limit: None, at: String::new() }.case(&case);
            run += 1;
        }
    }
    run
}

struct Run<P> {
    storage: Box<dyn Storage>,
    place: P,
    limit: Option<u64>,
    at: String,
}

impl<P: Place> Run<P> {
    fn case(mut self, case: &Case) {
        for (at, step) in case.steps.iter().enumerate() {
            self.at = format!("{}: step {at}", case.name);
            let outcome = self.step(step).map_err(|error| (error.kind().to_owned(), error.to_string()));
            match (&step.fails, outcome) {
                (None, Ok(())) => {}
                (Some(kind), Err((found, _))) if *kind == found => {}
                (expected, found) => panic!("{}: {found:?} instead of {expected:?}", self.at),
            }
        }
        self.storage.close().unwrap();
    }

    fn open_again(&mut self) {
        self.storage = self.place.storage(self.limit);
    }

    fn step(&mut self, step: &Step) -> Result<(), StorageError> {
        if step.commit.is_some() || step.commit_many.is_some() {
            let mut batch = batch(step.commit.as_deref().unwrap_or_default());
            let many = step.commit_many.iter().flat_map(Many::entries);
            many.for_each(|(key, value)| batch.put(&key, &value));
            self.storage.commit(&batch)?;
        }
        if let Some(many) = &step.read_many {
            let (keys, values): (Vec<String>, Vec<Vec<u8>>) = many.entries().unzip();
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let expected: Vec<Option<Vec<u8>>> = values.into_iter().map(Some).collect();
            assert!(self.storage.read(&keys)? == expected, "{}: other values", self.at);
        }
        if let Some(expected) = &step.keys {
            let found: BTreeMap<String, u64> = self.storage.keys()?.into_iter().collect();
            assert_eq!(found, *expected, "{}", self.at);
        }
        if let Some(keys) = &step.read {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let found = self.storage.read(&keys)?;
            let expected: Vec<Option<Vec<u8>>> =
                step.gives.iter().map(|content| content.as_ref().map(Content::bytes)).collect();
            assert!(found == expected, "{}: other values", self.at);
        }
        if let Some(kind) = &step.second {
            let error = self.place.storage(self.limit).keys().expect_err(&self.at);
            assert_eq!(error.kind(), kind, "{}: {error}", self.at);
        }
        if step.wipe.is_some() {
            self.storage.wipe()?;
        }
        if let Some(limit) = step.limit {
            self.limit = Some(limit);
        }
        if step.reopen.is_some() || step.limit.is_some() {
            self.storage.close()?;
            self.open_again();
            self.storage.keys()?;
        }
        if step.kill.is_some() {
            self.place.kill();
            self.open_again();
        }
        if let Some(bytes) = step.tear {
            self.place.tear(bytes);
        }
        if let Some(value) = &step.flip {
            self.place.flip(&value.bytes());
        }
        if step.newer.is_some() {
            self.place.newer();
        }
        if let Some(most) = step.at_most_bytes {
            let bytes = self.place.bytes();
            assert!(bytes <= most, "{}: {bytes} bytes", self.at);
        }
        Ok(())
    }
}
