//! Hashes of values: equal values of queries and of rows have the same.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::FixedState;

use crate::json::Kind;
use crate::query::Scalar;
use crate::store::Cell;

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

fn hash_tagged<T: Hash + ?Sized>(tag: u8, value: &T) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write_u8(tag);
    value.hash(&mut hasher);
    hasher.finish()
}
