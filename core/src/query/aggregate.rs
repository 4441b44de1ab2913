//! What a query asks of all rows that match: counts, sums and the like, of all together or of each group.

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

/// One figure about the rows that match, whatever the window.
///
/// Only numbers, texts and booleans count: null, missing fields, arrays and objects are left out of all but a count.
///
/// ```
/// use larder::query::{Aggregate, Query, desc};
///
/// let kinds = Query::from("file")
///     .group_by("kind")
///     .aggregate("n", Aggregate::count())
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
pub struct Aggregate {
    function: Function,
    field: Option<FieldPath>,
}

/// What is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `"count"`: how many rows.
    Count,
    /// `sum`: of the numbers; 0 if there is none. It is the double nearest to the exact sum, so it depends neither on the
    /// order of the rows nor on what was added and taken away before; null where it is larger than any double.
    Sum,
    /// `avg`: `sum` by how many numbers there are; null if there is none.
    Average,
    /// `min`: the smallest value: false < true < numbers < texts, texts by their UTF-8 bytes; null if there is none.
    Min,
    /// `max`: the largest value; null if there is none.
    Max,
    /// `distinct`: how many different values there are.
    Distinct,
}

impl Function {
    /// The functions of a field, by their names in JSON.
    pub(crate) const OF_FIELDS: [(&str, Self); 5] = [
        ("sum", Self::Sum),
        ("avg", Self::Average),
        ("min", Self::Min),
        ("max", Self::Max),
        ("distinct", Self::Distinct),
    ];

    /// The function's name in JSON.
    pub fn name(self) -> &'static str {
        Self::OF_FIELDS.iter().find(|(_, own)| *own == self).map_or("count", |(name, _)| name)
    }
}

impl Aggregate {
    /// How many rows.
    pub fn count() -> Self {
        Self { function: Function::Count, field: None }
    }

    /// The sum of a field.
    pub fn sum(path: &str) -> Self {
        Self::of(Function::Sum, path)
    }

    /// The mean of a field.
    pub fn avg(path: &str) -> Self {
        Self::of(Function::Average, path)
    }

    /// The smallest value of a field.
    pub fn min(path: &str) -> Self {
        Self::of(Function::Min, path)
    }

    /// The largest value of a field.
    pub fn max(path: &str) -> Self {
        Self::of(Function::Max, path)
    }

    /// How many different values a field has.
    pub fn distinct(path: &str) -> Self {
        Self::of(Function::Distinct, path)
    }

    pub(crate) fn of(function: Function, path: &str) -> Self {
        Self { function, field: Some(FieldPath::split(path)) }
    }

    /// What is worked out.
    pub fn function(&self) -> Function {
        self.function
    }

    /// The field it is of; none for a count.
    pub fn field(&self) -> Option<&FieldPath> {
        self.field.as_ref()
    }
}

/// `aggregate` and `groupBy` of a query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aggregation {
    /// By name, in order.
    pub aggregates: Vec<(String, Aggregate)>,
    pub group_by: Vec<FieldPath>,
}

impl Aggregation {
    /// Adds an aggregate, in place of one of the same name.
    pub(crate) fn insert(&mut self, name: String, aggregate: Aggregate) {
        let place = self.aggregates.partition_point(|(other, _)| *other < name);
        match self.aggregates.get_mut(place) {
            Some((other, own)) if *other == name => *own = aggregate,
            _ => self.aggregates.insert(place, (name, aggregate)),
        }
    }

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
                return wrong("groupBy".to_owned(), "the field is grouped by already; name it once");
            }
        }
        for (name, aggregate) in &self.aggregates {
            let place = || ["aggregate.", name].concat();
            if name.is_empty() {
                return wrong(place(), "an aggregate needs a name");
            }
            if aggregate.field().is_some_and(|path| !path.is_valid()) {
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
            if !self.aggregates.iter().any(|(own, _)| *own == name) && !self.group_by.contains(&key.path) {
                let reason =
                    "groups are ordered by what they show: a field of `groupBy` or the name of an aggregate";
                return wrong(["orderBy.", &name].concat(), reason);
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
