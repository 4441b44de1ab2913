//! Rows by the words of one column, so that a query for words looks at the rows that have them only.

use super::matcher::value_of;
use super::sorted::Sorted;
use crate::order_of::sort_and_dedup;
use crate::query::{Value, byte_prefix, fold, word_starts};
use crate::store::{RowView, Slab, Table};

/// The first eight bytes of each word, with the row that has it, in order. Longer words are told apart by looking at the rows.
pub(crate) struct WordIndex {
    entries: Sorted,
    /// The words of a row before and after a change.
    old: Vec<u64>,
    new: Vec<u64>,
}

impl WordIndex {
    pub(crate) fn build(table: &Table, slab: &Slab, column: usize) -> Self {
        let mut words = Vec::new();
        let mut entries = Vec::new();
        for slot in 0..table.slots() {
            set_words(&mut words, table.view(slot, slab).as_ref(), column);
            entries.extend(words.iter().map(|&word| (word, slot)));
        }
        Self { entries: Sorted::build(entries, |a, b| a.cmp(&b)), old: words, new: Vec::new() }
    }

    /// A row changes, comes or goes.
    #[inline(never)]
    pub(crate) fn change(
        &mut self,
        slot: u32,
        old: Option<&RowView<'_>>,
        new: Option<&RowView<'_>>,
        column: usize,
    ) {
        if let (Some(old), Some(new)) = (old, new)
            && old.cell(column).same(old.bytes, new.cell(column), new.bytes)
        {
            return;
        }
        set_words(&mut self.old, old, column);
        set_words(&mut self.new, new, column);
        for word in self.old.iter().filter(|word| self.new.binary_search(word).is_err()) {
            self.entries.remove(*word, slot, |a, b| a.cmp(&b));
        }
        for word in self.new.iter().filter(|word| self.old.binary_search(word).is_err()) {
            self.entries.insert(*word, slot, |a, b| a.cmp(&b));
        }
    }

    /// The entries that may begin with this word, by their ranks.
    fn range(&self, word: &str) -> std::ops::Range<usize> {
        let first = byte_prefix(word);
        // No word begins with a byte of all ones, so that this is no overflow.
        let after = first.saturating_add(1 << (64 - 8 * word.len().clamp(1, 8)));
        let rank = |end: u64| self.entries.rank_where(|prefix, _| prefix < end);
        rank(first)..rank(after)
    }

    /// How many rows may have a word that begins like this: at least as many as do.
    pub(crate) fn count(&self, word: &str) -> usize {
        self.range(word).len()
    }

    /// Those rows, some of them perhaps more than once.
    pub(crate) fn rows(&self, word: &str, out: &mut Vec<u32>) {
        let range = self.range(word);
        out.extend(self.entries.range(range.start, range.len()));
    }

    pub(crate) fn bytes(&self) -> usize {
        self.entries.bytes()
    }
}

/// Sets the list to the beginnings of a row's words, sorted, each once.
fn set_words(words: &mut Vec<u64>, row: Option<&RowView<'_>>, column: usize) {
    words.clear();
    let Some(row) = row else { return };
    let Value::Text(text) = value_of(row.cell(column), row.bytes) else { return };
    let text = fold(&text);
    for start in word_starts(&text) {
        let rest = text.get(start..).unwrap_or_default();
        let word = rest.split_once(' ').map_or(rest, |(word, _)| word);
        words.push(byte_prefix(word));
    }
    sort_and_dedup(words);
}
