//! The values that a query compares fields with.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// A JSON value without parts. `-0` and `0` are one number.
#[derive(Debug, Clone)]
pub enum Scalar {
    /// `null`, which a missing field equals too.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number. Numbers are compared as doubles.
    Number(f64),
    /// A string.
    Text(String),
}

impl Scalar {
    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Number(_) => 2,
            Self::Text(_) => 3,
        }
    }
}

/// A total order of doubles in which `-0` and `0` are equal. (JSON has no NaN; if one gets here it sorts last.)
pub(crate) fn compare_numbers(a: f64, b: f64) -> Ordering {
    (a + 0.0).total_cmp(&(b + 0.0))
}

impl Ord for Scalar {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => compare_numbers(*a, *b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Scalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Scalar {}

impl Hash for Scalar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(self.rank());
        match self {
            Self::Null => {}
            Self::Bool(value) => value.hash(state),
            Self::Number(value) => (value + 0.0).to_bits().hash(state),
            Self::Text(value) => value.hash(state),
        }
    }
}

/// What `lt`, `lte`, `gt` and `gte` compare with. Anything of another type than the bound is neither below nor above it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bound(Scalar);

impl Bound {
    /// The bound as a scalar; always a number or a text.
    pub fn scalar(&self) -> &Scalar {
        &self.0
    }

    /// A number or a text; nothing else has an order.
    pub fn new(scalar: Scalar) -> Option<Self> {
        matches!(scalar, Scalar::Number(_) | Scalar::Text(_)).then_some(Self(scalar))
    }
}

/// Conversions for the builder.
macro_rules! scalar_from {
    ($($from:ty => |$value:ident| $scalar:expr;)*) => {$(
        impl From<$from> for Scalar {
            fn from($value: $from) -> Self {
                $scalar
            }
        }
    )*};
}

macro_rules! bound_from {
    ($($from:ty),*) => {$(
        impl From<$from> for Bound {
            fn from(value: $from) -> Self {
                Self(value.into())
            }
        }
    )*};
}

scalar_from! {
    bool => |value| Self::Bool(value);
    f64 => |value| Self::Number(value);
    f32 => |value| Self::Number(value.into());
    i32 => |value| Self::Number(value.into());
    u32 => |value| Self::Number(value.into());
    i64 => |value| Self::Number(value as f64);
    u64 => |value| Self::Number(value as f64);
    usize => |value| Self::Number(value as f64);
    &str => |value| Self::Text(value.to_owned());
    &String => |value| Self::Text(value.clone());
    String => |value| Self::Text(value);
}

bound_from!(f64, f32, i32, u32, i64, u64, usize, &str, &String, String);

impl<T: Into<Scalar>> From<Option<T>> for Scalar {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
