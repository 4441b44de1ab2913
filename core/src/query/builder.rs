//! Queries from Rust.

use super::aggregate::{Aggregate, Aggregation};
use super::ast::{Comparison, Filter, PathRelation, Quantifier, Test, TextMatch, TextPlace};
use super::definition::Query;
use super::error::QueryError;
use super::field_path::FieldPath;
use super::include::{Include, Includes};
use super::order_key::{Collation, Direction, Nulls, OrderKey};
use super::scalar::{Bound, Scalar};
use super::value::Value;
use super::window::{Cursor, Window};
use super::word_match::WordMatch;

/// A query in the making; see [`Query`] for an example.
#[derive(Debug, Clone)]
#[must_use = "a query is made by `build`"]
pub struct QueryBuilder {
    from: String,
    filters: Vec<Filter>,
    order_by: Vec<OrderKey>,
    window: Window,
    include: Includes,
    aggregation: Aggregation,
}

impl QueryBuilder {
    pub(crate) fn new(from: String) -> Self {
        Self {
            from,
            filters: Vec::new(),
            order_by: Vec::new(),
            window: Window::default(),
            include: Includes::new(),
            aggregation: Aggregation::default(),
        }
    }

    /// Only rows for which this holds, besides what was asked before.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Orders by this key, after the keys given before: [`asc`] or [`desc`] of a field.
    pub fn order_by(mut self, key: OrderKey) -> Self {
        self.order_by.push(key);
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, limit: u32) -> Self {
        self.window.limit = Some(limit);
        self
    }

    /// Without the first so many rows.
    pub fn offset(mut self, offset: u32) -> Self {
        self.window.offset = offset;
        self
    }

    /// Only rows after the one with this id and these values of the order keys.
    pub fn after<V: Into<Scalar>>(
        mut self,
        values: impl IntoIterator<Item = V>,
        id: impl Into<String>,
    ) -> Self {
        let values = values.into_iter().map(|value| Value::from(value.into())).collect();
        self.window.after = Some(Cursor { values, id: id.into() });
        self
    }

    /// Follows a relation: each row comes with the resources that it leads to, in a field of the relation's name.
    pub fn include(self, relation: impl Into<String>) -> Self {
        self.include_with(relation, Include::all())
    }

    /// Follows a relation, and takes only this of it.
    pub fn include_with(mut self, relation: impl Into<String>, include: Include) -> Self {
        self.include.insert(relation.into(), include);
        self
    }

    /// Asks a figure about all rows that match; it is in the result under this name.
    pub fn aggregate(mut self, name: impl Into<String>, aggregate: Aggregate) -> Self {
        self.aggregation.insert(name.into(), aggregate);
        self
    }

    /// The result's rows are groups from now on: of the rows that have the same value here, and in the fields given before.
    pub fn group_by(mut self, path: &str) -> Self {
        self.aggregation.group_by.push(FieldPath::split(path));
        self
    }

    /// The query, if it is valid.
    pub fn build(self) -> Result<Query, QueryError> {
        Query::new(
            self.from,
            Filter::And(self.filters),
            self.order_by,
            self.window,
            self.include,
            self.aggregation,
        )
    }
}

/// A field to be tested: `field("size").gt(10)`, `field("meta.camera.model").eq("X100")`.
pub fn field(path: &str) -> Field {
    Field { path: FieldPath::split(path) }
}

/// Fields to be searched, the most important first: `fields(["name", "comment"]).matches("vac pho")`.
pub fn fields<'p>(paths: impl IntoIterator<Item = &'p str>) -> Fields {
    Fields { paths: paths.into_iter().map(FieldPath::split).collect() }
}

/// By how well rows fit what they must match, the best first: first in the order, or after keys that come before it.
pub fn relevance() -> OrderKey {
    OrderKey::relevance()
}

/// Ascending by a field.
pub fn asc(path: &str) -> OrderKey {
    OrderKey::new(FieldPath::split(path), Direction::Ascending)
}

/// Descending by a field.
pub fn desc(path: &str) -> OrderKey {
    OrderKey::new(FieldPath::split(path), Direction::Descending)
}

impl OrderKey {
    /// Rows without a value go first.
    pub fn nulls_first(mut self) -> Self {
        self.nulls = Nulls::First;
        self
    }

    /// Rows without a value go last.
    pub fn nulls_last(mut self) -> Self {
        self.nulls = Nulls::Last;
        self
    }

    /// Text is compared as people sort names: `img2` before `IMG10`.
    pub fn natural(mut self) -> Self {
        self.collation = Collation::Natural;
        self
    }
}

/// A field on its way to a [`Filter`].
#[derive(Debug, Clone)]
#[must_use = "a field alone is no condition"]
pub struct Field {
    path: FieldPath,
}

/// Fields on their way to a [`Filter`].
#[derive(Debug, Clone)]
#[must_use = "fields alone are no condition"]
pub struct Fields {
    paths: Vec<FieldPath>,
}

