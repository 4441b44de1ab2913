//! Rows by the value of one column, so that mounting the next query of an equality looks at its own rows only.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::routes::Of;
use super::value_hash::Hashes;
use crate::store::{Slab, Table};

/// A value that more rows have tells too little to be worth keeping.
const MOST_ROWS: usize = 4096;

enum Bucket {
    One(u32),
    Rows(Vec<u32>),
    /// So common that looking at all rows is as good.
    Common,
}

/// The slots of the rows of each value's hash.
#[derive(Default)]
pub(crate) struct ValueIndex {
    buckets: HashMap<u64, Bucket, FixedState>,
}

impl ValueIndex {
    pub(crate) fn build(table: &Table, slab: &Slab, column: usize, of: Of) -> Self {
        let mut index = Self::default();
        let mut hashes = Hashes::default();
        for slot in 0..table.slots() {
            hashes.set(table.view(slot, slab).as_ref(), column, of);
            hashes.iter().for_each(|hash| index.insert(hash, slot));
        }
        index
    }

    pub(crate) fn insert(&mut self, hash: u64, slot: u32) {
        match self.buckets.get_mut(&hash) {
            None => {
                self.buckets.insert(hash, Bucket::One(slot));
            }
            Some(Bucket::Rows(rows)) if rows.len() < MOST_ROWS => rows.push(slot),
            Some(bucket) => {
                *bucket = match bucket {
                    Bucket::One(first) => Bucket::Rows(vec![*first, slot]),
                    _ => Bucket::Common,
                }
            }
        }
    }

    pub(crate) fn remove(&mut self, hash: u64, slot: u32) {
        let is_empty = match self.buckets.get_mut(&hash) {
            Some(Bucket::One(only)) => *only == slot,
            Some(Bucket::Rows(rows)) => {
                if let Some(at) = rows.iter().position(|&other| other == slot) {
                    rows.swap_remove(at);
                }
                rows.is_empty()
            }
            _ => false,
        };
        if is_empty {
            self.buckets.remove(&hash);
        }
    }

    /// The rows that may have one of these values; `None` where that is too many to tell.
    pub(crate) fn rows(&self, hashes: &[u64]) -> Option<Vec<u32>> {
        let mut found = Vec::new();
        for hash in hashes {
            match self.buckets.get(hash) {
                Some(Bucket::One(slot)) => found.push(*slot),
                Some(Bucket::Rows(rows)) => found.extend_from_slice(rows),
                Some(Bucket::Common) => return None,
                None => {}
            }
        }
        Some(found)
    }

    pub(crate) fn bytes(&self) -> usize {
        let rows = self.buckets.values().map(|bucket| match bucket {
            Bucket::Rows(rows) => rows.capacity() * 4,
            Bucket::One(_) | Bucket::Common => 0,
        });
        rows.sum::<usize>() + self.buckets.capacity() * std::mem::size_of::<(u64, Bucket)>()
    }
}
