//! How the rows of a patch are written.

use super::encode::Parts;
use super::pack::Packer;
use crate::config::{Config, RowEncoding};
use crate::registry::Registry;

/// Rows are JSON text.
const ENCODING_JSON: u32 = 0;
/// Rows are packed.
const ENCODING_PACKED: u32 = 1;
/// Rows are JSON, some only the members that changed.
const ENCODING_CHANGES: u32 = 2;

/// The bit of a row's type that says that only the members that changed are sent.
const CHANGES_BIT: u32 = 1 << 30;

/// Writes rows as the host reads them.
pub(crate) struct RowEncoder {
    /// Without it they are JSON.
    packer: Option<Packer>,
    takes_changes: bool,
    /// The patch that is being put together.
    pub(super) parts: Parts,
}

impl RowEncoder {
    pub(crate) fn new(registry: &Registry, config: &Config) -> Self {
        let is_packed = config.row_encoding == RowEncoding::Packed;
        Self {
            packer: if is_packed { Packer::new(registry) } else { None },
            takes_changes: config.row_encoding == RowEncoding::Changes,
            parts: Parts::default(),
        }
    }

    /// Word 2 of a patch.
    pub(super) fn encoding(&self) -> u32 {
        match (&self.packer, self.takes_changes) {
            (Some(_), _) => ENCODING_PACKED,
            (None, true) => ENCODING_CHANGES,
            (None, false) => ENCODING_JSON,
        }
    }

    /// Appends the members of a row that changed; returns its type, so marked.
    pub(super) fn changes(&mut self, table: u32, json: &[u8]) -> u32 {
        self.row(table, json);
        table | CHANGES_BIT
    }

    /// Appends a row.
    pub(super) fn row(&mut self, table: u32, json: &[u8]) {
        let payload = &mut self.parts.payload;
        match &mut self.packer {
            Some(packer) => packer.row(payload, table, json),
            None => {
                payload.push(if payload.is_empty() { b'[' } else { b',' });
                payload.extend_from_slice(json);
            }
        }
    }

    /// After the last row.
    pub(super) fn end(&mut self) {
        let payload = &mut self.parts.payload;
        if self.packer.is_none() {
            if payload.is_empty() {
                payload.push(b'[');
            }
            payload.push(b']');
        }
    }
}
