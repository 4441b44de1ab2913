//! The layout of a patch; PROTOCOL.md, section 3, is its description.

use super::rows::RowEncoder;
use crate::store::Address;

/// The bytes `LDP1`.
pub(crate) const MAGIC: u32 = 0x3150_444C;

/// The version of the layout, part of the magic number.
pub const PATCH_VERSION: u32 = 1;

const HEADER_WORDS: usize = 12;

/// The bit of a type's number that tells a shape, rows with their relations put in, from a resource type.
pub(crate) const SHAPE_BIT: u32 = 1 << 31;

/// The flag of a query that has aggregates beside its rows: two words more say which row they are.
const FLAG_AGGREGATES: u32 = 4;

/// What changed for the mounted queries in one step: the only thing that crosses to a host language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    bytes: Vec<u8>,
}

impl Patch {
    /// The patch in the layout of PROTOCOL.md, section 3.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The patch in the layout of PROTOCOL.md, section 3.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// One query's part of a patch.
pub(crate) struct QueryChange<'a> {
    pub query: u32,
    pub table: u32,
    pub reset: bool,
    /// Rows may be missing, because not all that there are is in the cache.
    pub is_partial: bool,
    pub total: u32,
    pub length: u32,
    /// The row with the aggregates beside it.
    pub aggregates: Option<Address>,
    pub splice_count: u32,
    /// Words: position, remove, insert count, slots.
    pub splices: &'a [u32],
}

/// One relation that a shape puts in.
pub(crate) struct ShapeEdge<'a> {
    /// The property that it becomes.
    pub name: &'a str,
    /// An array, and not one object or null.
    pub many: bool,
    /// The type of what it leads to, perhaps a shape itself.
    pub child: u32,
}

/// The parts of a patch while they are collected. They keep their memory from one patch to the next: most are small.
#[derive(Default)]
pub(super) struct Parts {
    rows: Vec<u32>,
    pub(super) payload: Vec<u8>,
    shapes: Vec<u32>,
    shape_count: u32,
    names: Vec<u8>,
    nodes: Vec<u32>,
    node_count: u32,
    released: Vec<u32>,
    queries: Vec<u32>,
    query_count: u32,
}

/// Collects the parts of one patch.
pub(crate) struct PatchWriter<'e> {
    encoder: &'e mut RowEncoder,
}

impl<'e> PatchWriter<'e> {
    pub(crate) fn new(encoder: &'e mut RowEncoder) -> Self {
        Self { encoder }
    }

    fn parts(&mut self) -> &mut Parts {
        &mut self.encoder.parts
    }

    pub(crate) fn row(&mut self, table: u32, slot: u32, json: &[u8]) {
        self.parts().rows.extend([table, slot]);
        self.encoder.row(table, json);
    }

    /// The members of a row that changed, which the host puts over those that it holds.
    pub(crate) fn changes(&mut self, table: u32, slot: u32, json: &[u8]) {
        let marked = self.encoder.changes(table, json);
        self.parts().rows.extend([marked, slot]);
    }

    /// Says what the type `kind` is from now on: rows of the type `base` with these relations put in.
    pub(crate) fn shape(&mut self, kind: u32, base: u32, edges: &[ShapeEdge<'_>]) {
        let parts = self.parts();
        parts.shapes.extend([kind, base, edges.len() as u32]);
        for edge in edges {
            let (at, length) = (parts.names.len() as u32, edge.name.len() as u32);
            parts.shapes.extend([at, length, u32::from(edge.many), edge.child]);
            parts.names.extend_from_slice(edge.name.as_bytes());
        }
        parts.shape_count += 1;
    }

    /// Begins the object of a shape; [`Self::edge`] follows once for each of the shape's relations, in their order.
    pub(crate) fn begin_node(&mut self, kind: u32, slot: u32) {
        self.parts().nodes.extend([kind, slot]);
        self.parts().node_count += 1;
    }

    /// What one relation of the object leads to.
    pub(crate) fn edge(&mut self, slots: impl IntoIterator<Item = u32>) {
        let nodes = &mut self.parts().nodes;
        let at = nodes.len();
        nodes.push(0);
        nodes.extend(slots);
        let count = (nodes.len() - at - 1) as u32;
        if let Some(place) = nodes.get_mut(at) {
            *place = count;
        }
    }

    pub(crate) fn release(&mut self, table: u32, slot: u32) {
        self.parts().released.extend([table, slot]);
    }

    pub(crate) fn query(&mut self, change: &QueryChange<'_>) {
        let has_aggregates = if change.aggregates.is_some() { FLAG_AGGREGATES } else { 0 };
        let flags = u32::from(change.reset) | u32::from(change.is_partial) << 1 | has_aggregates;
        let parts = self.parts();
        parts.queries.extend([
            change.query,
            change.table,
            flags,
            change.total,
            change.length,
            change.splice_count,
        ]);
        parts.queries.extend(change.aggregates.iter().flat_map(|at| [at.table, at.slot]));
        parts.queries.extend_from_slice(change.splices);
        parts.query_count += 1;
    }

    /// The patch, or `None` when nothing was written.
    pub(crate) fn finish(self) -> Option<Patch> {
        self.encoder.end();
        let encoding = self.encoder.encoding();
        let parts = &mut self.encoder.parts;
        let lists = [&parts.rows, &parts.shapes, &parts.nodes, &parts.released, &parts.queries];
        let count = lists.iter().map(|list| list.len()).sum::<usize>();
        if count == 0 {
            parts.clear();
            return None;
        }
        let payload_at = (HEADER_WORDS + count) * 4;
        let names_at = payload_at + parts.payload.len();
        let length = names_at + parts.names.len();
        let header = [
            MAGIC,
            length as u32,
            encoding,
            parts.rows.len() as u32 / 2,
            parts.released.len() as u32 / 2,
            parts.query_count,
            payload_at as u32,
            parts.payload.len() as u32,
            parts.shape_count,
            parts.node_count,
            names_at as u32,
            parts.names.len() as u32,
        ];
        let mut bytes = Vec::with_capacity(length);
        bytes.resize(payload_at, 0);
        let words = std::iter::once(&header[..]).chain(lists.map(Vec::as_slice)).flatten();
        for (place, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(words) {
            *place = word.to_le_bytes();
        }
        bytes.extend_from_slice(&parts.payload);
        bytes.extend_from_slice(&parts.names);
        parts.clear();
        Some(Patch { bytes })
    }
}

impl Parts {
    /// The next patch begins. A large one must not hold its memory for ever.
    fn clear(&mut self) {
        for list in [&mut self.rows, &mut self.shapes, &mut self.nodes, &mut self.released, &mut self.queries]
        {
            list.clear();
            list.shrink_to(4 << 10);
        }
        for text in [&mut self.payload, &mut self.names] {
            text.clear();
            text.shrink_to(64 << 10);
        }
        (self.shape_count, self.node_count, self.query_count) = (0, 0, 0);
    }
}
