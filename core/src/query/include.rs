//! Which relations are followed, and what is taken of them.

use std::collections::BTreeMap;
use std::mem;

use super::ast::Filter;
use super::error::QueryError;
use super::normalize;
use super::order_key::OrderKey;

/// How deep includes may be nested.
pub const MAX_INCLUDE_DEPTH: usize = 4;
/// How many relations one query may follow.
const MAX_INCLUDES: usize = 64;

/// Relations to follow, by name.
pub type Includes = BTreeMap<String, Include>;

/// What is taken of one relation: all there is, unless it says otherwise.
///
/// ```
/// use larder::query::{Include, Query, asc, field};
///
/// let folders = Query::from("file")
///     .filter(field("is_dir").eq(true))
///     .include("location")
///     .include_with("children", Include::all().filter(field("kind").eq("image")).order_by(asc("name")).limit(3))
///     .build()?;
/// let same = Query::parse(r#"{
///     "from": "file",
///     "where": {"is_dir": true},
///     "include": {
///         "location": true,
///         "children": {"where": {"kind": "image"}, "orderBy": [{"name": "asc"}], "limit": 3}
///     }
/// }"#)?;
/// assert_eq!(folders, same);
/// # Ok::<(), larder::query::QueryError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "it says what a query includes"]
pub struct Include {
    pub(crate) filter: Filter,
    pub(crate) order_by: Vec<OrderKey>,
    pub(crate) offset: u32,
    pub(crate) limit: Option<u32>,
    pub(crate) include: Includes,
}

impl Include {
    /// All resources that the relation leads to: those that a field names in the order of their ids there, others by their ids.
    pub fn all() -> Self {
        Self {
            filter: Filter::everything(),
            order_by: Vec::new(),
            offset: 0,
            limit: None,
            include: Includes::new(),
        }
    }

    /// Only those for which this holds, besides what was asked before.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Filter::And(vec![self.filter, filter]);
        self
    }

    /// Orders them by this key, after the keys given before.
    pub fn order_by(mut self, key: OrderKey) -> Self {
        self.order_by.push(key);
        self
    }

    /// At most so many.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Without the first so many.
    pub fn offset(mut self, offset: u32) -> Self {
        self.offset = offset;
        self
    }

    /// Follows a relation of theirs in turn.
    pub fn include(self, relation: impl Into<String>) -> Self {
        self.include_with(relation, Include::all())
    }

    /// Follows a relation of theirs in turn, and takes only this of it.
    pub fn include_with(mut self, relation: impl Into<String>, include: Include) -> Self {
        self.include.insert(relation.into(), include);
        self
    }

    /// Is nothing left out, ordered or followed?
    pub(crate) fn is_all(&self) -> bool {
        self.takes_all() && self.include.is_empty()
    }

    /// Is nothing left out or ordered?
    pub(crate) fn takes_all(&self) -> bool {
        self.filter.is_everything() && self.order_by.is_empty() && self.offset == 0 && self.limit.is_none()
    }
}

/// Includes in normal form.
pub(crate) fn normalize(include: Includes) -> Result<Includes, QueryError> {
    let mut count = 0;
    level(include, 1, &mut count)
}

fn level(mut include: Includes, depth: usize, count: &mut usize) -> Result<Includes, QueryError> {
    for part in include.values_mut() {
        *count += 1;
        if *count > MAX_INCLUDES {
            return Err(QueryError::TooLarge { parts: "includes", limit: MAX_INCLUDES });
        }
        if depth > MAX_INCLUDE_DEPTH {
            return Err(QueryError::IncludeTooDeep { limit: MAX_INCLUDE_DEPTH });
        }
        part.filter = normalize::normalize(mem::replace(&mut part.filter, Filter::everything()))?;
        super::definition::check_order(&part.order_by)?;
        super::definition::check_relevance(&part.filter, &part.order_by)?;
        part.include = level(mem::take(&mut part.include), depth + 1, count)?;
    }
    Ok(include)
}
