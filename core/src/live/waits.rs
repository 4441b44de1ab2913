//! Queries whose rows are not all in memory: what they wait for, and that they say so.

use super::explain::FoundBy;
use super::graph::{NodeAt, hash_id};
use super::listed::hash_of_row;
use super::shape::{HostType, shape_index};
use super::view::{View, named_ids};
use super::{Live, Mounted, Owner};
use crate::query::Query;
use crate::store::{Address, Store};

/// What a view waits for, until nothing can be missing from it.
#[derive(Default)]
pub(crate) struct Waits {
    /// These rows.
    slots: Vec<u32>,
    /// All rows of its table, to be looked at.
    scan: Scan,
    /// Rows of its table that only the backend has may belong to it.
    is_lossy: bool,
    /// A whole copy that is coming in began after it.
    is_in_copy: bool,
}

/// How far a view waits for all rows of its table to be looked at.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scan {
    #[default]
    Unneeded,
    /// It has to begin.
    Wanted,
    /// So much of the table's scan has to be done.
    Until(u64),
}

/// Rows that have to be brought back for queries.
#[derive(Default)]
pub(crate) struct Wanted {
    pub rows: Vec<Address>,
    /// Tables of which all rows are wanted, and who wants them; without a view, as long as any is away.
    pub tables: Vec<(u32, Option<u32>)>,
}

impl Live {
    /// What a new view waits for.
    #[inline(never)]
    pub(super) fn wait(&mut self, store: &Store, index: u32, view: &mut View, query: &Query) {
        let Some(table) = store.table(view.table) else { return };
        let is_around = view.dependencies.iter().any(|dependency| has_away(store, dependency.table));
        let mut waits = Waits::default();
        if view.found_by == FoundBy::Ids {
            let filter = query.filter().with_both_id_spellings(&table.resource.id);
            let ids = named_ids(&filter, &table.resource.id).unwrap_or_default();
            let found = ids.iter().filter_map(|id| table.find(id.as_bytes()));
            waits.slots.extend(found.filter(|&slot| table.away.has(slot)));
        } else if table.away.count() > 0 {
            waits.scan = Scan::Wanted;
            waits.is_lossy = table.away.lost() > 0;
        }
        if is_around || !waits.slots.is_empty() || waits.scan != Scan::Unneeded {
            view.waits = Some(Box::new(waits));
            self.waiting.push(index);
        }
    }

    /// What the views wait for that wait for something.
    pub(crate) fn wanted(&mut self, store: &Store) -> Wanted {
        let mut wanted = Wanted { rows: std::mem::take(&mut self.wanted_rows), tables: Vec::new() };
        for &index in &self.waiting {
            let Some(view) = self.views.get(index as usize).and_then(Option::as_ref) else { continue };
            let Some(waits) = &view.waits else { continue };
            wanted.rows.extend(waits.slots.iter().map(|&slot| Address { table: view.table, slot }));
            if waits.scan != Scan::Unneeded {
                wanted.tables.push((view.table, Some(index)));
            }
            let around = view.dependencies.iter().map(|dependency| dependency.table);
            wanted.tables.extend(around.filter(|&table| has_away(store, table)).map(|table| (table, None)));
        }
        wanted
    }

    /// How far a view waits for all rows of its table.
    pub(crate) fn scan_of(&mut self, view: u32) -> Option<&mut Scan> {
        let view = self.views.get_mut(view as usize)?.as_mut()?;
        view.waits.as_mut().map(|waits| &mut waits.scan)
    }

