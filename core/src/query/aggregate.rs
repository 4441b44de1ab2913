//! What a query asks of all rows that match: counts, sums and the like, of all together or of each group.

use std::collections::BTreeMap;

use super::definition::check_order;
use super::error::QueryError;
use super::field_path::FieldPath;
use super::include::Includes;
use super::order_key::OrderKey;
use super::window::Window;

/// How many aggregates a query may have.
const MAX_AGGREGATES: usize = 32;
/// How many fields a query may group by.
const MAX_GROUP_KEYS: usize = 8;

/// Aggregates by the names that the query gives them.
pub type Aggregates = BTreeMap<String, Aggregate>;

/// One figure about the rows that match, whatever the window.
///
/// Only numbers, texts and booleans count: null, missing fields, arrays and objects are left out of all but [`Aggregate::Count`].
///
/// ```
/// use larder::query::{Aggregate, Query, desc};
///
/// let kinds = Query::from("file")
///     .group_by("kind")
///     .aggregate("n", Aggregate::Count)
///     .aggregate("bytes", Aggregate::sum("size"))
///     .order_by(desc("bytes"))
///     .build()?;
/// let same = Query::parse(
///     r#"{
///         "from": "file",
///         "groupBy": ["kind"],
///         "aggregate": {"n": "count", "bytes": {"sum": "size"}},
///         "orderBy": [{"bytes": "desc"}]
///     }"#,
/// )?;
/// assert_eq!(kinds, same);
/// # Ok::<(), larder::query::QueryError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aggregate {
    /// `"count"`: how many rows.
    Count,
    /// `sum`: of the numbers; 0 if there is none. It is the double nearest to the exact sum, so it depends neither on the
    /// order of the rows nor on what was added and taken away before; null where it is larger than any double.
    Sum(FieldPath),
    /// `avg`: `sum` by how many numbers there are; null if there is none.
    Average(FieldPath),
    /// `min`: the smallest value: false < true < numbers < texts, texts by their UTF-8 bytes; null if there is none.
    Min(FieldPath),
    /// `max`: the largest value; null if there is none.
    Max(FieldPath),
    /// `distinct`: how many different values there are.
    Distinct(FieldPath),
}

impl Aggregate {
    /// The sum of a field.
    pub fn sum(path: &str) -> Self {
        Self::Sum(FieldPath::split(path))
    }

    /// The mean of a field.
    pub fn avg(path: &str) -> Self {
        Self::Average(FieldPath::split(path))
    }

    /// The smallest value of a field.
    pub fn min(path: &str) -> Self {
        Self::Min(FieldPath::split(path))
    }

    /// The largest value of a field.
    pub fn max(path: &str) -> Self {
        Self::Max(FieldPath::split(path))
    }

    /// How many different values a field has.
    pub fn distinct(path: &str) -> Self {
        Self::Distinct(FieldPath::split(path))
    }

    /// The function's name in JSON, and the field it is of.
    pub fn parts(&self) -> (&'static str, Option<&FieldPath>) {
        match self {
            Self::Count => ("count", None),
            Self::Sum(path) => ("sum", Some(path)),
            Self::Average(path) => ("avg", Some(path)),
            Self::Min(path) => ("min", Some(path)),
            Self::Max(path) => ("max", Some(path)),
            Self::Distinct(path) => ("distinct", Some(path)),
        }
    }
}

/// `aggregate` and `groupBy` of a query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aggregation {
    pub aggregates: Aggregates,
    pub group_by: Vec<FieldPath>,
}

impl Aggregation {
    /// Does it make sense, beside the rest of the query?
    pub(crate) fn check(
        &self,
        order_by: &[OrderKey],
        window: &Window,
        include: &Includes,
    ) -> Result<(), QueryError> {
        let too_many = |parts, limit| Err(QueryError::TooLarge { parts, limit });
        if self.aggregates.len() > MAX_AGGREGATES {
            return too_many("aggregates", MAX_AGGREGATES);
        }
        if self.group_by.len() > MAX_GROUP_KEYS {
            return too_many("fields to group by", MAX_GROUP_KEYS);
        }
        let wrong = |path: String, reason| Err(QueryError::InvalidFieldPath { path, reason });
        for (index, path) in self.group_by.iter().enumerate() {
            check_order(&[OrderKey::ascending(path.clone())])?;
            if self.group_by.iter().take(index).any(|other| other == path) {
                return wrong(format!("groupBy[{index}]"), "the field is grouped by already; name it once");
            }
        }
        for (name, aggregate) in &self.aggregates {
            let place = || format!("aggregate.{name}");
            if name.is_empty() {
                return wrong(place(), "an aggregate needs a name");
            }
            if aggregate.parts().1.is_some_and(|path| !path.is_valid()) {
                return wrong(
                    place(),
                    "a part of the field's path is empty; write it as `field` or `outer.inner`",
                );
            }
            if self.group_by.iter().any(|path| path.to_string() == *name) {
                return wrong(
                    place(),
                    "this is the name of a field that is grouped by; give the aggregate another",
                );
            }
        }
        if self.group_by.is_empty() {
            return Ok(());
        }
        for key in order_by {
            let name = key.path.to_string();
            if !self.aggregates.contains_key(&name) && !self.group_by.contains(&key.path) {
                let reason =
                    "groups are ordered by what they show: a field of `groupBy` or the name of an aggregate";
                return wrong(format!("orderBy.{name}"), reason);
            }
        }
        if window.after.is_some() {
            return Err(QueryError::no_cursor_of_groups());
        }
        if !include.is_empty() {
            return Err(QueryError::NotWithGroups { path: "include", remedy: "groups have no relations" });
        }
        Ok(())
    }
}
