//! A query back as JSON, in the one way that all equal queries share.

use std::collections::BTreeMap;

use super::aggregate::Aggregate;
use super::ast::{Filter, Test, TextMatch};
use super::definition::Query;
use super::include::{Include, Includes};
use super::order_key::{Collation, Direction, Nulls, OrderKey};
use super::parse::RELEVANCE;
use super::scalar::Scalar;
use super::tree::Tree;
use super::value::Value;
use super::window::Window;
use super::word_match::WordMatch;

type Keys = BTreeMap<String, Tree>;

fn object(keys: Keys) -> Tree {
    Tree::Object(keys.into_iter().collect())
}

fn text(text: &str) -> Tree {
    Tree::Text(text.to_owned())
}

pub(crate) fn query(query: &Query) -> Tree {
    let mut keys = matched_keys(query);
    add_window(&mut keys, query.window());
    add_includes(&mut keys, query.includes());
    add_aggregation(&mut keys, query);
    object(keys)
}

/// Which rows, and in which order; not what part of them, nor what is included.
pub(crate) fn matched(query: &Query) -> Tree {
    object(matched_keys(query))
}

/// The text of included relations alone, the same for equal ones.
pub(crate) fn includes(include: &Includes) -> String {
    let mut keys = Keys::new();
    add_includes(&mut keys, include);
    object(keys).to_json()
}

fn matched_keys(query: &Query) -> Keys {
    let mut keys = Keys::new();
    keys.insert("from".to_owned(), text(query.resource_type()));
    add_matched(&mut keys, query.filter(), query.order_by());
    keys
}

fn add_matched(keys: &mut Keys, filter: &Filter, order_by: &[OrderKey]) {
    if !filter.is_everything() {
        keys.insert("where".to_owned(), condition(filter));
    }
    if !order_by.is_empty() {
        keys.insert("orderBy".to_owned(), Tree::List(order_by.iter().map(order_key).collect()));
    }
}

fn add_includes(keys: &mut Keys, include: &Includes) {
    if include.is_empty() {
        return;
    }
    let part = |part: &Include| {
        if part.is_all() {
            return Tree::Bool(true);
        }
        let mut keys = Keys::new();
        add_matched(&mut keys, &part.filter, &part.order_by);
        add_window(&mut keys, &Window { after: None, offset: part.offset, limit: part.limit });
        add_includes(&mut keys, &part.include);
        object(keys)
    };
    let parts = include.iter().map(|(name, include)| (name.clone(), part(include)));
    keys.insert("include".to_owned(), Tree::Object(parts.collect()));
}

/// What is asked of the rows together, or of their groups; not which rows.
pub(crate) fn figures(query: &Query) -> Tree {
    let mut keys = Keys::new();
    add_aggregation(&mut keys, query);
    object(keys)
}

fn add_aggregation(keys: &mut Keys, query: &Query) {
    if !query.aggregates().is_empty() {
        let aggregate = |aggregate: &Aggregate| {
            let function = aggregate.function().name();
            match aggregate.field() {
                None => text(function),
                Some(path) => Tree::Object(vec![(function.to_owned(), text(&path.to_string()))]),
            }
        };
        let all = query.aggregates().iter().map(|(name, own)| (name.clone(), aggregate(own)));
        keys.insert("aggregate".to_owned(), Tree::Object(all.collect()));
    }
    if !query.group_by().is_empty() {
        let fields = query.group_by().iter().map(|path| text(&path.to_string())).collect();
        keys.insert("groupBy".to_owned(), Tree::List(fields));
    }
}

pub(crate) fn window(window: &Window) -> Tree {
    let mut keys = Keys::new();
    add_window(&mut keys, window);
    object(keys)
}

fn add_window(keys: &mut Keys, window: &Window) {
    if let Some(limit) = window.limit {
        keys.insert("limit".to_owned(), Tree::Number(limit.into()));
    }
    if window.offset > 0 {
        keys.insert("offset".to_owned(), Tree::Number(window.offset.into()));
    }
    if let Some(after) = &window.after {
        let values = Tree::List(after.values.iter().map(order_value).collect());
        keys.insert(
            "after".to_owned(),
            Tree::Object(vec![("id".to_owned(), text(&after.id)), ("values".to_owned(), values)]),
        );
    }
}

pub(crate) fn order_value(value: &Value<'_>) -> Tree {
    match value {
        Value::Null => Tree::Null,
        Value::Bool(value) => Tree::Bool(*value),
        Value::Number(value) => Tree::Number(*value),
        Value::Text(value) => text(value),
        Value::Composite => Tree::List(Vec::new()),
    }
}

