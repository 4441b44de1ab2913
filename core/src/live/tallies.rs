//! Queries that ask for aggregates: where their figures are kept, and what of them is shown after a step.

use super::tally::Tally;
use super::view::column_bit;
use super::{Live, Owner};
use crate::query::{Filter, OrderKey, Query, Window};
use crate::store::{Address, RowRef, RowView, Store};

impl Live {
    /// Shows aggregates beside the rows of a query that is mounted.
    #[inline(never)]
    pub(super) fn count_beside(&mut self, store: &mut Store, id: u32, query: &Query) {
        if let Some((groups_table, slot)) = self.join_tally(store, id, query) {
            self.host.enter(Address { table: groups_table, slot });
        }
    }

    /// Shows the groups of a query as its rows.
    #[inline(never)]
    pub(super) fn mount_groups(&mut self, store: &mut Store, table: u32, query: &Query) -> u32 {
        let none = Window { limit: Some(0), ..Window::default() };
        let matches = Query::of_rows(query.resource_type(), query.filter().clone(), Vec::new(), none);
        let base = self.mount_as(store, table, &matches, table, Some(Owner::Groups));
        // Its groups are worked out at the end of the step.
        self.dirty.push(base);
        let Some((groups_table, _)) = self.join_tally(store, base, query) else { return base };
        let named = |key: &OrderKey| OrderKey { path: key.path.as_one(), ..key.clone() };
        let by_key = query.group_by().iter().map(|path| OrderKey::ascending(path.as_one()));
        let order = query.order_by().iter().map(named).chain(by_key).collect();
        let rows = format!("\0{groups_table}");
        let groups = Query::of_rows(&rows, Filter::everything(), order, query.window().clone());
        let id = self.mount_as(store, groups_table, &groups, groups_table, None);
        if let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::as_mut) {
            mounted.base = Some(base);
        }
        id
    }

    /// The query needs its tally of its view from now on; returns the table of its groups, and the slot of the only one.
    fn join_tally(&mut self, store: &mut Store, id: u32, query: &Query) -> Option<(u32, u32)> {
        let mounted = self.queries.get_mut(id as usize)?.as_mut()?;
        let view = self.views.get_mut(mounted.view as usize)?.as_mut()?;
        let known = view.tallies.iter_mut().find(|tally| tally.is_for(query));
        let tally = match known {
            Some(tally) => tally,
            None => {
                let groups_table = store.derived_table(self.vacant_tables.pop());
                let mut tally = Tally::new(query, view.table, groups_table, store);
                tally.fill(store, view.sorted.range(0, usize::MAX));
                view.tally_columns |= tally.columns().fold(0, |bits, column| bits | column_bit(column));
                view.tallies.push(tally);
                view.tallies.last_mut()?
            }
        };
        tally.users += 1;
        mounted.tally = Some(tally.groups_table);
        self.tallied += 1;
        Some((tally.groups_table, tally.only_slot()))
    }

    /// A query that is being unmounted needs its tally no longer.
    pub(super) fn leave_tally(&mut self, view: u32, groups_table: u32, is_shown: bool) {
        self.tallied -= 1;
        let Some(view) = self.views.get_mut(view as usize).and_then(Option::as_mut) else { return };
        let Some(tally) = view.tallies.iter_mut().find(|tally| tally.groups_table == groups_table) else {
            return;
        };
        if is_shown {
            self.host.leave(Address { table: groups_table, slot: tally.only_slot() });
        }
        tally.users -= 1;
        if tally.users == 0 {
            view.tallies.retain(|tally| tally.groups_table != groups_table);
            let columns = view.tallies.iter().flat_map(Tally::columns);
            view.tally_columns = columns.fold(0, |bits, column| bits | column_bit(column));
            self.retired_tables.push(groups_table);
        }
    }

    /// Is there anything for [`Self::settle_tallies`]?
    pub(super) fn has_tallies(&self) -> bool {
        self.tallied > 0 || !self.retired_tables.is_empty()
    }

    /// The groups are what they should be when this is done: rows of their tables.
    #[inline(never)]
    pub(super) fn settle_tallies(&mut self, store: &mut Store) {
        for table in std::mem::take(&mut self.retired_tables) {
            store.clear(table);
            self.vacant_tables.push(table);
        }
        if self.tallied == 0 {
            return;
        }
        let mut next = 0;
        // The queries that show groups come to stand behind those that count them.
        while let Some(&id) = self.dirty.get(next) {
            next += 1;
            let mounted = self.queries.get(id as usize).and_then(Option::as_ref);
            let tallied = mounted.and_then(|mounted| Some((mounted.view, mounted.tally?)));
            if let Some((view, groups_table)) = tallied {
                self.show_groups(store, view, groups_table);
            }
        }
        let mut dirty = std::mem::take(&mut self.dirty);
        dirty.retain(|&id| {
            let mounted = self.queries.get_mut(id as usize).and_then(Option::as_mut);
            let base = mounted.filter(|mounted| matches!(mounted.owner, Some(Owner::Groups)));
            let is_told = base.is_none();
            base.into_iter().for_each(|base| base.shown.delivered());
            is_told
        });
        self.dirty = dirty;
    }

    fn show_groups(&mut self, store: &mut Store, view: u32, groups_table: u32) {
        let mut touched = None;
        let mut next = 0;
        let mut is_other = false;
        loop {
            let Some(view) = self.views.get_mut(view as usize).and_then(Option::as_mut) else { return };
            let Some(tally) = view.tallies.iter_mut().find(|tally| tally.groups_table == groups_table) else {
                return;
            };
            let touched = touched.get_or_insert_with(|| tally.take_touched());
            let Some(&index) = touched.get(next) else { break };
            next += 1;
            if let Some((slot, row)) = tally.settled(store, index) {
                is_other |= self.show_derived(store, Address { table: groups_table, slot }, row.as_deref());
            }
        }
        let Some(view) = self.views.get(view as usize).and_then(Option::as_ref).filter(|_| is_other) else {
            return;
        };
        for &id in &view.queries {
            if let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::as_mut)
                && mounted.tally == Some(groups_table)
            {
                mounted.aggregates_changed = true;
            }
        }
    }

    /// Makes a row of a table of groups another, as an event does with rows that come from outside.
    fn show_derived(&mut self, store: &mut Store, at: Address, json: Option<&[u8]>) -> bool {
        if store.view(at).map(|row| row.bytes) == json {
            return false;
        }
        let mut cells = Vec::new();
        let mut row = RowRef::NONE;
        if let (Some(json), Some(table)) = (json, store.tables.get_mut(at.table as usize)) {
            table.cells_of(json, &mut cells);
            row = store.slab.push(json);
        }
        let new = json.map(|_| RowView::new(store.slab.get(row), &cells));
        self.before(store, at, new.as_ref(), None);
        store.put(at, row, &cells);
        self.after(store, at);
        if json.is_none() {
            store.release_if_empty(at);
        }
        true
    }

    /// The queries of a view whose figures changed, although its rows are the same.
    pub(super) fn recounted(&mut self, view: u32) {
        let Some(view) = self.views.get(view as usize).and_then(Option::as_ref) else { return };
        for &id in &view.queries {
            let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::as_mut) else { continue };
            if mounted.tally.is_some() && !std::mem::replace(&mut mounted.shown.dirty, true) {
                self.dirty.push(id);
            }
        }
    }

    /// The figures beside a query's rows: where the host finds them.
    pub(super) fn aggregates_at(&self, id: u32) -> Option<Address> {
        let mounted = self.queries.get(id as usize)?.as_ref()?;
        let table = mounted.tally?;
        let view = self.views.get(mounted.view as usize)?.as_ref()?;
        let tally = view.tallies.iter().find(|tally| tally.groups_table == table)?;
        Some(Address { table, slot: tally.only_slot() })
    }

    /// The figures beside a query's rows, as JSON.
    pub(crate) fn aggregates<'s>(&self, store: &'s Store, id: u32) -> Option<&'s [u8]> {
        Some(store.view(self.aggregates_at(id)?)?.bytes)
    }

    /// Are the rows of a query groups?
    pub(crate) fn is_grouped(&self, id: u32) -> bool {
        let mounted = self.queries.get(id as usize).and_then(Option::as_ref);
        mounted.is_some_and(|mounted| mounted.base.is_some())
    }
}
