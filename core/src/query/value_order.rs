//! The order of values under an order key, and its prefix.

use std::cmp::Ordering;

use super::collate::natural_cmp;
use super::order_key::{Collation, Direction, Nulls, OrderKey};
use super::prefix::{byte_prefix, natural_prefix};
use super::value::Value;

impl OrderKey {
    /// Which of two values of this key's field goes first.
    pub fn compare(&self, a: &Value<'_>, b: &Value<'_>) -> Ordering {
        match (a, b) {
            (Value::Null, Value::Null) => return Ordering::Equal,
            (Value::Null, _) => return self.null_against_value(),
            (_, Value::Null) => return self.null_against_value().reverse(),
            _ => {}
        }
        let order = match (a, b) {
            (Value::Text(a), Value::Text(b)) if self.collation == Collation::Natural => natural_cmp(a, b),
            _ => a.cmp(b),
        };
        match self.direction {
            Direction::Ascending => order,
            Direction::Descending => order.reverse(),
        }
    }

    fn null_against_value(&self) -> Ordering {
        match self.nulls {
            Nulls::First => Ordering::Less,
            Nulls::Last => Ordering::Greater,
        }
    }
}

/// The place of a value under an order key as a number: if it is below that of another value, the value goes before the other;
/// if both are the same, [`OrderKey::compare`] decides.
///
/// null | false | true | numbers, 62 bits | texts, 63 bits | composite, each kind in a range of its own; descending is the
/// same from the other end, and null has the two ends for itself.
#[inline]
pub fn key_prefix(value: &Value<'_>, key: &OrderKey) -> u64 {
    const NUMBERS: u64 = 1 << 62;
    const TEXTS: u64 = 1 << 63;
    let ascending = match value {
        Value::Null => {
            return match key.nulls {
                Nulls::First => 0,
                Nulls::Last => u64::MAX,
            };
        }
        Value::Bool(false) => 1,
        Value::Bool(true) => 2,
        Value::Number(number) => NUMBERS | number_prefix(*number) >> 2,
        // No text begins with a byte above 0xf4, so that these stay below the composite values.
        Value::Text(text) => {
            TEXTS
                | match key.collation {
                    Collation::Byte | Collation::Relevance => byte_prefix(text),
                    Collation::Natural => natural_prefix(text),
                } >> 1
        }
        Value::Composite => u64::MAX - 1,
    };
    match key.direction {
        Direction::Ascending => ascending,
        Direction::Descending => !ascending,
    }
}

/// All bits of a number, so that they sort as the numbers do.
fn number_prefix(number: f64) -> u64 {
    let bits = (number + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}
