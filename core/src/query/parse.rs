//! From a query's JSON to its parts. Strict: what is not understood is refused, with its place.

use super::aggregate::Aggregation;
use super::ast::{Comparison, Filter, PathRelation, Quantifier, Test, TextMatch, TextPlace};
use super::definition::Query;
use super::error::QueryError;
use super::field_path::FieldPath;
use super::include::{Include, Includes};
use super::order_key::{Collation, Direction, Nulls, OrderKey};
use super::parse_aggregate::{aggregates, group_by};
use super::parse_operand::{boolean, bound, count, entries, list, scalar, scalars, text, wrong};
use super::parse_window::WindowKeys;
use super::place::Place;
use super::tree::Tree;
use super::word_match::WordMatch;

const QUERY_KEYS: &str = "from, where, orderBy, limit, offset, after, include, aggregate, groupBy";
const INCLUDE_KEYS: &str = "where, orderBy, limit, offset, include";
const ORDER_KEYS: &str = "dir, nulls, collate";
const MATCH_KEYS: &str = "text, fields";
const OPERATORS: &str = "eq, ne, lt, lte, gt, gte, in, isNull, contains, some, every, none, startsWith, includes, ignoreCase, match, under, \
                         childOf (and, or, not stand beside fields, not in them)";

/// The order's key that is no field.
pub(crate) const RELEVANCE: &str = "relevance";

/// Words that cannot be the name of a field in a filter.
pub(crate) const RESERVED: [&str; 3] = ["and", "or", "not"];

pub(crate) fn query(tree: Tree) -> Result<Query, QueryError> {
    let root = Place::ROOT;
    let mut from = None;
    let mut filter = Filter::everything();
    let mut order = Vec::new();
    let mut window = WindowKeys::default();
    let mut include = Includes::new();
    let mut aggregation = Aggregation::default();
    for (key, value) in entries(tree, &root, "an object; a query looks like {\"from\":\"file\"}")? {
        let place = root.key(&key);
        match key.as_str() {
            "from" => from = Some(text(value, &place)?),
            "where" => filter = condition(value, &place)?,
            "orderBy" => order = order_by(value, &place)?,
            "include" => include = includes(value, &place)?,
            "aggregate" => aggregates(value, &place, &mut aggregation)?,
            "groupBy" => aggregation.group_by = group_by(value, &place)?,
            _ => window.read(&key, value, &place, QUERY_KEYS)?,
        }
    }
    let from = from.ok_or(QueryError::Missing {
        path: "from".to_owned(),
        remedy: "name the resource type, as in {\"from\":\"file\"}",
    })?;
    Query::new(from, filter, order, window.finish(), include, aggregation)
}

fn includes(tree: Tree, place: &Place<'_>) -> Result<Includes, QueryError> {
    let mut all = Includes::new();
    for (name, tree) in entries(tree, place, "an object such as {\"tags\":true}")? {
        let part = include(tree, &place.key(&name))?;
        all.insert(name, part);
    }
    Ok(all)
}

fn include(tree: Tree, place: &Place<'_>) -> Result<Include, QueryError> {
    let mut part = Include::all();
    if tree == Tree::Bool(true) {
        return Ok(part);
    }
    for (key, value) in entries(tree, place, "true, or an object such as {\"limit\":10}")? {
        let place = place.key(&key);
        match key.as_str() {
            "where" => part.filter = condition(value, &place)?,
            "orderBy" => part.order_by = order_by(value, &place)?,
            "limit" => part.limit = Some(count(value, &place)?),
            "offset" => part.offset = count(value, &place)?,
            "include" => part.include = includes(value, &place)?,
            _ => return Err(QueryError::UnknownKey { path: place.to_string(), known: INCLUDE_KEYS }),
        }
    }
    Ok(part)
}

