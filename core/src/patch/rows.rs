//! How the rows of a patch are written.

use super::pack::Packer;
use crate::config::{Config, RowEncoding};
use crate::registry::Registry;

/// Rows are JSON text.
const ENCODING_JSON: u32 = 0;
/// Rows are packed.
const ENCODING_PACKED: u32 = 1;

/// Writes rows as the host reads them.
pub(crate) struct RowEncoder {
    /// Without it they are JSON.
    packer: Option<Packer>,
}

impl RowEncoder {
    pub(crate) fn new(registry: &Registry, config: &Config) -> Self {
        let is_packed = config.row_encoding == RowEncoding::Packed;
        Self { packer: if is_packed { Packer::new(registry) } else { None } }
    }

    /// Word 2 of a patch.
    pub(super) fn encoding(&self) -> u32 {
        if self.packer.is_some() { ENCODING_PACKED } else { ENCODING_JSON }
    }

    /// Appends a row.
    pub(super) fn row(&mut self, payload: &mut Vec<u8>, table: u32, json: &[u8]) {
        match &mut self.packer {
            Some(packer) => packer.row(payload, table, json),
            None => {
                payload.push(if payload.is_empty() { b'[' } else { b',' });
                payload.extend_from_slice(json);
            }
        }
    }

    /// After the last row.
    pub(super) fn end(&self, payload: &mut Vec<u8>) {
        if self.packer.is_none() {
            if payload.is_empty() {
                payload.push(b'[');
            }
            payload.push(b']');
        }
    }
}
