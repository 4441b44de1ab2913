//! Which row is looked at next: a hand that goes round over all slots, as that of a clock.
//!
//! A row that was used since the hand came by last is passed over once. So rows that are of use need no list to be moved about in.

use crate::store::{Address, Table};

/// Where the hand is, and how long it has found nothing.
#[derive(Default)]
pub(crate) struct Hand {
    table: u32,
    slot: u32,
    /// Slots passed since a row was put away.
    fruitless: u64,
}

impl Hand {
    /// The next of so many slots; `None` if the hand went round twice for nothing: everything is of use, as far as it knows.
    pub(crate) fn next(&mut self, tables: &[Table], slots: u64) -> Option<Address> {
        if self.fruitless >= 2 * slots {
            return None;
        }
        // Once more than there are tables, so that it can come back to where it began.
        for _ in 0..=tables.len() {
            let table = tables.get(self.table as usize).filter(|table| !table.is_derived);
            if table.is_some_and(|table| self.slot < table.slots()) {
                let at = Address { table: self.table, slot: self.slot };
                self.slot += 1;
                self.fruitless += 1;
                return Some(at);
            }
            self.slot = 0;
            self.table += 1;
            if self.table as usize >= tables.len() {
                self.table = 0;
            }
        }
        None
    }

    /// It found one, or there may be some where there were none.
    pub(crate) fn begin_anew(&mut self) {
        self.fruitless = 0;
    }
}
