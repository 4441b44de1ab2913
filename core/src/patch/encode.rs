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

/// Collects the parts of one patch.
pub(crate) struct PatchWriter<'e> {
    encoder: &'e mut RowEncoder,
    rows: Vec<u32>,
    payload: Vec<u8>,
    shapes: Vec<u32>,
    shape_count: u32,
    names: Vec<u8>,
    nodes: Vec<u32>,
    node_count: u32,
    released: Vec<u32>,
    queries: Vec<u32>,
    query_count: u32,
}

impl<'e> PatchWriter<'e> {
    pub(crate) fn new(encoder: &'e mut RowEncoder) -> Self {
        Self {
            encoder,
            rows: Vec::new(),
            payload: Vec::new(),
            shapes: Vec::new(),
            shape_count: 0,
            names: Vec::new(),
            nodes: Vec::new(),
            node_count: 0,
            released: Vec::new(),
            queries: Vec::new(),
            query_count: 0,
        }
    }

    pub(crate) fn row(&mut self, table: u32, slot: u32, json: &[u8]) {
        self.rows.extend([table, slot]);
        self.encoder.row(&mut self.payload, table, json);
    }

    /// The members of a row that changed, which the host puts over those that it holds.
    pub(crate) fn changes(&mut self, table: u32, slot: u32, json: &[u8]) {
        let marked = self.encoder.changes(&mut self.payload, table, json);
        self.rows.extend([marked, slot]);
    }

    /// Says what the type `kind` is from now on: rows of the type `base` with these relations put in.
    pub(crate) fn shape(&mut self, kind: u32, base: u32, edges: &[ShapeEdge<'_>]) {
        self.shapes.extend([kind, base, edges.len() as u32]);
        for edge in edges {
            let (at, length) = (self.names.len() as u32, edge.name.len() as u32);
            self.shapes.extend([at, length, u32::from(edge.many), edge.child]);
            self.names.extend_from_slice(edge.name.as_bytes());
        }
        self.shape_count += 1;
    }

    /// Begins the object of a shape; [`Self::edge`] follows once for each of the shape's relations, in their order.
    pub(crate) fn begin_node(&mut self, kind: u32, slot: u32) {
        self.nodes.extend([kind, slot]);
        self.node_count += 1;
    }

    /// What one relation of the object leads to.
    pub(crate) fn edge(&mut self, slots: impl IntoIterator<Item = u32>) {
        let at = self.nodes.len();
        self.nodes.push(0);
        self.nodes.extend(slots);
        let count = (self.nodes.len() - at - 1) as u32;
        if let Some(place) = self.nodes.get_mut(at) {
            *place = count;
        }
    }

    pub(crate) fn release(&mut self, table: u32, slot: u32) {
        self.released.extend([table, slot]);
    }

    pub(crate) fn query(&mut self, change: &QueryChange<'_>) {
        let has_aggregates = if change.aggregates.is_some() { FLAG_AGGREGATES } else { 0 };
        let flags = u32::from(change.reset) | u32::from(change.is_partial) << 1 | has_aggregates;
        self.queries.extend([
            change.query,
            change.table,
            flags,
            change.total,
            change.length,
            change.splice_count,
        ]);
        self.queries.extend(change.aggregates.iter().flat_map(|at| [at.table, at.slot]));
        self.queries.extend_from_slice(change.splices);
        self.query_count += 1;
    }

    /// The patch, or `None` when nothing was written.
    pub(crate) fn finish(mut self) -> Option<Patch> {
        let parts = [&self.rows, &self.shapes, &self.nodes, &self.released, &self.queries];
        if parts.iter().all(|part| part.is_empty()) {
            return None;
        }
        self.encoder.end(&mut self.payload);
        let words = HEADER_WORDS + parts.iter().map(|part| part.len()).sum::<usize>();
        let payload_at = words * 4;
        let names_at = payload_at + self.payload.len();
        let length = names_at + self.names.len();
        let header = [
            MAGIC,
            length as u32,
            self.encoder.encoding(),
            self.rows.len() as u32 / 2,
            self.released.len() as u32 / 2,
            self.query_count,
            payload_at as u32,
            self.payload.len() as u32,
            self.shape_count,
            self.node_count,
            names_at as u32,
            self.names.len() as u32,
        ];
        let mut bytes = Vec::with_capacity(length);
        for part in std::iter::once(&header[..]).chain(parts.map(Vec::as_slice)) {
            bytes.extend(part.iter().flat_map(|word| word.to_le_bytes()));
        }
        bytes.extend_from_slice(&self.payload);
        bytes.extend_from_slice(&self.names);
        Some(Patch { bytes })
    }
}