    /// Sees which views wait no longer; `scanned` says how much of a table's scan is done.
    #[inline(never)]
    pub(crate) fn review(&mut self, store: &Store, scanned: &dyn Fn(u32) -> u64) {
        let before = self.waiting.len();
        let views = &mut self.views;
        self.waiting.retain(|&index| {
            let Some(view) = views.get_mut(index as usize).and_then(Option::as_mut) else { return false };
            let Some(waits) = view.waits.as_mut() else { return false };
            let Some(table) = store.table(view.table) else { return false };
            waits.slots.retain(|&slot| table.away.has(slot));
            waits.is_lossy &= table.away.lost() > 0;
            let is_scanned = match waits.scan {
                Scan::Unneeded => true,
                Scan::Wanted => table.away.count() == 0,
                Scan::Until(count) => table.away.count() == 0 || count <= scanned(view.table),
            };
            if is_scanned {
                waits.scan = Scan::Unneeded;
            }
            let is_short = !waits.slots.is_empty() || waits.is_lossy || !is_scanned;
            let is_around = view.dependencies.iter().any(|dependency| has_away(store, dependency.table));
            if !is_short && !is_around {
                view.waits = None;
            }
            is_short || is_around
        });
        if self.waiting.len() != before {
            self.tell_all();
        }
    }

    /// A row of a table is on disk no more: views that would have looked at it never will.
    pub(crate) fn lost_row(&mut self, table: u32) {
        for &index in &self.waiting {
            let view = self.views.get_mut(index as usize).and_then(Option::as_mut);
            if let Some(waits) = view.filter(|view| view.table == table).and_then(|view| view.waits.as_mut())
            {
                waits.is_lossy |= waits.scan != Scan::Unneeded;
            }
        }
    }

    /// A row that is not in memory is another than it was, which nobody here can know: who belongs to its type's views is not known until
    /// it is back.
    pub(crate) fn lost_track(&mut self, at: Address) {
        for (index, view) in self.views.iter_mut().enumerate() {
            let Some(view) = view.as_mut().filter(|view| view.table == at.table && view.order.list.is_none())
            else {
                continue;
            };
            if view.waits.is_none() {
                self.waiting.push(index as u32);
            }
            let waits = view.waits.get_or_insert_default();
            if !waits.slots.contains(&at.slot) {
                waits.slots.push(at.slot);
            }
        }
        self.tell_all();
    }

    /// A whole copy comes in: views that are there now see all of it.
    pub(crate) fn copy_begins(&mut self) {
        for view in self.views.iter_mut().flatten() {
            if let Some(waits) = &mut view.waits {
                waits.is_in_copy = true;
            }
        }
    }

    /// The copy is complete: those that were there when it began have seen all of it.
    pub(crate) fn copy_ends(&mut self) {
        for view in self.views.iter_mut().flatten() {
            if view.dependencies.is_empty() && view.waits.as_ref().is_some_and(|waits| waits.is_in_copy) {
                view.waits = None;
            }
        }
        self.tell_all();
    }

    /// Every query tells the host how it stands, if that changed.
    fn tell_all(&mut self) {
        for (id, mounted) in self.queries.iter_mut().enumerate() {
            if let Some(mounted) = mounted.as_mut().filter(|mounted| mounted.owner.is_none())
                && !std::mem::replace(&mut mounted.shown.dirty, true)
            {
                self.dirty.push(id as u32);
            }
        }
    }

    /// Notes anew in which shapes something is missing.
    pub(super) fn find_short_shapes(&mut self) {
        if self.waiting.is_empty() && self.graph.missing == 0 && self.short_shapes.is_empty() {
            return;
        }
        let mut short: Vec<u32> = self.graph.short().collect();
        for &index in &self.waiting {
            let Some(view) = self.views.get(index as usize).and_then(Option::as_ref) else { continue };
            for &id in view.queries.iter().filter(|_| view.waits.is_some()) {
                if let Some(Some(Mounted { owner: Some(Owner::Node(NodeAt { shape, .. })), .. })) =
                    self.queries.get(id as usize)
                {
                    short.push(*shape);
                }
            }
        }
        crate::order_of::sort_and_dedup(&mut short);
        if short != self.short_shapes {
            self.short_shapes = short;
            self.tell_all();
        }
    }

    /// Is anything missing anywhere?
    #[inline]
    pub(super) fn has_short(&self) -> bool {
        !self.waiting.is_empty() || !self.short_shapes.is_empty()
    }

