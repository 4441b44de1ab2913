//! The order of a view, over the columns of its table.

use std::cmp::Ordering;

use super::graph::hash_id;
use super::listed::List;
use super::matcher::value_of;
use super::sorted::Sorted;
use super::words::Words;
use crate::json::Kind;
use crate::query::{Collation, Cursor, Direction, OrderKey, Value, key_prefix};
use crate::store::{Store, Table};

/// Order keys with their columns found; the id decides at the end.
pub(crate) struct Order {
    pub table: u32,
    pub keys: Vec<(usize, OrderKey)>,
    /// What rows are ranked by where a key is relevance.
    pub words: Vec<Words>,
    /// Among equals any order does: that of the slots, which costs no look at the ids.
    pub by_slot: bool,
    /// The ids that belong at all; where there are no keys, they are in order.
    pub list: Option<Box<List>>,
}

impl Order {
    /// A number that sorts as the first key does; rows with the same number have to be compared.
    pub(crate) fn prefix(&self, store: &Store, slot: u32) -> u64 {
        let Some(table) = store.table(self.table) else { return 0 };
        if let Some(list) = self.list.as_deref().filter(|list| list.is_order) {
            let place = list.place(table.ids.with_text(slot, hash_id));
            return place.map_or(u64::MAX, u64::from);
        }
        let of_key = |place: usize| match self.keys.get(place) {
            Some((column, key)) => key_prefix(&self.value(table, store, *column, key, slot), key),
            None => table.ids.prefix(slot),
        };
        match self.keys.first() {
            // Few rows differ in rank, so the next key is in it too. There is a bit for the rank at least, and a dozen at most.
            Some((_, key)) if key.is_relevance() => {
                let worst: u32 = self.words.iter().map(|words| words.worst_rank).sum();
                let bits = 32 - (worst | 1).leading_zeros();
                u64::from(self.rank(table, store, slot)) << (64 - bits) | of_key(1) >> bits
            }
            _ => of_key(0),
        }
    }

    /// The value of a key, or the rank that is in its place.
    fn value<'s>(
        &self,
        table: &'s Table,
        store: &'s Store,
        column: usize,
        key: &OrderKey,
        slot: u32,
    ) -> Value<'s> {
        match key.is_relevance() {
            true => Value::Number(self.rank(table, store, slot).into()),
            false => {
                let row = row(table, store, slot);
                value_of(table.cell(column, slot, row), row)
            }
        }
    }

    fn rank(&self, table: &Table, store: &Store, slot: u32) -> u32 {
        let Some(row) = table.view(slot, &store.slab) else { return 0 };
        self.words.iter().filter_map(|words| words.rank(&row)).sum()
    }

    /// Compares two rows of one prefix, by all keys and then by id.
    pub(crate) fn compare(&self, store: &Store, a: u32, b: u32) -> Ordering {
        self.compare_keys(store, a, b).then_with(|| match self.by_slot {
            true => a.cmp(&b),
            false => store.compare_ids(self.table, a, b),
        })
    }

    /// Compares two rows by all keys.
    pub(crate) fn compare_keys(&self, store: &Store, a: u32, b: u32) -> Ordering {
        let Some(table) = store.table(self.table) else { return Ordering::Equal };
        // Rows of one prefix have one rank.
        let is_settled = self.keys.first().is_some_and(|(_, key)| key.is_relevance());
        let mut by_keys = self.keys.iter().skip(is_settled.into()).map(|(column, key)| {
            let (row_a, row_b) = (row(table, store, a), row(table, store, b));
            let (cell_a, cell_b) = (table.cell(*column, a, row_a), table.cell(*column, b, row_b));
            // The usual case, in which the bytes need not be made text.
            if key.collation == Collation::Byte && cell_a.kind == Kind::Text && cell_b.kind == Kind::Text {
                let order = cell_a.bytes(row_a).cmp(cell_b.bytes(row_b));
                return if key.direction == Direction::Ascending { order } else { order.reverse() };
            }
            let value = |slot| self.value(table, store, *column, key, slot);
            key.compare(&value(a), &value(b))
        });
        by_keys.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Puts a row in its place; returns its rank.
    pub(crate) fn insert(&self, store: &Store, sorted: &mut Sorted, slot: u32) -> usize {
        sorted.insert(self.prefix(store, slot), slot, |a, b| self.compare(store, a, b))
    }

    /// Takes a row out; returns what its rank was.
    pub(crate) fn remove(&self, store: &Store, sorted: &mut Sorted, slot: u32) -> Option<usize> {
        sorted.remove(self.prefix(store, slot), slot, |a, b| self.compare(store, a, b))
    }

    /// All of these rows in their order.
    pub(crate) fn build(&self, store: &Store, slots: &[u32]) -> Sorted {
        let entries = slots.iter().map(|&slot| (self.prefix(store, slot), slot)).collect();
        Sorted::build(entries, |a, b| self.compare(store, a, b))
    }

    /// Is the row at the cursor or before it?
    pub(crate) fn is_before_cursor(&self, store: &Store, slot: u32, cursor: &Cursor) -> bool {
        let Some(table) = store.table(self.table) else { return false };
        let by_keys = self.keys.iter().zip(&cursor.values);
        let order = by_keys.fold(Ordering::Equal, |order, ((column, key), value)| {
            order.then_with(|| key.compare(&self.value(table, store, *column, key, slot), value))
        });
        order.then_with(|| table.ids.with_text(slot, |id| id.cmp(cursor.id.as_bytes()))).is_le()
    }

    /// How many rows are at the cursor or before it.
    pub(crate) fn rank_of_cursor(&self, store: &Store, sorted: &Sorted, cursor: Option<&Cursor>) -> usize {
        cursor.map_or(0, |cursor| sorted.rank_where(|_, slot| self.is_before_cursor(store, slot, cursor)))
    }
}

fn row<'s>(table: &Table, store: &'s Store, slot: u32) -> &'s [u8] {
    table.bytes(slot, &store.slab).unwrap_or_default()
}
