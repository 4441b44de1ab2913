//! The layout of a patch; PROTOCOL.md, section 3, is its description.

/// The bytes `LDP1`.
pub(crate) const MAGIC: u32 = 0x3150_444C;

/// The version of the layout, part of the magic number.
pub const PATCH_VERSION: u32 = 1;

/// Rows are JSON text.
const ENCODING_JSON: u32 = 0;

const HEADER_WORDS: usize = 8;

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
    pub total: u32,
    pub length: u32,
    pub splice_count: u32,
    /// Words: position, remove, insert count, slots.
    pub splices: &'a [u32],
}

/// Collects the parts of one patch.
#[derive(Default)]
pub(crate) struct PatchWriter {
    rows: Vec<u32>,
    payload: Vec<u8>,
    released: Vec<u32>,
    queries: Vec<u32>,
    query_count: u32,
}

impl PatchWriter {
    pub(crate) fn row(&mut self, table: u32, slot: u32, json: &[u8]) {
        self.rows.extend([table, slot]);
        self.payload.push(if self.payload.is_empty() { b'[' } else { b',' });
        self.payload.extend_from_slice(json);
    }

    pub(crate) fn release(&mut self, table: u32, slot: u32) {
        self.released.extend([table, slot]);
    }

    pub(crate) fn query(&mut self, change: &QueryChange<'_>) {
        let flags = u32::from(change.reset);
        self.queries.extend([
            change.query,
            change.table,
            flags,
            change.total,
            change.length,
            change.splice_count,
        ]);
        self.queries.extend_from_slice(change.splices);
        self.query_count += 1;
    }

    /// The patch, or `None` when nothing was written.
    pub(crate) fn finish(mut self) -> Option<Patch> {
        if self.rows.is_empty() && self.released.is_empty() && self.query_count == 0 {
            return None;
        }
        if self.payload.is_empty() {
            self.payload.push(b'[');
        }
        self.payload.push(b']');
        let words = HEADER_WORDS + self.rows.len() + self.released.len() + self.queries.len();
        let payload_at = words * 4;
        let length = payload_at + self.payload.len();
        let header = [
            MAGIC,
            length as u32,
            ENCODING_JSON,
            self.rows.len() as u32 / 2,
            self.released.len() as u32 / 2,
            self.query_count,
            payload_at as u32,
            self.payload.len() as u32,
        ];
        let mut bytes = Vec::with_capacity(length);
        for part in [&header[..], &self.rows, &self.released, &self.queries] {
            bytes.extend(part.iter().flat_map(|word| word.to_le_bytes()));
        }
        bytes.extend_from_slice(&self.payload);
        Some(Patch { bytes })
    }
}
