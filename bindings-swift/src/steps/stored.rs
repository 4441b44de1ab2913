//! A storage that lasts as long as the scenario.

use std::collections::BTreeMap;

use larder::persist::{Batch, Op};

/// What outlives a restart.
#[derive(Default)]
pub(super) struct Stored(BTreeMap<String, Vec<u8>>);

impl Stored {
    pub(super) fn keys(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    pub(super) fn commit(&mut self, batch: &Batch) {
        for op in batch.ops() {
            match op {
                Op::Put { key, value } => _ = self.0.insert(key.to_owned(), value.to_vec()),
                Op::Delete { key } => _ = self.0.remove(key),
            }
        }
    }

    /// The values in the form in which the cache takes them.
    pub(super) fn read(&self, keys: &[String]) -> Vec<u8> {
        let mut values = Batch::new(0);
        for key in keys {
            match self.0.get(key) {
                Some(value) => values.put(key, value),
                None => values.delete(key),
            }
        }
        values.as_bytes().to_vec()
    }
}
