//! The TypeScript types of queries.
//!
//! Written by hand: specta has no words for an object whose keys are fields, except for three that are not.

/// TypeScript declarations for the JSON of [`Query`](super::Query), to be appended to the generated types.
pub const QUERY_TYPESCRIPT: &str = include_str!("query.ts");