    /// May rows be missing from a query because they are not in memory?
    pub(super) fn is_short(&self, mounted: &Mounted) -> bool {
        let waits = |view: u32| {
            let view = self.views.get(view as usize).and_then(Option::as_ref);
            view.is_some_and(|view| view.waits.is_some())
        };
        let base = mounted.base.and_then(|base| self.queries.get(base as usize)?.as_ref());
        waits(mounted.view)
            || base.is_some_and(|base| waits(base.view))
            || !self.short_shapes.is_empty() && self.is_shape_short(mounted.host_type)
    }

    fn is_shape_short(&self, host_type: HostType) -> bool {
        let Some(index) = shape_index(host_type) else { return false };
        let edges = self.graph.shape(index).map_or(&[][..], |shape| &shape.edges);
        self.short_shapes.contains(&index) || edges.iter().any(|edge| self.is_shape_short(edge.child))
    }

    /// Would a result be another without this row, which is there, or was something seen of it that has to stay right?
    pub(crate) fn is_referenced(&mut self, store: &Store, at: Address) -> bool {
        if self.host.shows(at) || self.dependents.contains_key(&at.table) || self.graph.is_named(store, at) {
            return true;
        }
        let row = store.view(at);
        let mut candidates = std::mem::take(&mut self.candidates);
        self.find_candidates(store, at, row.as_ref(), row.as_ref(), &mut candidates);
        let has = |&index: &u32| {
            let view = self.views.get(index as usize).and_then(Option::as_ref);
            view.is_some_and(|view| !view.queries.is_empty() && view.has(store, at.slot))
        };
        let is_referenced = candidates.iter().any(has);
        self.candidates = candidates;
        is_referenced
    }

    /// Marks the rows that some mounted query has among those that match, or shows.
    pub(crate) fn each_referenced(&self, store: &Store, mark: &mut dyn FnMut(Address)) {
        self.host.shown().for_each(&mut *mark);
        for view in self.views.iter().flatten().filter(|view| !view.queries.is_empty()) {
            let slots = view.sorted.range(0, usize::MAX);
            slots.for_each(|slot| mark(Address { table: view.table, slot }));
        }
        for &table in self.dependents.keys() {
            (0..store.table(table).map_or(0, crate::store::Table::slots))
                .for_each(|slot| mark(Address { table, slot }));
        }
    }

    /// The hash by which an entity is known, whichever of its ids this is.
    pub(crate) fn hash_of(&self, store: &Store, table: u32, id: &str) -> u64 {
        let slot = store.table(table).and_then(|rows| rows.find(id.as_bytes()));
        slot.map_or_else(|| hash_id(id.as_bytes()), |slot| hash_of_row(store, Address { table, slot }))
    }

    pub(crate) fn hash_at(&self, store: &Store, at: Address) -> u64 {
        hash_of_row(store, at)
    }

    /// Rows that leave results are noted from now on, or not.
    pub(crate) fn note_left(&mut self, notes: bool) {
        self.host.notes_left = notes;
    }

    /// Rows that left results since.
    pub(crate) fn take_left(&mut self, out: &mut Vec<Address>) {
        out.append(&mut self.host.left);
    }

    /// Is an entity on a list, mounted or not?
    pub(crate) fn is_listed(&self, store: &Store, at: Address) -> bool {
        !self.listings.is_empty() && self.listings.contains_key(&(at.table, hash_of_row(store, at)))
    }

    /// The rows on a list that are not in memory are wanted.
    pub(crate) fn want_list(&mut self, store: &Store, index: u32) {
        let view = self.views.get(index as usize).and_then(Option::as_ref);
        let Some((view, list)) = view.and_then(|view| Some((view, view.order.list.as_deref()?))) else {
            return;
        };
        let Some(table) = store.table(view.table).filter(|table| table.away.count() > 0) else { return };
        let found = list.ids().filter_map(|id| table.find(id.as_bytes()));
        let away = found.filter(|&slot| table.away.has(slot));
        self.wanted_rows.extend(away.map(|slot| Address { table: view.table, slot }));
        self.recount_lists(store);
    }
}

fn has_away(store: &Store, table: u32) -> bool {
    store.table(table).is_some_and(|table| table.away.count() > 0)
}
