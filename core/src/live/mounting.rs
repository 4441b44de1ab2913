//! Queries come, show other parts, and go.

use super::explain::FoundBy;
use super::listed::add_route;
use super::lists::{carry_out, enter, leave};
use super::related::Around;
use super::routes::Routes;
use super::shape::{self, HostType};
use super::view::View;
use super::window::Shown;
use super::{Live, Mounted, Owner};
use crate::query::{Query, QueryError, Window};
use crate::store::Store;

impl Live {
    /// Shows a query from now on; the next patch carries all of it.
    pub(crate) fn mount(&mut self, store: &mut Store, table: u32, query: &Query) -> Result<u32, QueryError> {
        let mut host_type = table;
        if !query.includes().is_empty() {
            shape::check(store, table, query.includes(), "include")?;
            host_type = self.graph.host_type(store, table, query.includes());
        }
        if !query.group_by().is_empty() {
            return Ok(self.mount_groups(store, table, query));
        }
        let id = self.mount_as(store, table, query, host_type, None);
        if !query.aggregates().is_empty() {
            self.count_beside(store, id, query);
        }
        Ok(id)
    }

    pub(super) fn mount_as(
        &mut self,
        store: &mut Store,
        table: u32,
        query: &Query,
        host_type: HostType,
        owner: Option<Owner>,
    ) -> u32 {
        let key = query.canonical_of_order();
        let view = match self.by_key.get(&key) {
            Some(&view) => view,
            None => self.add_view(View::new(key, table, query, store), query, store),
        };
        self.show_view(store, view, query, host_type, owner)
    }

    /// Shows a view that there is.
    pub(super) fn show_view(
        &mut self,
        store: &Store,
        view: u32,
        query: &Query,
        host_type: HostType,
        owner: Option<Owner>,
    ) -> u32 {
        let id = self.vacant_queries.pop().unwrap_or_else(|| {
            self.queries.push(None);
            self.queries.len() as u32 - 1
        });
        let shown = self.open_window(store, view, host_type, query.window());
        if let Some(view) = self.views.get_mut(view as usize).and_then(Option::as_mut) {
            view.queries.push(id);
        }
        if let Some(place) = self.queries.get_mut(id as usize) {
            *place = Some(Mounted {
                view,
                host_type,
                owner,
                cursor: query.window().after.clone(),
                shown,
                total: 0,
                is_partial: false,
                tally: None,
                aggregates_changed: false,
                base: None,
            });
        }
        if owner.is_none() {
            self.dirty.push(id);
        }
        id
    }

    pub(super) fn add_view(&mut self, mut view: View, query: &Query, store: &mut Store) -> u32 {
        let table = view.table as usize;
        let index = self.vacant_views.pop().map_or(self.views.len(), |index| index as usize);
        if index == self.views.len() {
            self.views.push(None);
        }
        if table >= self.routes.len() {
            self.routes.resize_with(table + 1, Routes::default);
        }
        if !view.dependencies.is_empty() {
            self.depend(store, index as u32, &view);
        }
        if view.order.list.is_none()
            && let (Some(routes), Some(rows)) = (self.routes.get_mut(table), store.tables.get_mut(table))
        {
            routes.mounted();
            routes.read(&view.route, &view.to_filter_by, rows, &store.slab);
            let rows = &*rows;
            let mut found = routes.rows(&view.route, rows, &store.slab).map(|slots| (FoundBy::Values, slots));
            if found.is_none() {
                view.holds_words = true;
                let slots = routes.rows_of_words(&view.order.words, rows, &store.slab);
                found = slots.map(|slots| (FoundBy::Words, slots));
            }
            view.found_by = found.as_ref().map_or(FoundBy::Scan, |(by, _)| *by);
            let rows = found.map(|(_, slots)| slots);
            let (slots, scanned) = view.find(query, rows, Around { store, routes: &self.routes });
            view.scanned = scanned;
            self.counts.rows_scanned += scanned;
            view.fill(slots, store);
            self.wait(store, index as u32, &mut view, query);
        }
        if let Some(routes) = self.routes.get_mut(table) {
            add_route(routes, index as u32, &view);
        }
        self.by_key.insert(view.key.clone(), index as u32);
        if let Some(place) = self.views.get_mut(index) {
            *place = Some(view);
        }
        index as u32
    }

