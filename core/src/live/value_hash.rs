//! Hashes of values: equal values of queries and of rows have the same.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::FixedState;

use super::routes::Of;
use crate::json::{Kind, read};
use crate::order_of::sort_and_dedup;
use crate::query::Scalar;
use crate::store::{Cell, RowView};

/// So many are put into order one by one.
const FEW: usize = 32;

/// The hashes of a field's value, or of the elements of its list: few, and each once.
#[derive(Debug, Default)]
pub(super) struct Hashes {
    /// The only one, which is the usual case, or none.
    one: Option<u64>,
    many: Vec<u64>,
}

impl Hashes {
    /// Becomes those of this row.
    #[inline(always)]
    pub(super) fn set(&mut self, row: Option<&RowView<'_>>, column: usize, of: Of) {
        self.one = None;
        self.many.clear();
        let Some(row) = row else { return };
        let cell = row.cell(column);
        match of {
            Of::Field => self.one = Some(hash_cell(cell, row.bytes)),
            Of::Elements if cell.kind == Kind::Array => self.set_elements(row.bytes, cell),
            Of::Elements => {}
        }
    }

    #[inline(never)]
    fn set_elements(&mut self, row: &[u8], cell: Cell) {
        for span in read::elements(row, cell.span().start as usize) {
            let hash = hash_cell(Cell::new(row, span, 0), row);
            match self.many.binary_search(&hash) {
                Err(place) if self.many.len() < FEW => self.many.insert(place, hash),
                Err(_) => self.many.push(hash),
                Ok(_) => {}
            }
        }
        if self.many.len() > FEW {
            sort_and_dedup(&mut self.many);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u64> {
        self.one.into_iter().chain(self.many.iter().copied())
    }

    /// Those that the other has not.
    #[inline(always)]
    pub(super) fn without(&self, other: &Self) -> impl Iterator<Item = u64> {
        self.iter().filter(|hash| other.one != Some(*hash) && other.many.binary_search(hash).is_err())
    }
}

/// A hash that is the same for a scalar and for a cell that equals it.
pub(super) fn hash_scalar(scalar: &Scalar) -> u64 {
    match scalar {
        Scalar::Null => hash_tagged(0, &0_u64),
        Scalar::Bool(value) => hash_tagged(1, &u64::from(*value)),
        Scalar::Number(value) => hash_tagged(2, &(value + 0.0).to_bits()),
        Scalar::Text(text) => hash_tagged(3, text.as_bytes()),
    }
}

pub(super) fn hash_cell(cell: Cell, row: &[u8]) -> u64 {
    match cell.kind {
        Kind::Missing | Kind::Null => hash_tagged(0, &0_u64),
        Kind::False => hash_tagged(1, &0_u64),
        Kind::True => hash_tagged(1, &1_u64),
        Kind::Number => hash_tagged(2, &(cell.number() + 0.0).to_bits()),
        Kind::Text => hash_tagged(3, cell.bytes(row)),
        Kind::EscapedText => hash_tagged(3, cell.text(row).as_bytes()),
        Kind::Array | Kind::Object => hash_tagged(4, &0_u64),
    }
}

#[inline(always)]
fn hash_tagged<T: Hash + ?Sized>(tag: u8, value: &T) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write_u8(tag);
    value.hash(&mut hasher);
    hasher.finish()
}
