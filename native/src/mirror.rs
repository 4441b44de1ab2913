//! What the lists of an app show, kept up to date by patches. It knows rows by type and slot and queries by number, and
//! decides nothing.

mod list;
mod node;
mod patch;
mod remote_list;
mod row;
mod tables;

use std::collections::HashMap;

use larder::remote::RemoteState;
use patch::{Patch, Shape, corrupt};
use row::Row;
use tables::Tables;

pub(crate) use list::{List, TypedList};
pub(crate) use remote_list::RemoteList;

use crate::error::Error;

/// All rows that some list shows, and the lists.
#[derive(Default)]
pub(crate) struct Mirror {
    tables: Tables,
    shapes: HashMap<u32, Shape>,
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
        let patch = Patch::read(bytes, &self.shapes)?;
        for ((kind, slot), json) in patch.rows {
            self.tables.set(kind, slot, Row::new(json.to_owned()));
        }
        self.shapes.extend(patch.shapes);
        for ((kind, slot), edges) in patch.nodes {
            let shape = self.shapes.get(&kind).ok_or_else(|| corrupt("an object has no shape"))?;
            let json = node::put_together(&self.tables, shape, slot, &edges)?;
            self.tables.set(kind, slot, Row::new(json));
        }
        for change in &patch.queries {
            if let Some(list) = self.lists.get_mut(&change.query) {
                let figures = change.aggregates.map(|(kind, slot)| self.tables.decoded(kind, slot, faults));
                list.change(change, self.tables.of(change.table), figures.flatten(), faults)?;
                self.changed.push(change.query);
            }
        }
        for (kind, slot) in patch.released {
            self.tables.release(kind, slot);
        }
        Ok(())
    }

    /// A remote query stands otherwise than before; its readers see it with [`Self::publish`].
    pub(crate) fn stand(&mut self, state: &RemoteState) {
        if let Some(list) = self.lists.get_mut(&state.query) {
            list.stand(state);
            self.changed.push(state.query);
        }
    }

    /// Shows the readers what has changed.
    pub(crate) fn publish(&mut self) {
        for query in self.changed.drain(..) {
            if let Some(list) = self.lists.get_mut(&query) {
                list.publish();
            }
        }
    }
}

#[cfg(test)]
mod golden;
