//! A whole query, always valid and in its normal form.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::aggregate::{Aggregate, Aggregation};
use super::ast::{Filter, Test};
use super::builder::QueryBuilder;
use super::error::QueryError;
use super::field_path::FieldPath;
use super::include::{self, Includes};
use super::order_key::OrderKey;
use super::scalar::Scalar;
use super::tree::Tree;
use super::window::Window;
use super::{canonical, normalize, parse, parse_window};

/// How many keys an order may have.
const MAX_ORDER_KEYS: usize = 32;

/// Which rows of one resource type, in which order, and what part of them.
///
/// Two queries are equal if they are equal in normal form; [`Query::canonical`] is that form as text.
///
/// ```
/// use larder::query::{Query, asc, desc, field};
///
/// let query = Query::from("file")
///     .filter(field("size").gt(10))
///     .filter(field("kind").eq("image").or(field("tag_ids").contains("t1")))
///     .order_by(asc("name").natural())
///     .order_by(desc("size"))
///     .limit(100)
///     .build()?;
///
/// let same = Query::parse(
///     r#"{
///         "from": "file",
///         "where": { "or": [{ "tag_ids": { "contains": "t1" } }, { "kind": "image" }], "size": { "gt": 10 } },
///         "orderBy": [{ "name": { "collate": "natural" } }, { "size": "desc" }],
///         "limit": 100
///     }"#,
/// )?;
/// assert_eq!(query, same);
/// # Ok::<(), larder::query::QueryError>(())
/// ```
#[derive(Clone)]
pub struct Query {
    from: String,
    filter: Filter,
    order_by: Vec<OrderKey>,
    window: Window,
    include: Includes,
    aggregation: Aggregation,
    canonical: String,
    /// Where it is known already, what [`Self::canonical_of_order`] says.
    of_order: Option<Box<str>>,
}

impl Query {
    /// Starts a query for the rows of a resource type.
    #[allow(clippy::should_implement_trait)]
    pub fn from(resource_type: impl Into<String>) -> QueryBuilder {
        QueryBuilder::new(resource_type.into())
    }

    /// Reads a query from its JSON.
    #[inline(never)]
    pub fn parse(json: impl AsRef<[u8]>) -> Result<Self, QueryError> {
        parse::query(Tree::parse(json.as_ref())?)
    }

    pub(crate) fn new(
        from: String,
        filter: Filter,
        order_by: Vec<OrderKey>,
        window: Window,
        include: Includes,
        aggregation: Aggregation,
    ) -> Result<Self, QueryError> {
        if from.is_empty() {
            return Err(QueryError::Missing { path: "from".to_owned(), remedy: "name the resource type" });
        }
        check_order(&order_by)?;
        aggregation.check(&order_by, &window, &include)?;
        let filter = normalize::normalize(filter)?;
        check_relevance(&filter, &order_by)?;
        let include = include::normalize(include)?;
        Self {
            from,
            filter,
            order_by,
            window: Window::default(),
            include,
            aggregation,
            canonical: String::new(),
            of_order: None,
        }
        .with_window(window)
    }

    /// A query for rows alone, of parts that have been checked; it has no canonical text.
    pub(crate) fn of_rows(from: &str, filter: Filter, order_by: Vec<OrderKey>, window: Window) -> Self {
        let (include, aggregation) = (Includes::new(), Aggregation::default());
        let from = from.to_owned();
        Self {
            from,
            filter,
            order_by,
            window,
            include,
            aggregation,
            canonical: String::new(),
            of_order: None,
        }
    }

