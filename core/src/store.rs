//! The rows of all resource types: one copy of every entity.

mod away;
mod column;
mod ids;
mod slab;
mod slots;
mod stored;
mod table;

use std::cmp::Ordering;

use hashbrown::HashMap;

use crate::registry::{Registry, ResourceType, UnknownTypes};

pub(crate) use column::Cell;
use slab::Compaction;
pub(crate) use slab::{RowRef, Slab};
pub(crate) use stored::StoredView;
pub(crate) use table::{FoundRow, Path, RowView, TRUSTED, Table};

/// A row's address: its type's index and its slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Address {
    pub table: u32,
    pub slot: u32,
}

/// The tables of all resource types over one slab.
pub(crate) struct Store {
    pub tables: Vec<Table>,
    pub slab: Slab,
    by_name: HashMap<String, u32, foldhash::fast::FixedState>,
    unknown: UnknownTypes,
    declared: usize,
    /// Tables that gave up slots in this transaction.
    resting: Vec<u32>,
}

impl Store {
    pub(crate) fn new(registry: &Registry) -> Self {
        let mut store = Self {
            tables: Vec::new(),
            slab: Slab::default(),
            by_name: HashMap::default(),
            unknown: registry.unknown_types(),
            declared: registry.types().len(),
            resting: Vec::new(),
        };
        for resource in registry.types() {
            store.add(resource.clone());
        }
        store
    }

    #[inline(never)]
    fn add(&mut self, resource: ResourceType) -> u32 {
        let index = self.tables.len() as u32;
        self.by_name.insert(resource.name.clone(), index);
        self.tables.push(Table::new(resource));
        index
    }

    /// A table whose rows are made of those of others: this one, which has been cleared, or a new one. No name leads to it.
    pub(crate) fn derived_table(&mut self, vacant: Option<u32>) -> u32 {
        vacant.unwrap_or_else(|| {
            self.tables.push(Table::derived());
            self.tables.len() as u32 - 1
        })
    }

    /// Forgets all rows of a derived table.
    pub(crate) fn clear(&mut self, table: u32) {
        let Some(place) = self.tables.get_mut(table as usize) else { return };
        let old = std::mem::replace(place, Table::derived());
        for slot in 0..old.slots() {
            let row = old.row_ref(slot);
            if !row.is_none() {
                self.slab.free(row);
            }
        }
    }

    /// The table of this type, if there is one.
    pub(crate) fn find_table(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// The table of this type; an undeclared type gets one where the registry allows it and there are not too many.
    pub(crate) fn table_or_insert(&mut self, name: &str, most_unknown: u32) -> Result<u32, NoTable> {
        if let Some(index) = self.find_table(name) {
            return Ok(index);
        }
        if self.unknown == UnknownTypes::Refuse {
            return Err(NoTable::Refused);
        }
        if self.unknown_types() >= most_unknown {
            return Err(NoTable::TooMany);
        }
        Ok(self.add(ResourceType::new(name)))
    }

    /// How many types are stored that were not declared.
    pub(crate) fn unknown_types(&self) -> u32 {
        (self.by_name.len() - self.declared) as u32
    }

    pub(crate) fn table(&self, index: u32) -> Option<&Table> {
        self.tables.get(index as usize)
    }

    pub(crate) fn table_mut(&mut self, index: u32) -> Option<&mut Table> {
        self.tables.get_mut(index as usize)
    }

    /// The visible row.
    pub(crate) fn view(&self, at: Address) -> Option<RowView<'_>> {
        self.table(at.table)?.view(at.slot, &self.slab)
    }

    /// The bytes of the confirmed row.
    pub(crate) fn confirmed(&self, at: Address) -> Option<&[u8]> {
        let row = self.table(at.table)?.confirmed_ref(at.slot);
        (!row.is_none()).then(|| self.slab.get(row))
    }

    /// The confirmed row with all that is to be stored of it.
    pub(crate) fn stored(&self, at: Address) -> Option<StoredView<'_>> {
        let table = self.table(at.table)?;
        let mut names = table.names_of(at.slot).into_iter();
        // Of a row that only the backend has, it is stored that there is one.
        let bytes = if table.away.is_lost(at.slot) { &[][..] } else { self.confirmed(at)? };
        Some(StoredView {
            resource_type: (&table.resource.name, table.kept_as),
            version: table.version(at.slot).unwrap_or_default(),
            bytes,
            id: names.next()?,
            aliases: names.collect(),
        })
    }

    /// Makes a row visible, or none. The one before is given up, unless it stays as the confirmed one.
    pub(crate) fn put(&mut self, at: Address, row: RowRef, cells: &[Cell]) {
        let Some(table) = self.tables.get_mut(at.table as usize) else { return };
        let was = table.put(at.slot, row, cells);
        let is_kept = table.is_split(at.slot) && table.confirmed_ref(at.slot) == was;
        if !was.is_none() && !is_kept && was != row {
            self.slab.free(was);
        }
    }

    /// A slot with neither a visible nor a confirmed row gives up its id.
    pub(crate) fn release_if_empty(&mut self, at: Address) {
        let Some(table) = self.tables.get_mut(at.table as usize) else { return };
        if table.row_ref(at.slot).is_none() && !table.is_split(at.slot) && !table.away.has(at.slot) {
            table.release(at.slot);
            self.resting.push(at.table);
        }
    }

    /// Compares two rows of a table by their ids.
    pub(crate) fn compare_ids(&self, table: u32, a: u32, b: u32) -> Ordering {
        self.table(table).map_or(Ordering::Equal, |table| table.ids.compare(a, b))
    }

    /// Slots given up may be used again; buffers that are mostly waste are given back.
    pub(crate) fn end_transaction(&mut self) {
        if !self.resting.is_empty() {
            self.end_rest();
        }
        if let Some(reach) = self.slab.wants_compaction() {
            self.compact(reach);
        }
    }

    #[inline(never)]
    fn end_rest(&mut self) {
        for table in std::mem::take(&mut self.resting) {
            if let Some(table) = self.table_mut(table) {
                table.ids.end_transaction();
            }
        }
    }

    #[inline(never)]
    fn compact(&mut self, reach: Compaction) {
        for table in &mut self.tables {
            table.compact(&mut self.slab, reach);
        }
        self.slab.compacted(reach);
    }

    /// How many entities are visible or confirmed.
    pub(crate) fn entities(&self) -> usize {
        self.tables.iter().filter(|table| !table.is_derived).map(Table::entities).sum()
    }

    /// Is there such a row that is not in memory?
    #[inline]
    pub(crate) fn is_away(&self, at: Address) -> bool {
        self.table(at.table).is_some_and(|table| table.away.has(at.slot))
    }

    /// Is there such a row that is not in memory and can be read back?
    #[inline]
    pub(crate) fn is_on_disk(&self, at: Address) -> bool {
        self.table(at.table).is_some_and(|table| table.away.has(at.slot) && !table.away.is_lost(at.slot))
    }
}

/// Why an undeclared type gets no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoTable {
    Refused,
    TooMany,
}
