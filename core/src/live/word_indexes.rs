//! The word indexes of one table: made when a query asks for words, kept while one does and for a while after that.

use super::upkeep::Clock;
use super::word_index::WordIndex;
use super::words::Words;
use crate::store::{RowView, Slab, Table};

struct Indexed {
    column: usize,
    rows: WordIndex,
    /// How many views are of its words.
    views: u32,
    last_used: u64,
}

/// By column.
#[derive(Default)]
pub(crate) struct WordIndexes {
    indexes: Vec<Indexed>,
}

impl WordIndexes {
    fn of(&self, column: usize) -> Option<&Indexed> {
        self.indexes.iter().find(|index| index.column == column)
    }

    /// The rows that may have all of these words, found by the word that the fewest have; `None` if no word is asked for.
    pub(crate) fn rows(
        &mut self,
        words: &[Words],
        table: &Table,
        slab: &Slab,
        clock: &mut Clock,
    ) -> Option<Vec<u32>> {
        for &column in words.iter().flat_map(|words| &words.columns) {
            if self.of(column).is_none() {
                let rows = WordIndex::build(table, slab, column);
                self.indexes.push(Indexed { column, rows, views: 0, last_used: 0 });
                clock.built += 1;
            }
        }
        let mut best: Option<(usize, &str, &Words)> = None;
        for words in words {
            self.each(words, |index| index.views += 1);
            for word in words.wanted.words() {
                let found = words.columns.iter().filter_map(|&column| self.of(column));
                let count = found.map(|index| index.rows.count(word)).sum();
                if best.is_none_or(|(least, ..)| count < least) {
                    best = Some((count, word, words));
                }
            }
        }
        let (_, word, words) = best?;
        let mut found = Vec::new();
        words
            .columns
            .iter()
            .filter_map(|&column| self.of(column))
            .for_each(|index| index.rows.rows(word, &mut found));
        Some(each_once(found, table.slots()))
    }

    /// One view less is of these words.
    pub(crate) fn release(&mut self, words: &[Words], clock: &Clock) {
        for words in words {
            self.each(words, |index| {
                index.views = index.views.saturating_sub(1);
                index.last_used = clock.now;
            });
        }
    }

    fn each(&mut self, words: &Words, mut change: impl FnMut(&mut Indexed)) {
        self.indexes.iter_mut().filter(|index| words.columns.contains(&index.column)).for_each(&mut change);
    }

    pub(crate) fn drop_unused(&mut self, clock: &mut Clock) {
        let had = self.indexes.len();
        self.indexes.retain(|index| index.views > 0 || !clock.is_long_ago(index.last_used));
        clock.dropped += (had - self.indexes.len()) as u64;
    }

    /// A row changes, comes or goes.
    pub(crate) fn change(&mut self, slot: u32, old: Option<&RowView<'_>>, new: Option<&RowView<'_>>) {
        for index in &mut self.indexes {
            index.rows.change(slot, old, new, index.column);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.indexes.len()
    }

    pub(crate) fn bytes_of(&self, column: usize) -> Option<usize> {
        Some(self.of(column)?.rows.bytes())
    }

    pub(crate) fn bytes(&self) -> usize {
        self.indexes.iter().map(|index| index.rows.bytes()).sum()
    }
}

/// The slots in order, each once: a bit for each slot is less work than sorting them.
fn each_once(found: Vec<u32>, slots: u32) -> Vec<u32> {
    let mut bits = vec![0_u64; slots as usize / 64 + 1];
    for slot in found {
        if let Some(bits) = bits.get_mut(slot as usize / 64) {
            *bits |= 1 << (slot % 64);
        }
    }
    let mut slots = Vec::new();
    for (at, mut left) in bits.into_iter().enumerate() {
        while left != 0 {
            slots.push((at * 64) as u32 + left.trailing_zeros());
            left &= left - 1;
        }
    }
    slots
}
