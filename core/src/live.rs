//! Live queries: views over the store, kept current change by change, and the lists that queries show of them.

mod compile;
mod matcher;
mod related;

mod order;
mod sorted;
mod view;

mod routes;
mod value_hash;
mod value_index;

mod window;

mod graph;
mod settle;
mod shape;

mod compose;
mod host;

use std::borrow::Cow;

use hashbrown::HashMap;

use crate::order_of::sort_and_dedup;
use crate::patch::{Patch, PatchWriter, QueryChange, RowEncoder};
use crate::query::{Cursor, Query, QueryError, Window};
use crate::store::{Address, RowView, Store};
use graph::{Graph, NodeAt};
use host::{Host, News};
use related::Around;
use routes::Routes;
use shape::HostType;
use view::{View, column_bit};
use window::{Move, Shown};

struct Mounted {
    view: u32,
    /// What its rows are to the host.
    host_type: HostType,
    /// Whom it is for, if not for the host.
    owner: Option<Owner>,
    cursor: Option<Cursor>,
    shown: Shown,
    /// How many rows matched when the host was last told.
    total: usize,
}

/// The row for which a query finds what it shows.
#[derive(Debug, Clone, Copy)]
struct Owner {
    node: NodeAt,
}

/// Work done, for tests that count instead of timing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub rows_scanned: u64,
    pub views_evaluated: u64,
    pub rows_sent: u64,
    pub nodes_sent: u64,
    pub queries_sent: u64,
}

/// All mounted queries.
#[derive(Default)]
pub(crate) struct Live {
    views: Vec<Option<View>>,
    by_key: HashMap<String, u32, foldhash::fast::FixedState>,
    queries: Vec<Option<Mounted>>,
    vacant_queries: Vec<u32>,
    vacant_views: Vec<u32>,
    routes: Vec<Routes>,
    graph: Graph,
    host: Host,
    dirty: Vec<u32>,
    /// Views that the row being changed will belong to.
    joining: Vec<u32>,
    /// Views by the tables whose rows, by relations, decide who belongs.
    dependents: HashMap<u32, Vec<u32>, foldhash::fast::FixedState>,
    /// Views and rows of theirs to look at again after the change.
    related: Vec<(u32, u32)>,
    candidates: Vec<u32>,
    moves: Vec<Move>,
    pub counts: Counts,
}

impl Live {
    pub(crate) fn mounted(&self) -> usize {
        self.queries.iter().flatten().filter(|query| query.owner.is_none()).count()
    }

    pub(crate) fn views(&self) -> usize {
        self.by_key.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        let views: usize = self.views.iter().flatten().map(|view| view.sorted.bytes()).sum();
        views + self.routes.iter().map(Routes::bytes).sum::<usize>()
    }

    /// How many rows the host holds.
    pub(crate) fn held_rows(&self) -> usize {
        self.host.held()
    }

    /// Shows a query from now on; the next patch carries all of it.
    pub(crate) fn mount(&mut self, store: &mut Store, table: u32, query: &Query) -> Result<u32, QueryError> {
        shape::check(store, table, query.includes(), "include")?;
        let host_type = self.graph.host_type(store, table, query.includes());
        Ok(self.mount_as(store, table, query, host_type, None))
    }

