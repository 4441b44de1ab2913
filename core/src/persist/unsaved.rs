//! Rows that are not on disk as they are.

use super::places::Place;
use crate::store::Address;

/// The rows to write with the next batch, each once.
#[derive(Default)]
pub(crate) struct Unsaved {
    rows: Vec<Address>,
    /// One bit a slot, by table.
    noted: Vec<Vec<u64>>,
    /// Places on disk of rows that are gone.
    pub left: Vec<Place>,
}

impl Unsaved {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.left.is_empty()
    }

    pub(crate) fn has(&self, at: Address) -> bool {
        let word = self.noted.get(at.table as usize).and_then(|noted| noted.get(at.slot as usize / 64));
        word.is_some_and(|bits| bits & 1 << (at.slot % 64) != 0)
    }

    pub(crate) fn add(&mut self, at: Address) {
        let (table, word, bit) = (at.table as usize, at.slot as usize / 64, 1 << (at.slot % 64));
        if table >= self.noted.len() {
            self.noted.resize_with(table + 1, Vec::new);
        }
        let Some(noted) = self.noted.get_mut(table) else { return };
        if word >= noted.len() {
            noted.resize(word + 1, 0);
        }
        if let Some(bits) = noted.get_mut(word)
            && *bits & bit == 0
        {
            *bits |= bit;
            self.rows.push(at);
        }
    }

    /// The rows, which count as written from here on.
    pub(crate) fn take(&mut self) -> Vec<Address> {
        for noted in &mut self.noted {
            noted.fill(0);
        }
        std::mem::take(&mut self.rows)
    }
}
