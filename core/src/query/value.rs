//! The value of one field of one row, as filters and orders see it.

use super::scalar::{Scalar, compare_numbers};
use std::borrow::Cow;
use std::cmp::Ordering;

/// A field's value, borrowed from wherever the row is kept.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// `null`, or no such field.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string, with its escapes decoded.
    Text(Cow<'a, str>),
    /// An array or an object. Queries look into them, but do not compare them.
    Composite,
}

impl<'a> Value<'a> {
    /// The value's place among the types: null < false < true < numbers < strings < arrays and objects.
    #[inline]
    pub fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(false) => 1,
            Self::Bool(true) => 2,
            Self::Number(_) => 3,
            Self::Text(_) => 4,
            Self::Composite => 5,
        }
    }

    /// Same type and same value. An array or an object equals no scalar.
    #[inline]
    pub fn equals(&self, scalar: &Scalar) -> bool {
        match (self, scalar) {
            (Self::Null, Scalar::Null) => true,
            (Self::Bool(a), Scalar::Bool(b)) => a == b,
            (Self::Number(a), Scalar::Number(b)) => a == b,
            (Self::Text(a), Scalar::Text(b)) => a == b,
            _ => false,
        }
    }

    /// The same value, owning its text.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Number(value) => Value::Number(value),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Composite => Value::Composite,
        }
    }
}

/// Order by type, then by value; text by its bytes. This is the order of collation `byte`.
impl Ord for Value<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => compare_numbers(*a, *b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Value<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Composite values are all equal here: none goes before another.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value<'_> {}

impl<'a> From<&'a Scalar> for Value<'a> {
    fn from(scalar: &'a Scalar) -> Self {
        match scalar {
            Scalar::Null => Self::Null,
            Scalar::Bool(value) => Self::Bool(*value),
            Scalar::Number(value) => Self::Number(*value),
            Scalar::Text(text) => Self::Text(Cow::Borrowed(text)),
        }
    }
}

impl From<Scalar> for Value<'static> {
    fn from(scalar: Scalar) -> Self {
        Value::from(&scalar).into_owned()
    }
}

impl<'a> From<&'a serde_json::Value> for Value<'a> {
    fn from(json: &'a serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => number.as_f64().map_or(Self::Null, Self::Number),
            serde_json::Value::String(text) => Self::Text(Cow::Borrowed(text)),
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => Self::Composite,
        }
    }
}