    fn mount_as(
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
            });
        }
        self.dirty.push(id);
        id
    }

    fn add_view(&mut self, mut view: View, query: &Query, store: &Store) -> u32 {
        let table = view.table as usize;
        let index = self.vacant_views.pop().map_or(self.views.len(), |index| index as usize);
        if index == self.views.len() {
            self.views.push(None);
        }
        if table >= self.routes.len() {
            self.routes.resize_with(table + 1, Routes::default);
        }
        self.depend(store, index as u32, &view);
        if let (Some(routes), Some(rows)) = (self.routes.get_mut(table), store.table(view.table)) {
            let rows = routes.rows(&view.route, rows, &store.slab);
            self.counts.rows_scanned += view.fill(query, rows, Around { store, routes: &self.routes });
        }
        if let Some(routes) = self.routes.get_mut(table) {
            routes.add(index as u32, &view.route);
        }
        self.by_key.insert(view.key.clone(), index as u32);
        if let Some(place) = self.views.get_mut(index) {
            *place = Some(view);
        }
        index as u32
    }

    /// The view hears of changes in other tables from now on, and finds its way back from there.
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

    fn depend_no_longer(&mut self, index: u32, view: &View) {
        if view.dependencies.is_empty() {
            return;
        }
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
    fn open_window(&mut self, store: &Store, view: u32, host_type: HostType, window: &Window) -> Shown {
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
        let index = mounted.view as usize;
        let Some(view) = self.views.get_mut(index).and_then(Option::as_mut) else { return true };
        for slot in mounted.shown.slots(&view.sorted) {
            leave(&mut self.host, &mut self.graph, mounted.host_type, slot);
        }
        if mounted.owner.is_none() {
            self.graph.give_up(mounted.host_type);
        }
        view.queries.retain(|&query| query != id);
        if view.queries.is_empty()
            && let Some(view) = self.views.get_mut(index).and_then(Option::take)
        {
            self.by_key.remove(&view.key);
            self.vacant_views.push(index as u32);
            if let Some(routes) = self.routes.get_mut(view.table as usize) {
                routes.remove(index as u32, &view.route);
            }
            self.depend_no_longer(index as u32, &view);
        }
        true
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

    /// A row is about to become `new`, or to go. The store still has the old one.
    pub(crate) fn before(&mut self, store: &Store, at: Address, new: Option<&RowView<'_>>) {
        self.joining.clear();
        let old = store.view(at);
        if old.is_some() && new.is_some() {
            self.host.changed(at);
        }
        self.related.clear();
        if old.is_some() {
            self.relate(store, at, old.as_ref());
        }
        let Some(routes) = self.routes.get_mut(at.table as usize) else { return };
        let mut candidates = std::mem::take(&mut self.candidates);
        routes.candidates(at.slot, old.as_ref(), new, &mut candidates);
        let changed = match (&old, new) {
            (Some(old), Some(new)) if !candidates.is_empty() => changed_columns(store, at.table, old, new),
            _ => u64::MAX,
        };
        for &index in &candidates {
            let Some(view) = self.views.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            self.counts.views_evaluated += 1;
            let around = Around { store, routes: &self.routes };
            let was = match &old {
                // Its conditions look at more than the row, so what held before can only be read off.
                Some(_) if !view.dependencies.is_empty() => view.has(store, at.slot),
                Some(row) => view.matcher.matches(around, at, row),
                None => false,
            };
            let is = match new {
                Some(_) if old.is_some() && changed & view.filter_columns == 0 => was,
                Some(row) => view.matcher.matches(around, at, row),
                None => false,
            };
            if was && is && changed & view.order_columns == 0 {
                touch(view, store, at.slot, None, &mut self.queries, &mut self.dirty);
                continue;
            }
            if was {
                take_out(view, store, at.slot, &mut self.queries, &mut self.dirty, &mut self.moves);
                carry_out(&mut self.host, &mut self.graph, &mut self.moves);
            }
            if is {
                self.joining.push(index);
            }
        }
        self.candidates = candidates;
    }

    /// The row announced by [`Self::before`] is in the store now.
    pub(crate) fn after(&mut self, store: &Store, at: Address) {
        let mut joining = std::mem::take(&mut self.joining);
        for index in joining.drain(..) {
            let Some(view) = self.views.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            put_in(view, store, at.slot, &mut self.queries, &mut self.dirty, &mut self.moves);
            carry_out(&mut self.host, &mut self.graph, &mut self.moves);
        }
        self.joining = joining;
        self.named_otherwise(store, at);
    }

    /// Notes the rows whose conditions look at this one, which is as given.
    fn relate(&mut self, store: &Store, at: Address, row: Option<&RowView<'_>>) {
        let Some(views) = self.dependents.get(&at.table) else { return };
        let around = Around { store, routes: &self.routes };
        let mut slots = Vec::new();
        for &index in views {
            let Some(view) = self.views.get(index as usize).and_then(Option::as_ref) else { continue };
            for dependency in view.dependencies.iter().filter(|dependency| dependency.table == at.table) {
                dependency.slots(around, at, row, &mut slots);
            }
            self.related.extend(slots.drain(..).map(|slot| (index, slot)));
        }
    }

    /// Looks again at the rows whose conditions look at one that changed.
    fn look_at_related(&mut self, store: &Store) {
        let mut related = std::mem::take(&mut self.related);
        sort_and_dedup(&mut related);
        for (index, slot) in related.drain(..) {
            let Some(view) = self.views.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            let at = Address { table: view.table, slot };
            let Some(row) = store.view(at) else { continue };
            self.counts.views_evaluated += 1;
            let is = view.matcher.matches(Around { store, routes: &self.routes }, at, &row);
            match (view.has(store, slot), is) {
                (true, false) => {
                    take_out(view, store, slot, &mut self.queries, &mut self.dirty, &mut self.moves)
                }
                (false, true) => {
                    put_in(view, store, slot, &mut self.queries, &mut self.dirty, &mut self.moves)
                }
                _ => {}
            }
            carry_out(&mut self.host, &mut self.graph, &mut self.moves);
        }
        self.related = related;
    }

    /// What leads to a row, or to none, is another than before.
    pub(crate) fn named_otherwise(&mut self, store: &Store, at: Address) {
        if !self.dependents.is_empty() {
            self.relate(store, at, store.view(at).as_ref());
            self.look_at_related(store);
        }
        if !self.graph.is_empty() {
            self.graph.changed(store, at);
        }
    }

    /// Everything that changed since the last patch.
    pub(crate) fn take_patch(&mut self, store: &mut Store, rows: &mut RowEncoder) -> Option<Patch> {
        self.settle(store);
        let store = &*store;
        let mut writer = PatchWriter::new(rows);
        let mut news = Vec::new();
        self.host.take_news(&mut news);
        for item in news {
            match item {
                News::Set(at) => {
                    let row = store.view(at).map_or(&b"null"[..], |row| row.bytes);
                    writer.row(at.table, at.slot, row);
                    self.counts.rows_sent += 1;
                }
                News::Released(at) => writer.release(at.table, at.slot),
            }
        }
        self.write_nodes(&mut writer);
        for id in std::mem::take(&mut self.dirty) {
            let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::as_mut) else { continue };
            let Some(view) = self.views.get(mounted.view as usize).and_then(Option::as_ref) else { continue };
            let length = mounted.shown.len(&view.sorted) as u32;
            let total = view.sorted.len();
            if !mounted.shown.reset && mounted.shown.splice_count == 0 && mounted.total == total {
                mounted.shown.delivered();
                continue;
            }
            mounted.total = total;
            if mounted.shown.reset {
                mounted.shown.splices =
                    [0, 0, length].into_iter().chain(mounted.shown.slots(&view.sorted)).collect();
                mounted.shown.splice_count = 1;
            }
            writer.query(&QueryChange {
                query: id,
                table: mounted.host_type,
                reset: mounted.shown.reset,
                total: total as u32,
                length,
                splice_count: mounted.shown.splice_count,
                splices: &mounted.shown.splices,
            });
            self.counts.queries_sent += 1;
            mounted.shown.delivered();
        }
        writer.finish()
    }

    /// The rows that a query shows, in order.
    pub(crate) fn rows<'a>(
        &'a self,
        store: &'a Store,
        id: u32,
    ) -> Option<impl Iterator<Item = Cow<'a, [u8]>> + 'a> {
        let mounted = self.queries.get(id as usize)?.as_ref()?;
        let view = self.views.get(mounted.view as usize)?.as_ref()?;
        let slots = mounted.shown.slots(&view.sorted);
        Some(slots.filter_map(|slot| compose::row(&self.graph, store, mounted.host_type, slot)))
    }

    /// How many rows match a query, whatever its window.
    pub(crate) fn total(&self, id: u32) -> Option<usize> {
        let mounted = self.queries.get(id as usize)?.as_ref()?;
        Some(self.views.get(mounted.view as usize)?.as_ref()?.sorted.len())
    }
}

