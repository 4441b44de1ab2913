//! Before a patch: rows with relations find what they show, and those that show something else are written.

use std::mem;

use super::graph::{CHANGED, DIRTY, HELD, NodeAt, STALE, hash_id};
use super::lists::{enter, leave, touch};
use super::related::Around;
use super::shape::{HostType, Links, Source, ids_in, members_query, naming_query};
use super::{Live, Owner};
use crate::order_of::order_of;
use crate::patch::{PatchWriter, SHAPE_BIT, ShapeEdge};
use crate::query::{Query, Scalar};
use crate::store::{Address, Store};

impl Live {
    /// Everything that is shown in rows is what it should be when this is done.
    #[inline(never)]
    pub(super) fn settle(&mut self, store: &mut Store) {
        self.tell_owners();
        loop {
            match self.graph.next() {
                Some(at) => self.look_at(store, at),
                // Last, because until then another list may come to show them.
                None => match self.graph.leaving.pop() {
                    Some(at) => self.drop_if_alone(at),
                    None => break,
                },
            }
        }
        self.spread(store);
    }

    /// Queries that find what a row shows have no host to tell, but that row.
    fn tell_owners(&mut self) {
        let mut dirty = mem::take(&mut self.dirty);
        dirty.retain(|&id| {
            let Some(query) = self.queries.get_mut(id as usize).and_then(Option::as_mut) else { return true };
            let Some(Owner::Node(node)) = query.owner else { return true };
            // A row knows nothing of totals.
            let shows_others = query.shown.reset || query.shown.splice_count > 0;
            self.graph.mark(node, if shows_others { STALE | DIRTY } else { STALE });
            query.shown.delivered();
            false
        });
        self.dirty = dirty;
    }

    fn look_at(&mut self, store: &mut Store, at: NodeAt) {
        let Some(shape) = self.graph.shape(at.shape) else { return };
        let (base, edges) = (shape.base, shape.edges.len());
        let Some(node) = self.graph.node_mut(at) else { return };
        if node.lists == 0 {
            self.graph.leaving.push(at);
            return;
        }
        let was_stale = node.flags & STALE != 0;
        node.flags &= !STALE;
        if !was_stale {
            return;
        }
        if node.links.is_empty() {
            node.links.resize_with(edges, Links::default);
            self.host.enter(Address { table: base, slot: at.slot });
            self.graph.mark(at, DIRTY);
        }
        for edge in 0..edges {
            self.look_along(store, at, edge);
        }
    }

    fn look_along(&mut self, store: &mut Store, at: NodeAt, number: usize) {
        let Some(shape) = self.graph.shape(at.shape) else { return };
        let Some(edge) = shape.edges.get(number) else { return };
        let (base, target, child, is_many) = (shape.base, edge.target, edge.child, edge.is_many);
        let Source::Named { field, pick, .. } = &edge.source else {
            return self.link_naming(store, at, number, child);
        };
        let needs_query = pick.as_ref().is_some_and(|pick| pick.members.is_some());
        let (mut ids, mut texts, mut slots) = (Vec::new(), Vec::new(), Vec::new());
        let wanted = self.wanted_rows.len();
        let row = store.view(Address { table: base, slot: at.slot });
        if let (Some(row), Some(target)) = (row, store.table(target)) {
            ids_in(row.bytes, field, |id| {
                ids.push(hash_id(id));
                if needs_query {
                    texts.push(Scalar::Text(String::from_utf8_lossy(id).into_owned()));
                }
                let found = target.find(id);
                slots.extend(found.filter(|&slot| !target.row_ref(slot).is_none()));
                let away = found.filter(|&slot| target.away.has(slot));
                self.wanted_rows.extend(away.map(|slot| Address { table: edge.target, slot }));
            });
        }
        let missing = (self.wanted_rows.len() - wanted) as u32;
        self.miss(at, number, missing);
        if needs_query {
            self.keep_members(store, at, number, &ids, texts, &mut slots);
        }
        let edge = self.graph.shape(at.shape).and_then(|shape| shape.edges.get(number));
        if let Some(Source::Named { pick: Some(pick), .. }) = edge.map(|edge| &edge.source) {
            pick.choose(&mut slots, Around { store, routes: &self.routes });
        }
        slots.truncate(if is_many { usize::MAX } else { 1 });
        self.link_named(at, number, child, ids, slots);
    }

    /// So many of the rows that a node names are not in memory.
    fn miss(&mut self, at: NodeAt, number: usize, missing: u32) {
        let links = self.graph.node_mut(at).and_then(|node| node.links.get_mut(number));
        let before = links.map_or(missing, |links| mem::replace(&mut links.missing, missing));
        if before != missing {
            self.graph.set_missing(at.shape, before, missing);
        }
    }