impl Fields {
    /// Each word of this text begins a word of one of the fields, whatever its case and diacritics.
    pub fn matches(self, text: impl Into<String>) -> Filter {
        Filter::Match(WordMatch { fields: self.paths, text: text.into() })
    }
}

impl Field {
    fn test(self, test: Test) -> Filter {
        Filter::Field { path: self.path, test }
    }

    fn text(self, place: TextPlace, text: impl Into<String>, ignore_case: bool) -> Filter {
        self.test(Test::Text(TextMatch { place, text: text.into(), ignore_case }))
    }

    /// Same type and same value.
    pub fn eq(self, value: impl Into<Scalar>) -> Filter {
        self.test(Test::Eq(value.into()))
    }

    /// Not the same type and value.
    pub fn ne(self, value: impl Into<Scalar>) -> Filter {
        self.test(Test::Ne(value.into()))
    }

    /// Below.
    pub fn lt(self, bound: impl Into<Bound>) -> Filter {
        self.test(Test::Compare(Comparison::Less, bound.into()))
    }

    /// Below or equal.
    pub fn lte(self, bound: impl Into<Bound>) -> Filter {
        self.test(Test::Compare(Comparison::LessOrEqual, bound.into()))
    }

    /// Above.
    pub fn gt(self, bound: impl Into<Bound>) -> Filter {
        self.test(Test::Compare(Comparison::Greater, bound.into()))
    }

    /// Above or equal.
    pub fn gte(self, bound: impl Into<Bound>) -> Filter {
        self.test(Test::Compare(Comparison::GreaterOrEqual, bound.into()))
    }

    /// One of these.
    pub fn is_in<V: Into<Scalar>>(self, values: impl IntoIterator<Item = V>) -> Filter {
        self.test(Test::In(values.into_iter().map(Into::into).collect()))
    }

    /// Null or missing.
    pub fn is_null(self) -> Filter {
        self.test(Test::Eq(Scalar::Null))
    }

    /// Neither null nor missing.
    pub fn is_not_null(self) -> Filter {
        self.test(Test::Ne(Scalar::Null))
    }

    /// An array with an element equal to this.
    pub fn contains(self, value: impl Into<Scalar>) -> Filter {
        self.test(Test::Contains(value.into()))
    }

    /// An array with an element for which this holds.
    pub fn some(self, filter: Filter) -> Filter {
        self.test(Test::Elements(Quantifier::Some, Box::new(filter)))
    }

    /// Holds for every element, if there are any.
    pub fn every(self, filter: Filter) -> Filter {
        self.test(Test::Elements(Quantifier::Every, Box::new(filter)))
    }

    /// Holds for no element.
    pub fn none(self, filter: Filter) -> Filter {
        self.test(Test::Elements(Quantifier::None, Box::new(filter)))
    }

    /// Text that begins with this.
    pub fn starts_with(self, text: impl Into<String>) -> Filter {
        self.text(TextPlace::Start, text, false)
    }

    /// Text that begins with this, in whatever case.
    pub fn starts_with_ignore_case(self, text: impl Into<String>) -> Filter {
        self.text(TextPlace::Start, text, true)
    }

    /// Text that has this in it.
    pub fn includes(self, text: impl Into<String>) -> Filter {
        self.text(TextPlace::Anywhere, text, false)
    }

    /// Text that has this in it, in whatever case.
    pub fn includes_ignore_case(self, text: impl Into<String>) -> Filter {
        self.text(TextPlace::Anywhere, text, true)
    }

    /// Each word of this text begins a word of the field, whatever its case and diacritics.
    pub fn matches(self, text: impl Into<String>) -> Filter {
        Fields { paths: vec![self.path] }.matches(text)
    }

    /// A path below this folder, at any depth.
    pub fn under(self, folder: impl Into<String>) -> Filter {
        self.test(Test::Path(PathRelation::Under, folder.into()))
    }

    /// A path directly in this folder.
    pub fn child_of(self, folder: impl Into<String>) -> Filter {
        self.test(Test::Path(PathRelation::ChildOf, folder.into()))
    }
}

impl Filter {
    /// Both hold.
    pub fn and(self, other: Filter) -> Filter {
        Self::And(vec![self, other])
    }

    /// One of both holds, or both.
    pub fn or(self, other: Filter) -> Filter {
        Self::Or(vec![self, other])
    }

    /// All of these hold.
    pub fn all(filters: impl IntoIterator<Item = Filter>) -> Filter {
        Self::And(filters.into_iter().collect())
    }

    /// One of these holds.
    pub fn any(filters: impl IntoIterator<Item = Filter>) -> Filter {
        Self::Or(filters.into_iter().collect())
    }
}

impl std::ops::Not for Filter {
    type Output = Filter;

    fn not(self) -> Filter {
        Self::Not(Box::new(self))
    }
}