    /// The view hears of changes in other tables from now on, and finds its way back from there.
    #[inline(never)]
    fn depend(&mut self, store: &Store, index: u32, view: &View) {
        for dependency in &view.dependencies {
            let views = self.dependents.entry(dependency.table).or_default();
            if !views.contains(&index) {
                views.push(index);
            }
        }
        for names in view.indexes() {
            if names.table as usize >= self.routes.len() {
                self.routes.resize_with(names.table as usize + 1, Routes::default);
            }
            if let (Some(routes), Some(table)) =
                (self.routes.get_mut(names.table as usize), store.table(names.table))
            {
                routes.pin(names.column, names.of, table, &store.slab);
            }
        }
    }

    #[inline(never)]
    fn depend_no_longer(&mut self, index: u32, view: &View) {
        for views in self.dependents.values_mut() {
            views.retain(|&other| other != index);
        }
        self.dependents.retain(|_, views| !views.is_empty());
        for names in view.indexes() {
            if let Some(routes) = self.routes.get_mut(names.table as usize) {
                routes.unpin(names.column, names.of);
            }
        }
    }

    /// The window's rows enter the host.
    pub(super) fn open_window(
        &mut self,
        store: &Store,
        view: u32,
        host_type: HostType,
        window: &Window,
    ) -> Shown {
        let limit = window.limit.map(|limit| limit as usize);
        let Some(view) = self.views.get(view as usize).and_then(Option::as_ref) else {
            return Shown::new(host_type, 0, 0, Some(0));
        };
        let before = view.order.rank_of_cursor(store, &view.sorted, window.after.as_ref());
        let shown = Shown::new(host_type, before, window.offset as usize, limit);
        for slot in shown.slots(&view.sorted) {
            enter(&mut self.host, &mut self.graph, host_type, slot);
        }
        shown
    }

    /// Shows a query no longer; `false` if there is no such query.
    pub(crate) fn unmount(&mut self, id: u32) -> bool {
        let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::take) else { return false };
        self.vacant_queries.push(id);
        self.dirty.retain(|&dirty| dirty != id);
        if let Some(groups_table) = mounted.tally {
            self.leave_tally(mounted.view, groups_table, mounted.owner.is_none());
        }
        if let Some(base) = mounted.base {
            self.unmount(base);
        }
        let index = mounted.view as usize;
        let Some(view) = self.views.get_mut(index).and_then(Option::as_mut) else { return true };
        for slot in mounted.shown.slots(&view.sorted) {
            leave(&mut self.host, &mut self.graph, mounted.host_type, slot);
        }
        if mounted.owner.is_none() {
            self.graph.give_up(mounted.host_type);
        }
        view.queries.retain(|&query| query != id);
        if view.queries.is_empty() && view.order.list.is_none() {
            self.drop_view(index);
        }
        true
    }

    pub(super) fn drop_view(&mut self, index: usize) {
        let Some(view) = self.views.get_mut(index).and_then(Option::take) else { return };
        self.by_key.remove(&view.key);
        self.vacant_views.push(index as u32);
        if let Some(routes) = self.routes.get_mut(view.table as usize) {
            routes.remove(index as u32, &view.route);
            if view.holds_words {
                routes.release_words(&view.order.words);
            }
        }
        if !view.dependencies.is_empty() {
            self.depend_no_longer(index as u32, &view);
        }
    }

    /// How many keys the order of a mounted query has.
    pub(crate) fn order_keys(&self, id: u32) -> Option<usize> {
        let mounted = self.queries.get(id as usize)?.as_ref()?;
        Some(self.views.get(mounted.view as usize)?.as_ref()?.order.keys.len())
    }

    /// Shows another part of the same view.
    pub(crate) fn set_window(&mut self, store: &Store, id: u32, window: &Window) {
        let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::as_mut) else { return };
        let Some(view) = self.views.get(mounted.view as usize).and_then(Option::as_ref) else { return };
        let was_dirty = mounted.shown.dirty;
        let before = view.order.rank_of_cursor(store, &view.sorted, window.after.as_ref());
        let limit = window.limit.map(|limit| limit as usize);
        mounted.shown.move_to(before, window.offset as usize, limit, &view.sorted, &mut self.moves);
        mounted.cursor = window.after.clone();
        if mounted.shown.dirty && !was_dirty {
            self.dirty.push(id);
        }
        carry_out(&mut self.host, &mut self.graph, &mut self.moves);
    }
}