    /// The same query with another text in one of its conditions, and with its canonical texts. `None` where the condition would
    /// have another place then.
    pub(crate) fn with_text(
        &self,
        condition: usize,
        text: &str,
        (canonical, of_order): (String, String),
    ) -> Option<Self> {
        let mut filter = self.filter.clone();
        let (part, rest) = match &mut filter {
            Filter::And(parts) => {
                let is_lone = |path: &FieldPath| {
                    let same =
                        |part: &&Filter| matches!(part, Filter::Field { path: other, .. } if other == path);
                    parts.iter().filter(same).count() == 1
                };
                let is_lone = matches!(parts.get(condition)?, Filter::Field { path, .. } if is_lone(path));
                (parts.get_mut(condition)?, is_lone)
            }
            only => (only, true),
        };
        match part {
            Filter::Field { test: Test::Eq(value), .. } if rest => *value = Scalar::Text(text.to_owned()),
            _ => return None,
        }
        Some(Self {
            from: self.from.clone(),
            filter,
            order_by: self.order_by.clone(),
            window: self.window.clone(),
            include: self.include.clone(),
            aggregation: self.aggregation.clone(),
            canonical,
            of_order: Some(of_order.into_boxed_str()),
        })
    }

    /// The canonical text of what is asked of the rows together, or of their groups.
    pub(crate) fn canonical_of_figures(&self) -> String {
        canonical::figures(self).to_json()
    }

    /// The same query with another window.
    pub fn with_window(mut self, window: Window) -> Result<Self, QueryError> {
        if let Some(after) = window.after.as_ref().filter(|after| after.values.len() != self.order_by.len()) {
            return Err(QueryError::CursorMismatch {
                expected: self.order_by.len(),
                found: after.values.len(),
            });
        }
        self.aggregation.check(&self.order_by, &window, &self.include)?;
        self.window = window;
        self.canonical = canonical::query(&self).to_json();
        Ok(self)
    }

    /// The canonical text of what is matched and in which order: the same for queries that show parts of one ordered result.
    pub fn canonical_of_order(&self) -> String {
        self.of_order.as_deref().map_or_else(|| canonical::matched(self).to_json(), str::to_owned)
    }

    /// The resource type whose rows are asked for: `from`.
    pub fn resource_type(&self) -> &str {
        &self.from
    }

    /// Which rows: `where`, in normal form.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// In which order: `orderBy`. Rows equal by all keys are ordered by id.
    pub fn order_by(&self) -> &[OrderKey] {
        &self.order_by
    }

    /// What part of them: `after`, `offset`, `limit`.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// The relations to follow: `include`.
    pub fn includes(&self) -> &Includes {
        &self.include
    }

    /// What is asked of all rows that match, or of each group: `aggregate`, in the order of the names.
    pub fn aggregates(&self) -> &[(String, Aggregate)] {
        &self.aggregation.aggregates
    }

    /// The fields whose values make the groups: `groupBy`. Where there are any, the result's rows are the groups.
    pub fn group_by(&self) -> &[FieldPath] {
        &self.aggregation.group_by
    }

    /// The query as JSON with sorted keys: the same text for equal queries, and so its cache key.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

pub(super) fn check_order(order_by: &[OrderKey]) -> Result<(), QueryError> {
    if order_by.len() > MAX_ORDER_KEYS {
        return Err(QueryError::TooLarge { parts: "order keys", limit: MAX_ORDER_KEYS });
    }
    match order_by.iter().find(|key| !key.path.is_valid()) {
        Some(key) => Err(QueryError::InvalidFieldPath {
            path: format!("orderBy.{}", key.path),
            reason: "a part of the field's path is empty; write it as `field` or `outer.inner`",
        }),
        None => Ok(()),
    }
}

/// Is there something to rank rows by, if they are to be ranked? The filter is in normal form.
pub(super) fn check_relevance(filter: &Filter, order_by: &[OrderKey]) -> Result<(), QueryError> {
    let is_lone = order_by.iter().any(OrderKey::is_relevance) && filter.matches().next().is_none();
    if is_lone { Err(QueryError::NothingToRank) } else { Ok(()) }
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Query {}

impl Hash for Query {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Query({})", self.canonical)
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        canonical::query(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Query {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse::query(Tree::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Window {
    /// Reads a window from its JSON, such as `{"limit":100,"offset":200}`.
    pub fn parse(json: impl AsRef<[u8]>) -> Result<Self, QueryError> {
        parse_window::window(Tree::parse(json.as_ref())?)
    }
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        canonical::window(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse_window::window(Tree::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
