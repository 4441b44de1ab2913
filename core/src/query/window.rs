//! What part of the ordered result a query wants.

use super::value::Value;

/// A part of the ordered result: what follows `after`, without the first `offset`, at most `limit` rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    /// Only rows after this position.
    pub after: Option<Cursor>,
    /// How many of those to leave out.
    pub offset: u32,
    /// How many rows at most; `None` for all.
    pub limit: Option<u32>,
}

/// A position in the order of a query; there need not be a row at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The values of the order keys there, one for each.
    pub values: Vec<Value<'static>>,
    /// The id there, which decides among rows of the same values.
    pub id: String,
}