/// The columns in which two rows differ.
fn changed_columns(store: &Store, table: u32, old: &RowView<'_>, new: &RowView<'_>) -> u64 {
    let columns = store.table(table).map_or(0, crate::store::Table::columns);
    let differs = |&column: &usize| !old.cell(column).same(old.bytes, new.cell(column), new.bytes);
    (0..columns).filter(differs).fold(0, |bits, column| bits | column_bit(column))
}

type Queries = [Option<Mounted>];

/// Calls back with each query of a view, and notes those that became dirty.
fn each_query(
    view: &View,
    queries: &mut Queries,
    dirty: &mut Vec<u32>,
    mut change: impl FnMut(&mut Mounted),
) {
    for &id in &view.queries {
        let Some(mounted) = queries.get_mut(id as usize).and_then(Option::as_mut) else { continue };
        let was_dirty = mounted.shown.dirty;
        change(mounted);
        if mounted.shown.dirty && !was_dirty {
            dirty.push(id);
        }
    }
}

/// A row changed in place, or what is shown in it for the host's type.
fn touch(
    view: &View,
    store: &Store,
    slot: u32,
    only: Option<HostType>,
    queries: &mut Queries,
    dirty: &mut Vec<u32>,
) {
    let compare = |a, b| view.order.compare(store, a, b);
    let Some(rank) = view.sorted.rank(view.order.prefix(store, slot), slot, compare) else { return };
    each_query(view, queries, dirty, |mounted| {
        if only.is_none_or(|only| mounted.host_type == only) {
            mounted.shown.touched(rank, slot, &view.sorted);
        }
    });
}