fn condition(tree: Tree, place: &Place<'_>) -> Result<Filter, QueryError> {
    let mut all = Vec::new();
    for (key, value) in entries(tree, place, "an object of conditions")? {
        let place = place.key(&key);
        match key.as_str() {
            "and" => all.push(Filter::And(conditions(value, &place)?)),
            "or" => all.push(Filter::Or(conditions(value, &place)?)),
            "not" => all.push(Filter::Not(Box::new(condition(value, &place)?))),
            "match" if is_match(&value) => all.push(Filter::Match(word_match(value, &place)?)),
            _ => {
                let path = field_path(&key, &place)?;
                let field = |test| match test {
                    FieldTest::Test(test) => Filter::Field { path: path.clone(), test },
                    FieldTest::Match(text) => Filter::Match(WordMatch { fields: vec![path.clone()], text }),
                };
                all.extend(tests(value, &place)?.into_iter().map(field));
            }
        }
    }
    Ok(Filter::And(all))
}

fn conditions(tree: Tree, place: &Place<'_>) -> Result<Vec<Filter>, QueryError> {
    list(tree, place, "an array of conditions")?
        .into_iter()
        .enumerate()
        .map(|(index, tree)| condition(tree, &place.index(index)))
        .collect()
}

fn field_path(text: &str, place: &Place<'_>) -> Result<FieldPath, QueryError> {
    FieldPath::parse(text).ok_or_else(|| QueryError::InvalidFieldPath {
        path: place.to_string(),
        reason: "a part of the field's path is empty; write it as `field` or `outer.inner`",
    })
}

/// A match names its fields; a field of the name `match` is tested by operators.
fn is_match(tree: &Tree) -> bool {
    let named = |(key, _): &(String, Tree)| key == "text" || key == "fields";
    matches!(tree, Tree::Object(entries) if entries.iter().any(named))
}

pub(crate) fn word_match(tree: Tree, place: &Place<'_>) -> Result<WordMatch, QueryError> {
    let (mut words, mut fields) = (None, Vec::new());
    for (key, value) in entries(tree, place, "an object")? {
        let place = place.key(&key);
        match key.as_str() {
            "text" => words = Some(text(value, &place)?),
            "fields" => {
                for (index, tree) in list(value, &place, "an array of fields")?.into_iter().enumerate() {
                    let place = place.index(index);
                    fields.push(field_path(&text(tree, &place)?, &place)?);
                }
            }
            _ => return Err(QueryError::UnknownKey { path: place.to_string(), known: MATCH_KEYS }),
        }
    }
    let missing = |key, remedy| QueryError::Missing { path: place.key(key).to_string(), remedy };
    let text = words.ok_or_else(|| missing("text", "give the words to be found"))?;
    if fields.is_empty() {
        return Err(missing("fields", "name at least one field for the words to be in"));
    }
    Ok(WordMatch { fields, text })
}

/// What is asked of one field.
enum FieldTest {
    Test(Test),
    Match(String),
}

/// The tests of one field: a scalar it must equal, or an object of operators.
fn tests(tree: Tree, place: &Place<'_>) -> Result<Vec<FieldTest>, QueryError> {
    if !matches!(tree, Tree::Object(_)) {
        let expected =
            "a scalar (string, number, boolean, null) or an object of operators such as {\"in\":[…]}";
        return Ok(vec![FieldTest::Test(Test::Eq(scalar(tree, place, expected)?))]);
    }
    let mut tests = Vec::new();
    let mut ignore_case = None;
    for (operator, value) in entries(tree, place, "an object of operators")? {
        let place = place.key(&operator);
        if operator == "ignoreCase" {
            ignore_case = Some(boolean(value, &place)?);
        } else if operator == "match" {
            tests.push(FieldTest::Match(text(value, &place)?));
        } else {
            tests.push(FieldTest::Test(test(&operator, value, &place)?));
        }
    }
    if let Some(ignore_case) = ignore_case {
        let mut used = false;
        for test in &mut tests {
            if let FieldTest::Test(Test::Text(found)) = test {
                found.ignore_case = ignore_case;
                used = true;
            }
        }
        if !used {
            return Err(QueryError::LoneModifier { path: place.key("ignoreCase").to_string() });
        }
    }
    Ok(tests)
}