    /// Keeps those of the rows that a query finds, which is mounted for these ids.
    fn keep_members(
        &mut self,
        store: &mut Store,
        at: NodeAt,
        number: usize,
        ids: &[u64],
        texts: Vec<Scalar>,
        slots: &mut Vec<u32>,
    ) {
        let links = self.graph.node(at).and_then(|node| node.links.get(number));
        let known = links.filter(|links| links.ids == ids).and_then(|links| links.query);
        let old = links.and_then(|links| links.query).filter(|_| known.is_none());
        let query = known.or_else(|| {
            let edge = self.graph.shape(at.shape)?.edges.get(number)?;
            let target = edge.target;
            let Source::Named { pick: Some(pick), .. } = &edge.source else { return None };
            let resource = &store.table(target)?.resource;
            let query = members_query(&resource.name, &resource.id, texts, pick.members.as_ref()?).ok()?;
            Some(self.mount_for(store, target, &query, target, at))
        });
        if let Some(old) = old {
            self.unmount(old);
        }
        if let Some(links) = self.graph.node_mut(at).and_then(|node| node.links.get_mut(number)) {
            links.query = query;
        }
        let mounted = query.and_then(|query| self.queries.get(query as usize)?.as_ref());
        let view = mounted.and_then(|mounted| self.views.get(mounted.view as usize)?.as_ref());
        slots.retain(|&slot| view.is_some_and(|view| view.has(store, slot)));
    }

    /// Mounts a query whose result is for a row, not for the host.
    fn mount_for(
        &mut self,
        store: &mut Store,
        table: u32,
        query: &Query,
        host_type: HostType,
        node: NodeAt,
    ) -> u32 {
        let id = self.mount_as(store, table, query, host_type, Some(Owner::Node(node)));
        if let Some(mounted) = self.queries.get_mut(id as usize).and_then(Option::as_mut) {
            mounted.shown.delivered();
        }
        id
    }

    fn link_named(&mut self, at: NodeAt, number: usize, child: HostType, ids: Vec<u64>, slots: Vec<u32>) {
        let Some(links) = self.graph.node_mut(at).and_then(|node| node.links.get_mut(number)) else { return };
        let is_other = links.slots != slots;
        let old_ids = (links.ids != ids).then(|| mem::replace(&mut links.ids, ids.clone()));
        let old_slots = is_other.then(|| mem::replace(&mut links.slots, slots.clone()));
        if let Some(old) = old_ids {
            self.hold(at, number, &old, &ids);
        }
        if let Some(old) = old_slots {
            // Those in both must not be let go of in between.
            slots.into_iter().for_each(|slot| enter(&mut self.host, &mut self.graph, child, slot));
            old.into_iter().for_each(|slot| leave(&mut self.host, &mut self.graph, child, slot));
            self.graph.mark(at, DIRTY);
        }
    }

    /// The node is among those that name the new ids, and no longer among those that name the old.
    fn hold(&mut self, at: NodeAt, number: usize, old: &[u64], new: &[u64]) {
        let edge = self.graph.shape_mut(at.shape).and_then(|shape| shape.edges.get_mut(number));
        let Some(Source::Named { holders, .. }) = edge.map(|edge| &mut edge.source) else { return };
        for hash in old {
            if let Some(slots) = holders.get_mut(hash) {
                slots.retain(|&slot| slot != at.slot);
                if slots.is_empty() {
                    holders.remove(hash);
                }
            }
        }
        for &hash in new {
            let slots = holders.entry(hash).or_default();
            if !slots.contains(&at.slot) {
                slots.push(at.slot);
            }
        }
    }

    fn link_naming(&mut self, store: &mut Store, at: NodeAt, number: usize, child: HostType) {
        let links = self.graph.node(at).and_then(|node| node.links.get(number));
        let query = match links.and_then(|links| links.query) {
            Some(query) => query,
            None => match self.mount_naming(store, at, number, child) {
                Some(query) => query,
                None => return,
            },
        };
        let slots = self.slots_of(query);
        if let Some(links) = self.graph.node_mut(at).and_then(|node| node.links.get_mut(number)) {
            links.query = Some(query);
            links.slots = slots;
        }
    }

    /// Mounts the query that finds what names a row.
    fn mount_naming(&mut self, store: &mut Store, at: NodeAt, number: usize, child: HostType) -> Option<u32> {
        let shape = self.graph.shape(at.shape)?;
        let edge = shape.edges.get(number)?;
        let target = edge.target;
        let Source::Naming { field, in_lists, resource_type, include } = &edge.source else { return None };
        let ids = &store.table(shape.base)?.ids;
        let id = ids.with_text(at.slot, |id| String::from_utf8_lossy(id).into_owned());
        // What was checked as part of the outer query is right in this one.
        let query = naming_query(resource_type, field, *in_lists, include, &id).ok()?;
        Some(self.mount_for(store, target, &query, child, at))
    }

