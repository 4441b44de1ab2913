//! Rows with their relations put in, as the host holds them: which there are, and which have to be looked at or sent again.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::shape::{Edge, HostType, Node, Shape, Source, shape_index};
use crate::patch::SHAPE_BIT;
use crate::query::{Include, Includes, canonical_includes};
use crate::store::{Address, Store};

/// The host has an object for the node.
pub(crate) const HELD: u8 = 1;
/// What it shows may be other rows now.
pub(crate) const STALE: u8 = 2;
/// The row itself is new or another; queries that show it know.
pub(crate) const CHANGED: u8 = 4;
/// It must be sent.
pub(crate) const DIRTY: u8 = 8;
/// It is among those to look at.
const LISTED: u8 = 16;

/// A node's place: its shape and its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeAt {
    pub shape: u32,
    pub slot: u32,
}

/// All shapes and their nodes.
#[derive(Default)]
pub(crate) struct Graph {
    shapes: Vec<Option<Shape>>,
    by_key: HashMap<String, u32, FixedState>,
    vacant: Vec<u32>,
    /// Nodes to look at before the next patch.
    listed: Vec<NodeAt>,
    /// Nodes that the next patch carries, in no order; some may be gone by then.
    pub dirty: Vec<NodeAt>,
    /// Nodes that the host lets go of.
    pub released: Vec<NodeAt>,
    /// Nodes that no list showed when they were looked at.
    pub leaving: Vec<NodeAt>,
    /// Shapes that may have nobody left who uses them.
    idle: Vec<u32>,
    /// How many rows that nodes name are not in memory, in all shapes.
    pub missing: u32,
}

pub(crate) fn hash_id(id: &[u8]) -> u64 {
    FixedState::default().hash_one(id)
}

impl Graph {
    pub(crate) fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    pub(crate) fn shape(&self, index: u32) -> Option<&Shape> {
        self.shapes.get(index as usize)?.as_ref()
    }

    pub(crate) fn shape_mut(&mut self, index: u32) -> Option<&mut Shape> {
        self.shapes.get_mut(index as usize)?.as_mut()
    }

    pub(crate) fn shapes(&self) -> impl Iterator<Item = (u32, &Shape)> {
        self.shapes.iter().enumerate().filter_map(|(index, shape)| Some((index as u32, shape.as_ref()?)))
    }

    /// The type of rows of this table with these relations put in; one more uses it from now on.
    pub(crate) fn host_type(&mut self, store: &mut Store, table: u32, includes: &Includes) -> HostType {
        if includes.is_empty() {
            return table;
        }
        let key = format!("{table} {}", canonical_includes(includes));
        let index = match self.by_key.get(&key) {
            Some(&index) => index,
            None => self.add(store, table, includes, key),
        };
        if let Some(shape) = self.shape_mut(index) {
            shape.users += 1;
        }
        index | SHAPE_BIT
    }

    fn add(&mut self, store: &mut Store, base: u32, includes: &Includes, key: String) -> u32 {
        let relations = store.table(base).map(|table| table.resource.relations.clone()).unwrap_or_default();
        let edges: Vec<Edge> = includes
            .iter()
            .filter_map(|(name, include): (&String, &Include)| {
                let relation = relations.get(name)?;
                let target = store.find_table(&relation.to)?;
                Some(Edge {
                    name: name.clone(),
                    is_many: relation.kind == crate::registry::RelationKind::Many,
                    target,
                    child: self.host_type(store, target, &include.include),
                    source: Source::new(relation, include, target, store),
                })
            })
            .collect();
        let below = |edge: &Edge| shape_index(edge.child).and_then(|child| self.shape(child));
        let height = edges.iter().filter_map(below).map(|shape| shape.height + 1).max().unwrap_or(0);
        let shape = Shape {
            key: key.clone(),
            base,
            edges,
            height,
            users: 0,
            missing: 0,
            nodes: HashMap::default(),
            is_told: false,
        };
        let index = self.vacant.pop().unwrap_or_else(|| {
            self.shapes.push(None);
            self.shapes.len() as u32 - 1
        });
        self.by_key.insert(key, index);
        if let Some(place) = self.shapes.get_mut(index as usize) {
            *place = Some(shape);
        }
        index
    }

