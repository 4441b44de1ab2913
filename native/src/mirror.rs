//! What the lists of an app show, kept up to date by patches. It knows rows by type and slot and queries by number, and
//! decides nothing.

mod list;
mod patch;
mod row;

use std::collections::HashMap;

use patch::{Patch, corrupt};
use row::Row;

pub(crate) use list::{List, TypedList};

use crate::error::Error;

/// All rows that some list shows, and the lists.
#[derive(Default)]
pub(crate) struct Mirror {
    tables: Vec<Vec<Option<Row>>>,
    lists: HashMap<u32, Box<dyn List>>,
    changed: Vec<u32>,
}

impl Mirror {
    /// The next patch carries the query's first result.
    pub(crate) fn mount(&mut self, query: u32, list: Box<dyn List>) {
        self.lists.insert(query, list);
    }

    pub(crate) fn unmount(&mut self, query: u32) {
        self.lists.remove(&query);
    }

    /// Takes a patch in. The readers see nothing of it before [`Self::publish`], when all lists fit together.
    pub(crate) fn apply(&mut self, bytes: &[u8], faults: &mut Vec<Error>) {
        if let Err(error) = self.take(bytes, faults) {
            faults.push(error);
        }
    }

    fn take(&mut self, bytes: &[u8], faults: &mut Vec<Error>) -> Result<(), Error> {
        let patch = Patch::read(bytes)?;
        for ((table, slot), json) in patch.rows {
            let rows = self.table(table);
            let slot = slot as usize;
            if slot >= rows.len() {
                rows.resize_with(slot + 1, || None);
            }
            if let Some(place) = rows.get_mut(slot) {
                *place = Some(Row::new(json));
            }
        }
        for change in &patch.queries {
            self.table(change.table);
            let rows =
                self.tables.get_mut(change.table as usize).ok_or_else(|| corrupt("it has no such table"))?;
            if let Some(list) = self.lists.get_mut(&change.query) {
                list.change(change, rows, faults)?;
                self.changed.push(change.query);
            }
        }
        for (table, slot) in patch.released {
            if let Some(place) = self.table(table).get_mut(slot as usize) {
                *place = None;
            }
        }
        Ok(())
    }

    /// Shows the readers what has changed.
    pub(crate) fn publish(&mut self) {
        for query in self.changed.drain(..) {
            if let Some(list) = self.lists.get_mut(&query) {
                list.publish();
            }
        }
    }

    fn table(&mut self, table: u32) -> &mut Vec<Option<Row>> {
        let table = table as usize;
        if table >= self.tables.len() {
            self.tables.resize_with(table + 1, Vec::new);
        }
        &mut self.tables[table]
    }
}

#[cfg(test)]
mod golden;
