//! Rows packed by the layouts of their types, for hosts whose generated code reads them field by field.
//!
//! A row is packed in one walk over its members and one over its layout. What is in front of it, its length and its kind,
//! is written when it is done.

mod misfit;
mod number;
mod structure;
mod timestamp;
mod uuid;
mod value;
mod walk;

use crate::registry::Registry;
use structure::Structure;

/// Packed by the layout of its type.
const KIND_PACKED: u32 = 0;
/// JSON text, because its type has no layout.
const KIND_JSON: u32 = 1;
/// A message, because the row does not fit its layout.
const KIND_MISFIT: u32 = 2;

/// The layouts, by the numbers of their types.
pub(super) struct Packer {
    layouts: Vec<Option<Structure>>,
}

impl Packer {
    #[expect(clippy::unnecessary_wraps, reason = "where the crate is built without packing there is none")]
    pub(super) fn new(registry: &Registry) -> Option<Self> {
        let layouts = registry.types().iter().map(|own| own.layout.as_deref().map(Structure::new));
        Some(Self { layouts: layouts.collect() })
    }

    /// Appends the row of a type.
    pub(super) fn row(&mut self, out: &mut Vec<u8>, table: u32, json: &[u8]) {
        let start = out.len();
        out.extend_from_slice(&[0; 8]);
        let kind = match self.layouts.get_mut(table as usize).and_then(Option::as_mut) {
            Some(layout) => match layout.write_row(out, json) {
                Ok(()) => KIND_PACKED,
                Err(misfit) => {
                    out.truncate(start + 8);
                    out.extend_from_slice(misfit.to_string().as_bytes());
                    KIND_MISFIT
                }
            },
            None => {
                out.extend_from_slice(json);
                KIND_JSON
            }
        };
        let length = (out.len() - start - 8) as u32;
        if let Some(head) = out.get_mut(start..start + 8) {
            let (length_at, kind_at) = head.split_at_mut(4);
            length_at.copy_from_slice(&length.to_le_bytes());
            kind_at.copy_from_slice(&kind.to_le_bytes());
        }
    }
}

#[cfg(test)]
mod golden;