    /// One user of the type less.
    pub(crate) fn give_up(&mut self, host_type: HostType) {
        let Some(index) = shape_index(host_type) else { return };
        if let Some(shape) = self.shape_mut(index) {
            shape.users = shape.users.saturating_sub(1);
            self.idle.push(index);
        }
    }

    /// Forgets the shapes that nobody uses; their nodes are gone already.
    pub(crate) fn forget_idle(&mut self) {
        while let Some(index) = self.idle.pop() {
            let is_idle = self.shape(index).is_some_and(|shape| shape.users == 0 && shape.nodes.is_empty());
            if !is_idle {
                continue;
            }
            let Some(shape) = self.shapes.get_mut(index as usize).and_then(Option::take) else { continue };
            self.by_key.remove(&shape.key);
            self.vacant.push(index);
            for edge in shape.edges {
                self.give_up(edge.child);
            }
        }
    }

    /// The shapes in which rows are missing.
    pub(crate) fn short(&self) -> impl Iterator<Item = u32> {
        self.shapes().filter(|(_, shape)| shape.missing > 0).map(|(index, _)| index)
    }

    /// So many of the rows that a node names along an edge are not in memory.
    pub(crate) fn set_missing(&mut self, shape: u32, before: u32, now: u32) {
        self.missing = (self.missing + now).saturating_sub(before);
        if let Some(shape) = self.shape_mut(shape) {
            shape.missing = (shape.missing + now).saturating_sub(before);
        }
    }

    /// Does some node name the row?
    pub(crate) fn is_named(&self, store: &Store, at: Address) -> bool {
        if self.is_empty() {
            return false;
        }
        let mut hashes: Option<Vec<u64>> = None;
        let mut names = |edge: &Edge| match &edge.source {
            Source::Named { holders, .. } if edge.target == at.table && !holders.is_empty() => {
                let hashes = hashes.get_or_insert_with(|| id_hashes(store, at));
                hashes.iter().any(|hash| holders.contains_key(hash))
            }
            _ => false,
        };
        self.shapes().any(|(_, shape)| shape.edges.iter().any(&mut names))
    }

    /// A list shows the row in this shape.
    pub(crate) fn enter(&mut self, at: NodeAt) {
        let Some(shape) = self.shape_mut(at.shape) else { return };
        let node =
            shape.nodes.entry(at.slot).or_insert_with(|| Node { flags: STALE | CHANGED, ..Node::default() });
        node.lists += 1;
        if node.lists == 1 {
            self.mark(at, 0);
        }
    }

    /// A list no longer shows the row in this shape.
    pub(crate) fn leave(&mut self, at: NodeAt) {
        let Some(node) = self.node_mut(at) else { return };
        node.lists = node.lists.saturating_sub(1);
        if node.lists == 0 {
            self.mark(at, 0);
        }
    }

    pub(crate) fn node(&self, at: NodeAt) -> Option<&Node> {
        self.shape(at.shape)?.nodes.get(&at.slot)
    }

    pub(crate) fn node_mut(&mut self, at: NodeAt) -> Option<&mut Node> {
        self.shape_mut(at.shape)?.nodes.get_mut(&at.slot)
    }

    /// Notes what is the matter with a node, if it is there.
    pub(crate) fn mark(&mut self, at: NodeAt, flags: u8) {
        let Some(node) = self.node_mut(at) else { return };
        let (was_listed, was_dirty) = (node.flags & LISTED != 0, node.flags & DIRTY != 0);
        node.flags |= flags | LISTED;
        if flags & DIRTY != 0 && !was_dirty {
            self.dirty.push(at);
        }
        if !was_listed {
            self.listed.push(at);
        }
    }

