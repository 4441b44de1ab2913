//! Queries: which rows, in which order, what part of them.
//!
//! A [`Query`] is data. It is the same JSON in every language, so it is its own cache key ([`Query::canonical`]); in Rust it is
//! also made with [`Query::from`] and [`field`]. What it means is written down, for reading and for tests, in [`oracle`].

mod aggregate;
mod ast;
mod definition;
mod field_path;
mod fold;
mod include;
mod order_key;
mod scalar;
mod window;

mod error;
mod parse;
mod parse_aggregate;
mod parse_operand;
mod parse_window;
mod place;
mod template;
mod tree;

mod builder;
mod canonical;
mod id_spelling;
mod normalize;

mod collate;
mod path_text;
mod prefix;
mod text_match;
mod value;
mod value_order;
mod word_match;

pub mod oracle;
#[cfg(feature = "specta")]
mod typescript;

pub use aggregate::{Aggregate, Function};
pub use ast::{Comparison, Filter, PathRelation, Quantifier, Test, TextMatch, TextPlace};
pub use builder::{Field, Fields, QueryBuilder, asc, desc, field, fields, relevance};
pub(crate) use canonical::{includes as canonical_includes, order_value};
pub use collate::natural_cmp;
pub use definition::Query;
pub use error::QueryError;
pub use field_path::FieldPath;
pub(crate) use fold::fold;
pub(crate) use id_spelling::id_scalars;
pub use include::{Include, Includes, MAX_INCLUDE_DEPTH};
pub use normalize::{MAX_CONDITIONS, MAX_FILTER_DEPTH, MAX_LIST_VALUES};
pub use order_key::{Collation, Direction, Nulls, OrderKey};
pub(crate) use parse::{query as parse_tree, word};
pub(crate) use parse_operand::{entries, text, wrong};
pub use path_text::{is_child_of, is_under};
pub(crate) use place::Place;
pub use prefix::{byte_prefix, natural_prefix};
pub use scalar::{Bound, Scalar};
pub(crate) use template::Template;
pub(crate) use tree::Tree;
#[cfg(feature = "specta")]
pub use typescript::QUERY_TYPESCRIPT;
pub use value::Value;
pub use value_order::key_prefix;
pub use window::{Cursor, Window};
pub(crate) use word_match::word_starts;
pub use word_match::{MAX_MATCH_FIELDS, MAX_WORDS, WordMatch};