fn take_out(
    view: &mut View,
    store: &Store,
    slot: u32,
    queries: &mut Queries,
    dirty: &mut Vec<u32>,
    moves: &mut Vec<Move>,
) {
    let prefix = view.order.prefix(store, slot);
    let order = &view.order;
    let Some(rank) = view.sorted.remove(prefix, slot, |a, b| order.compare(store, a, b)) else { return };
    each_query(view, queries, dirty, |mounted| {
        mounted.shown.removed(rank, slot, &view.sorted, moves);
        // The total changed, even where the list did not.
        mounted.shown.dirty = true;
    });
}

fn put_in(
    view: &mut View,
    store: &Store,
    slot: u32,
    queries: &mut Queries,
    dirty: &mut Vec<u32>,
    moves: &mut Vec<Move>,
) {
    let prefix = view.order.prefix(store, slot);
    let order = &view.order;
    let rank = view.sorted.insert(prefix, slot, |a, b| order.compare(store, a, b));
    each_query(view, queries, dirty, |mounted| {
        let is_before =
            mounted.cursor.as_ref().is_some_and(|cursor| view.order.is_before_cursor(store, slot, cursor));
        mounted.shown.inserted(rank, slot, is_before, &view.sorted, moves);
        mounted.shown.dirty = true;
    });
}

/// Rows enter and leave the host.
fn carry_out(host: &mut Host, graph: &mut Graph, moves: &mut Vec<Move>) {
    for change in moves.drain(..) {
        match change {
            Move::Enter(host_type, slot) => enter(host, graph, host_type, slot),
            Move::Leave(host_type, slot) => leave(host, graph, host_type, slot),
        }
    }
}

fn enter(host: &mut Host, graph: &mut Graph, host_type: HostType, slot: u32) {
    match shape::shape_index(host_type) {
        Some(shape) => graph.enter(NodeAt { shape, slot }),
        None => host.enter(Address { table: host_type, slot }),
    }
}

fn leave(host: &mut Host, graph: &mut Graph, host_type: HostType, slot: u32) {
    match shape::shape_index(host_type) {
        Some(shape) => graph.leave(NodeAt { shape, slot }),
        None => host.leave(Address { table: host_type, slot }),
    }
}