    /// Every shape and node that the host holds is sent again with the next patch; what queries show is the same.
    pub(crate) fn resend(&mut self) {
        let mut held = Vec::new();
        for (index, shape) in self.shapes.iter_mut().enumerate() {
            let Some(shape) = shape else { continue };
            shape.is_told = false;
            let nodes = shape.nodes.iter().filter(|(_, node)| node.flags & HELD != 0);
            held.extend(nodes.map(|(&slot, _)| NodeAt { shape: index as u32, slot }));
        }
        held.into_iter().for_each(|at| self.mark(at, CHANGED | DIRTY));
    }

    /// The next node to look at.
    pub(crate) fn next(&mut self) -> Option<NodeAt> {
        loop {
            let at = self.listed.pop()?;
            if let Some(node) = self.node_mut(at) {
                node.flags &= !LISTED;
                return Some(at);
            }
        }
    }

    /// A row changed, came or went; the store has it as it is now.
    pub(crate) fn changed(&mut self, store: &Store, at: Address) {
        let mut hashes: Option<Vec<u64>> = None;
        for index in 0..self.shapes.len() as u32 {
            let Some(shape) = self.shape(index) else { continue };
            let mut found: Vec<(u32, u8)> = Vec::new();
            if shape.base == at.table && shape.nodes.contains_key(&at.slot) {
                found.push((at.slot, STALE | CHANGED | DIRTY));
            }
            for (number, edge) in shape.edges.iter().enumerate() {
                let Source::Named { holders, .. } = &edge.source else { continue };
                if edge.target != at.table || holders.is_empty() {
                    continue;
                }
                let hashes = hashes.get_or_insert_with(|| id_hashes(store, at));
                let held_by = hashes.iter().filter_map(|hash| holders.get(hash)).flatten();
                found.extend(held_by.map(|&slot| {
                    let links = shape.nodes.get(&slot).and_then(|node| node.links.get(number));
                    let shows = links.is_some_and(|links| links.slots.contains(&at.slot));
                    (slot, if shows { STALE | DIRTY } else { STALE })
                }));
            }
            for (slot, flags) in found {
                self.mark(NodeAt { shape: index, slot }, flags);
            }
        }
    }

    /// The nodes that show this one.
    pub(crate) fn parents(&self, store: &Store, child: NodeAt, out: &mut Vec<NodeAt>) {
        let Some(target) = self.shape(child.shape).map(|shape| shape.base) else { return };
        let at = Address { table: target, slot: child.slot };
        let mut hashes: Option<Vec<u64>> = None;
        for (index, shape) in self.shapes() {
            for (number, edge) in shape.edges.iter().enumerate() {
                if edge.child != child.shape | SHAPE_BIT {
                    continue;
                }
                let mut add = |slot: u32| {
                    let links = shape.nodes.get(&slot).and_then(|node| node.links.get(number));
                    if links.is_some_and(|links| links.slots.contains(&child.slot)) {
                        out.push(NodeAt { shape: index, slot });
                    }
                };
                match &edge.source {
                    Source::Named { holders, .. } => {
                        let hashes = hashes.get_or_insert_with(|| id_hashes(store, at));
                        hashes.iter().filter_map(|hash| holders.get(hash)).flatten().copied().for_each(add);
                    }
                    Source::Naming { field, .. } => {
                        let Some(row) = store.view(at) else { continue };
                        super::shape::ids_in(row.bytes, field, |id| {
                            store
                                .table(shape.base)
                                .and_then(|table| table.find(id))
                                .into_iter()
                                .for_each(&mut add);
                        });
                    }
                }
            }
        }
    }
}

/// The hashes of all ids that lead to a row.
fn id_hashes(store: &Store, at: Address) -> Vec<u64> {
    let Some(table) = store.table(at.table) else { return Vec::new() };
    table.names_of(at.slot).iter().map(|id| hash_id(id)).collect()
}