fn test(operator: &str, value: Tree, place: &Place<'_>) -> Result<Test, QueryError> {
    let one = |value| scalar(value, place, "a scalar (string, number, boolean or null)");
    let compare = |side, value| Ok(Test::Compare(side, bound(value, place)?));
    let text_match =
        |at, value| Ok(Test::Text(TextMatch { place: at, text: text(value, place)?, ignore_case: false }));
    let elements = |count, value| Ok(Test::Elements(count, Box::new(condition(value, place)?)));
    match operator {
        "eq" => Ok(Test::Eq(one(value)?)),
        "ne" => Ok(Test::Ne(one(value)?)),
        "lt" => compare(Comparison::Less, value),
        "lte" => compare(Comparison::LessOrEqual, value),
        "gt" => compare(Comparison::Greater, value),
        "gte" => compare(Comparison::GreaterOrEqual, value),
        "in" => Ok(Test::In(scalars(value, place)?)),
        "isNull" => Ok(match boolean(value, place)? {
            true => Test::Eq(super::Scalar::Null),
            false => Test::Ne(super::Scalar::Null),
        }),
        "contains" => Ok(Test::Contains(one(value)?)),
        "some" => elements(Quantifier::Some, value),
        "every" => elements(Quantifier::Every, value),
        "none" => elements(Quantifier::None, value),
        "startsWith" => text_match(TextPlace::Start, value),
        "includes" => text_match(TextPlace::Anywhere, value),
        "under" => Ok(Test::Path(PathRelation::Under, text(value, place)?)),
        "childOf" => Ok(Test::Path(PathRelation::ChildOf, text(value, place)?)),
        _ => Err(QueryError::UnknownOperator { path: place.to_string(), known: OPERATORS }),
    }
}

fn order_by(tree: Tree, place: &Place<'_>) -> Result<Vec<OrderKey>, QueryError> {
    list(tree, place, "an array such as [{\"name\":\"asc\"}]")?
        .into_iter()
        .enumerate()
        .map(|(index, tree)| order_key(tree, &place.index(index)))
        .collect()
}

fn order_key(tree: Tree, place: &Place<'_>) -> Result<OrderKey, QueryError> {
    if matches!(&tree, Tree::Text(text) if text == RELEVANCE) {
        return Ok(OrderKey::relevance());
    }
    let expected = "an object with one field, such as {\"name\":\"asc\"} (further fields get entries of their own), or \"relevance\"";
    let found = tree.describe();
    let Ok([(field, value)]) = <[_; 1]>::try_from(entries(tree, place, expected)?) else {
        return Err(QueryError::WrongType { path: place.to_string(), expected, found });
    };
    let place = place.key(&field);
    let path = field_path(&field, &place)?;
    if !matches!(value, Tree::Object(_)) {
        return Ok(OrderKey::new(path, direction(value, &place)?));
    }
    let (mut way, mut nulls, mut collation) = (Direction::Ascending, None, Collation::Byte);
    for (key, value) in entries(value, &place, "an object")? {
        let place = place.key(&key);
        match key.as_str() {
            "dir" => way = direction(value, &place)?,
            "nulls" => {
                nulls = Some(word(
                    value,
                    &place,
                    "\"first\" or \"last\"",
                    &[("first", Nulls::First), ("last", Nulls::Last)],
                )?)
            }
            "collate" => {
                let words = [("byte", Collation::Byte), ("natural", Collation::Natural)];
                collation = word(value, &place, "\"byte\" or \"natural\"", &words)?;
            }
            _ => return Err(QueryError::UnknownKey { path: place.to_string(), known: ORDER_KEYS }),
        }
    }
    Ok(OrderKey { path, direction: way, nulls: nulls.unwrap_or(Nulls::default_for(way)), collation })
}

fn direction(tree: Tree, place: &Place<'_>) -> Result<Direction, QueryError> {
    let words = [("asc", Direction::Ascending), ("desc", Direction::Descending)];
    word(tree, place, "\"asc\" or \"desc\"", &words)
}

pub(crate) fn word<T: Copy>(
    tree: Tree,
    place: &Place<'_>,
    expected: &'static str,
    words: &[(&str, T)],
) -> Result<T, QueryError> {
    let found = match &tree {
        Tree::Text(text) => words.iter().find(|(word, _)| word == text),
        _ => None,
    };
    let what = if matches!(tree, Tree::Text(_)) { "another string" } else { tree.describe() };
    found.map(|(_, meaning)| *meaning).ok_or_else(|| wrong(place, expected, what))
}
