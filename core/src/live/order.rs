//! The order of a view, over the columns of its table.

use std::cmp::Ordering;

use super::matcher::value_of;
use super::sorted::Sorted;
use crate::query::{Cursor, OrderKey, key_prefix};
use crate::store::{Store, Table};

/// Order keys with their columns found; the id decides at the end.
pub(crate) struct Order {
    pub table: u32,
    pub keys: Vec<(usize, OrderKey)>,
}

impl Order {
    /// A number that sorts as the first key does; rows with the same number have to be compared.
    pub(crate) fn prefix(&self, store: &Store, slot: u32) -> u64 {
        let Some(table) = store.table(self.table) else { return 0 };
        match self.keys.first() {
            Some((column, key)) => {
                key_prefix(&value_of(table.cell(*column, slot), row(table, store, slot)), key)
            }
            None => table.ids.prefix(slot),
        }
    }

    /// Compares two rows of one prefix, by all keys and then by id.
    pub(crate) fn compare(&self, store: &Store, a: u32, b: u32) -> Ordering {
        let Some(table) = store.table(self.table) else { return Ordering::Equal };
        let (row_a, row_b) = (row(table, store, a), row(table, store, b));
        let mut by_keys = self.keys.iter().map(|(column, key)| {
            key.compare(&value_of(table.cell(*column, a), row_a), &value_of(table.cell(*column, b), row_b))
        });
        let first = by_keys.find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
        first.then_with(|| store.compare_ids(self.table, a, b))
    }

    /// Is the row at the cursor or before it?
    pub(crate) fn is_before_cursor(&self, store: &Store, slot: u32, cursor: &Cursor) -> bool {
        let Some(table) = store.table(self.table) else { return false };
        let bytes = row(table, store, slot);
        let by_keys = self.keys.iter().zip(&cursor.values);
        let order = by_keys.fold(Ordering::Equal, |order, ((column, key), value)| {
            order.then_with(|| key.compare(&value_of(table.cell(*column, slot), bytes), value))
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
