//! What a row's coming, going or changing does to the lists that show a view, and to what the host holds.

use super::Mounted;
use super::graph::{Graph, NodeAt};
use super::host::Host;
use super::shape::{HostType, shape_index};
use super::view::View;
use super::window::Move;
use crate::store::{Address, Store};

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
pub(super) fn touch(
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

pub(super) fn take_out(
    view: &mut View,
    store: &Store,
    slot: u32,
    queries: &mut Queries,
    dirty: &mut Vec<u32>,
    moves: &mut Vec<Move>,
) {
    let Some(rank) = view.order.remove(store, &mut view.sorted, slot) else { return };
    view.tallies.iter_mut().for_each(|tally| tally.change(store, slot, false));
    each_query(view, queries, dirty, |mounted| {
        mounted.shown.removed(rank, slot, &view.sorted, moves);
        // The total changed, even where the list did not.
        mounted.shown.dirty = true;
    });
}

pub(super) fn put_in(
    view: &mut View,
    store: &Store,
    slot: u32,
    queries: &mut Queries,
    dirty: &mut Vec<u32>,
    moves: &mut Vec<Move>,
) {
    let rank = view.order.insert(store, &mut view.sorted, slot);
    view.tallies.iter_mut().for_each(|tally| tally.change(store, slot, true));
    each_query(view, queries, dirty, |mounted| {
        let is_before =
            mounted.cursor.as_ref().is_some_and(|cursor| view.order.is_before_cursor(store, slot, cursor));
        mounted.shown.inserted(rank, slot, is_before, &view.sorted, moves);
        mounted.shown.dirty = true;
    });
}

/// Rows enter and leave the host.
pub(super) fn carry_out(host: &mut Host, graph: &mut Graph, moves: &mut Vec<Move>) {
    for change in moves.drain(..) {
        match change {
            Move::Enter(host_type, slot) => enter(host, graph, host_type, slot),
            Move::Leave(host_type, slot) => leave(host, graph, host_type, slot),
        }
    }
}

pub(super) fn enter(host: &mut Host, graph: &mut Graph, host_type: HostType, slot: u32) {
    match shape_index(host_type) {
        Some(shape) => graph.enter(NodeAt { shape, slot }),
        None => host.enter(Address { table: host_type, slot }),
    }
}

pub(super) fn leave(host: &mut Host, graph: &mut Graph, host_type: HostType, slot: u32) {
    match shape_index(host_type) {
        Some(shape) => graph.leave(NodeAt { shape, slot }),
        None => host.leave(Address { table: host_type, slot }),
    }
}