    fn slots_of(&self, query: u32) -> Vec<u32> {
        let mounted = self.queries.get(query as usize).and_then(Option::as_ref);
        let view = mounted.and_then(|mounted| self.views.get(mounted.view as usize)?.as_ref());
        mounted
            .zip(view)
            .map(|(mounted, view)| mounted.shown.slots(&view.sorted).collect())
            .unwrap_or_default()
    }

    fn drop_if_alone(&mut self, at: NodeAt) {
        let Some(shape) = self.graph.shape_mut(at.shape) else { return };
        if shape.nodes.get(&at.slot).is_none_or(|node| node.lists > 0) {
            return;
        }
        let base = shape.base;
        let Some(node) = shape.nodes.remove(&at.slot) else { return };
        let edges: Vec<(HostType, bool)> = shape
            .edges
            .iter()
            .map(|edge| (edge.child, matches!(edge.source, Source::Naming { .. })))
            .collect();
        let is_looked_at = !node.links.is_empty();
        for (number, (links, (child, is_shown_by_query))) in node.links.into_iter().zip(edges).enumerate() {
            self.hold(at, number, &links.ids, &[]);
            self.graph.set_missing(at.shape, links.missing, 0);
            if let Some(query) = links.query {
                self.unmount(query);
            }
            let slots = if is_shown_by_query { Vec::new() } else { links.slots };
            slots.into_iter().for_each(|slot| leave(&mut self.host, &mut self.graph, child, slot));
        }
        // A shape without edges has none to tell by, but no shape is without.
        if is_looked_at {
            self.host.leave(Address { table: base, slot: at.slot });
        }
        if node.flags & HELD != 0 {
            self.graph.released.push(at);
        }
    }

    /// Whatever shows a row that is to be sent is to be sent too: the rows around it, and the queries.
    fn spread(&mut self, store: &Store) {
        let mut parents = Vec::new();
        let mut next = 0;
        while let Some(&at) = self.graph.dirty.get(next) {
            next += 1;
            let Some(flags) = self.graph.node(at).map(|node| node.flags) else { continue };
            self.graph.parents(store, at, &mut parents);
            for parent in parents.drain(..) {
                self.graph.mark(parent, DIRTY);
            }
            if flags & CHANGED == 0 {
                self.touch_queries(store, at);
            }
        }
        while self.graph.next().is_some() {}
    }

    /// Queries that show a row in which only what is included changed.
    fn touch_queries(&mut self, store: &Store, at: NodeAt) {
        let Some(table) = self.graph.shape(at.shape).map(|shape| shape.base) else { return };
        let row_at = Address { table, slot: at.slot };
        let row = store.view(row_at);
        let mut candidates = mem::take(&mut self.candidates);
        self.find_candidates(store, row_at, row.as_ref(), row.as_ref(), &mut candidates);
        for &index in &candidates {
            let Some(view) = self.views.get(index as usize).and_then(Option::as_ref) else { continue };
            let shows = |id: &u32| {
                let query = self.queries.get(*id as usize).and_then(Option::as_ref);
                query.is_some_and(|query| query.owner.is_none() && query.host_type == at.shape | SHAPE_BIT)
            };
            if view.queries.iter().any(shows) {
                touch(view, store, at.slot, Some(at.shape | SHAPE_BIT), &mut self.queries, &mut self.dirty);
            }
        }
        self.candidates = candidates;
    }

    /// Writes the nodes that changed, those inside others first.
    #[inline(never)]
    pub(super) fn write_nodes(&mut self, writer: &mut PatchWriter<'_>) {
        let mut dirty = mem::take(&mut self.graph.dirty);
        let height = |index: usize| Some(self.graph.shape(dirty.get(index)?.shape)?.height);
        let order = order_of(dirty.len(), &mut |a, b| height(a).cmp(&height(b)));
        for at in order.into_iter().filter_map(|index| dirty.get(index).copied()) {
            let Some(shape) = self.graph.shape_mut(at.shape) else { continue };
            if !shape.is_told && shape.nodes.contains_key(&at.slot) {
                shape.is_told = true;
                let edges: Vec<ShapeEdge<'_>> = shape
                    .edges
                    .iter()
                    .map(|edge| ShapeEdge { name: &edge.name, many: edge.is_many, child: edge.child })
                    .collect();
                writer.shape(at.shape | SHAPE_BIT, shape.base, &edges);
            }
            let Some(node) = shape.nodes.get_mut(&at.slot) else { continue };
            node.flags = HELD;
            writer.begin_node(at.shape | SHAPE_BIT, at.slot);
            for links in &node.links {
                writer.edge(links.slots.iter().copied());
            }
            self.counts.nodes_sent += 1;
        }
        dirty.clear();
        self.graph.dirty = dirty;
        for at in self.graph.released.drain(..) {
            writer.release(at.shape | SHAPE_BIT, at.slot);
        }
        self.graph.forget_idle();
    }
}
