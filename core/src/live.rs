//! Live queries: views over the store, kept current change by change, and the lists that queries show of them.

mod compile;
mod matcher;
mod related;

mod order;
mod sorted;
mod view;

mod hints;
mod routes;
mod upkeep;
mod value_hash;
mod value_index;
mod word_index;
mod word_indexes;
mod words;

mod window;

mod exact_sum;
mod tallies;
mod tally;

mod change;
mod listed;
mod lists;
mod mounting;

mod explain;

mod waits;

mod graph;
mod settle;
mod shape;

mod compose;
mod host;

use std::borrow::Cow;

use hashbrown::HashMap;

use crate::patch::{Patch, PatchWriter, QueryChange, RowEncoder};
use crate::query::Cursor;
use crate::store::{Address, Store};
use graph::{Graph, NodeAt};
use host::{Host, News};
use listed::Listings;
use routes::Routes;
use shape::HostType;
use view::View;
pub(crate) use waits::Scan;
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
    /// The host was told that rows may be missing.
    is_partial: bool,
    /// The table of the groups that its view's rows are counted in, if they are for it.
    tally: Option<u32>,
    /// The figures beside its rows are others than the host was told.
    aggregates_changed: bool,
    /// The query that finds the rows of its groups, if it shows groups.
    base: Option<u32>,
}

/// For whom a query finds what it shows.
#[derive(Debug, Clone, Copy)]
enum Owner {
    /// A row, which shows it.
    Node(NodeAt),
    /// Groups of what it finds.
    Groups,
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
    /// Empty between patches, and kept for its memory.
    news: Vec<News>,
    /// Views that the row being changed will belong to.
    joining: Vec<u32>,
    /// The views whose lists name an entity.
    listings: Listings,
    /// Rows that come to match go on no list by themselves: they are a copy, not news.
    pub are_lists_closed: bool,
    /// Views by the tables whose rows, by relations, decide who belongs.
    dependents: HashMap<u32, Vec<u32>, foldhash::fast::FixedState>,
    /// Views and rows of theirs to look at again after the change.
    related: Vec<(u32, u32)>,
    /// Not all rows that there are may be in the cache.
    is_partial: bool,
    candidates: Vec<u32>,
    moves: Vec<Move>,
    /// Views in which the row being changed is counted anew.
    recounting: Vec<u32>,
    /// Queries with a tally.
    tallied: u32,
    /// Views that wait for rows which are not in memory.
    pub(crate) waiting: Vec<u32>,
    /// Rows that are not in memory, to be shown in others.
    wanted_rows: Vec<Address>,
    /// Shapes in which rows are missing.
    short_shapes: Vec<u32>,
    /// Tables of groups that nobody needs any more; and those that may be used for others.
    retired_tables: Vec<u32>,
    vacant_tables: Vec<u32>,
    pub counts: Counts,
}

impl Live {
    /// No query; the host takes what changed in a row instead of the row, or does not.
    pub(crate) fn new(takes_changes: bool) -> Self {
        Self { host: Host::new(takes_changes), ..Self::default() }
    }

    pub(crate) fn mounted(&self) -> usize {
        self.queries.iter().flatten().filter(|query| query.owner.is_none()).count()
    }

    pub(crate) fn views(&self) -> usize {
        self.by_key.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        let views: usize = self.views.iter().flatten().map(View::bytes).sum();
        views + self.routes.iter().map(Routes::bytes).sum::<usize>()
    }

    /// How many indexes there are, were built, and were dropped.
    pub(crate) fn indexes(&self) -> (usize, u64, u64) {
        let counts = self.routes.iter().map(Routes::counts);
        counts.fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2))
    }

    /// Says whether rows may be missing, which every query then tells.
    pub(crate) fn set_partial(&mut self, is_partial: bool) {
        if std::mem::replace(&mut self.is_partial, is_partial) != is_partial {
            for (id, mounted) in self.queries.iter_mut().enumerate() {
                if let Some(mounted) = mounted.as_mut().filter(|mounted| mounted.owner.is_none())
                    && !std::mem::replace(&mut mounted.shown.dirty, true)
                {
                    self.dirty.push(id as u32);
                }
            }
        }
    }

    /// The rows that the host shows.
    pub(crate) fn shown_rows(&self) -> Vec<Address> {
        self.host.shown().collect()
    }

    /// How many rows the host holds.
    pub(crate) fn held_rows(&self) -> usize {
        self.host.held()
    }

    /// The next patch carries every row and node that the host holds.
    pub(crate) fn resend(&mut self) {
        self.host.resend();
        self.graph.resend();
    }

    /// Everything that changed since the last patch.
    pub(crate) fn take_patch(&mut self, store: &mut Store, rows: &mut RowEncoder) -> Option<Patch> {
        // Engines optimise a function whole: what most caches have no use for is kept out of this one, here and elsewhere.
        if self.has_tallies() {
            self.settle_tallies(store);
        }
        let has_nodes = !self.graph.is_empty();
        if has_nodes {
            self.settle(store);
        }
        let store = &*store;
        self.find_short_shapes();
        self.count_lists(store);
        let mut writer = PatchWriter::new(rows);
        let mut news = std::mem::take(&mut self.news);
        self.host.take_news(&mut news);
        for item in news.drain(..) {
            match item {
                News::Set(at) => {
                    let row = store.view(at).map_or(&b"null"[..], |row| row.bytes);
                    writer.row(at.table, at.slot, row);
                    self.counts.rows_sent += 1;
                }
                News::Changed(at, members) => {
                    writer.changes(at.table, at.slot, self.host.written(members));
                    self.counts.rows_sent += 1;
                }
                News::Released(at) => writer.release(at.table, at.slot),
            }
        }
        self.news = news;
        self.host.forget_changes();
        if has_nodes {
            self.write_nodes(&mut writer);
        }
        let mut dirty = std::mem::take(&mut self.dirty);
        for id in dirty.drain(..) {
            let aggregates = self.aggregates_at(id);
            let is_short = self.has_short()
                && self
                    .queries
                    .get(id as usize)
                    .and_then(Option::as_ref)
                    .is_some_and(|mounted| self.is_short(mounted));
            let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::as_mut) else { continue };
            let Some(view) = self.views.get(mounted.view as usize).and_then(Option::as_ref) else { continue };
            let length = mounted.shown.len(&view.sorted) as u32;
            let total = view.sorted.len();
            let is_partial = match view.order.list.as_deref() {
                Some(list) => !list.is_complete(),
                None => self.is_partial,
            } || is_short;
            let is_told = mounted.total == total && mounted.is_partial == is_partial;
            let is_same = !mounted.shown.reset && mounted.shown.splice_count == 0 && is_told;
            if is_same && !mounted.aggregates_changed {
                mounted.shown.delivered();
                continue;
            }
            mounted.aggregates_changed = false;
            mounted.total = total;
            mounted.is_partial = is_partial;
            if mounted.shown.reset {
                mounted.shown.put_all(&view.sorted, length);
            }
            writer.query(&QueryChange {
                query: id,
                table: mounted.host_type,
                reset: mounted.shown.reset,
                is_partial,
                total: total as u32,
                length,
                aggregates,
                splice_count: mounted.shown.splice_count,
                splices: &mounted.shown.splices,
            });
            self.counts.queries_sent += 1;
            mounted.shown.delivered();
        }
        self.dirty = dirty;
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