fn order_key(key: &OrderKey) -> Tree {
    if key.is_relevance() {
        return text(RELEVANCE);
    }
    let direction = match key.direction {
        Direction::Ascending => "asc",
        Direction::Descending => "desc",
    };
    let mut keys = Keys::new();
    if key.collation == Collation::Natural {
        keys.insert("collate".to_owned(), text("natural"));
    }
    if key.nulls != Nulls::default_for(key.direction) {
        let nulls = if key.nulls == Nulls::First { "first" } else { "last" };
        keys.insert("nulls".to_owned(), text(nulls));
    }
    let value = if keys.is_empty() {
        text(direction)
    } else {
        keys.insert("dir".to_owned(), text(direction));
        object(keys)
    };
    Tree::Object(vec![(key.path.to_string(), value)])
}

/// A condition as an object. Parts of an `And` share the object as far as their keys differ; the others go into its `and`.
fn condition(filter: &Filter) -> Tree {
    let mut keys = Keys::new();
    let mut fields: BTreeMap<String, Vec<Asked<'_>>> = BTreeMap::new();
    let mut rest = Vec::new();
    for part in filter.conjuncts() {
        let (path, asked) = match part {
            Filter::Or(parts) if !keys.contains_key("or") => {
                keys.insert("or".to_owned(), Tree::List(parts.iter().map(condition).collect()));
                continue;
            }
            Filter::Not(part) if !keys.contains_key("not") => {
                keys.insert("not".to_owned(), condition(part));
                continue;
            }
            Filter::Field { path, test } => (path.to_string(), Asked::Test(test)),
            Filter::Match(found) => match &*found.fields {
                [path] => (path.to_string(), Asked::Match(&found.text)),
                _ => ("match".to_owned(), Asked::MatchIn(found)),
            },
            _ => {
                rest.push(condition(part));
                continue;
            }
        };
        let tests = fields.entry(path).or_default();
        if tests.iter().all(|other| fit_together(other, &asked)) {
            tests.push(asked);
        } else {
            rest.push(condition(part));
        }
    }
    keys.extend(fields.into_iter().map(|(path, tests)| (path, operators(&tests))));
    if !rest.is_empty() {
        keys.insert("and".to_owned(), Tree::List(rest));
    }
    object(keys)
}

/// What is asked under one key.
#[derive(Clone, Copy)]
enum Asked<'a> {
    Test(&'a Test),
    /// These words, of the field that is the key.
    Match(&'a str),
    /// Words of several fields; the key is `match`.
    MatchIn(&'a WordMatch),
}

/// Can two of them be in one object?
fn fit_together(a: &Asked<'_>, b: &Asked<'_>) -> bool {
    match (a, b) {
        (Asked::Test(a), Asked::Test(b)) => {
            let same_case = match (a, b) {
                (Test::Text(a), Test::Text(b)) => a.ignore_case == b.ignore_case,
                _ => true,
            };
            same_case && a.operator() != b.operator()
        }
        (Asked::Test(_), Asked::Match(_)) | (Asked::Match(_), Asked::Test(_)) => true,
        _ => false,
    }
}

fn operators(asked: &[Asked<'_>]) -> Tree {
    if let [Asked::Test(Test::Eq(value))] = asked {
        return scalar(value);
    }
    let mut keys = Keys::new();
    for asked in asked {
        match asked {
            Asked::Test(test) => {
                keys.insert(test.operator().to_owned(), operand(test));
                if let Test::Text(TextMatch { ignore_case: true, .. }) = test {
                    keys.insert("ignoreCase".to_owned(), Tree::Bool(true));
                }
            }
            Asked::Match(words) => _ = keys.insert("match".to_owned(), text(words)),
            Asked::MatchIn(found) => {
                let fields = found.fields.iter().map(|path| Tree::Text(path.to_string())).collect();
                keys.insert("fields".to_owned(), Tree::List(fields));
                keys.insert("text".to_owned(), text(&found.text));
            }
        }
    }
    object(keys)
}

fn operand(test: &Test) -> Tree {
    match test {
        Test::Eq(value) | Test::Ne(value) | Test::Contains(value) => scalar(value),
        Test::Compare(_, bound) => scalar(bound.scalar()),
        Test::In(values) => Tree::List(values.iter().map(scalar).collect()),
        Test::Text(found) => text(&found.text),
        Test::Path(_, folder) => text(folder),
        Test::Elements(_, filter) => condition(filter),
    }
}

fn scalar(scalar: &Scalar) -> Tree {
    order_value(&Value::from(scalar))
}
