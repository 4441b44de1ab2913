//! What queries mean: the reference that the incremental engine is held to.
//!
//! [`evaluate`] looks at every row, keeps those that match, sorts them, and cuts out the window. It is written to be read and
//! shares no machinery with the engine; the property tests compare the two after every random step.
//!
//! - A missing field equals null, and so does a field inside anything that is not an object.
//! - Values are equal if they have the same JSON type and the same value; numbers are doubles; arrays and objects equal no
//!   scalar.
//! - An id equals its text: an integer id is the same as its decimal text wherever `eq`, `ne` or `in` tests the type's own id
//!   field. In all else the id field is a field like others.
//! - Order: null < false < true < numbers < strings < arrays and objects (which are equal among themselves), null where the
//!   key puts it; rows equal by all keys go by the bytes of their id's text.
//! - Words of a match are found at the beginnings of folded words; folding alone is shared with the engine, and has tests of its own.
//! - Relevance: for each word of the matches that must hold, twice the place of the field and one if it is not the whole word,
//!   the least that there is; the sum of them, the lowest first.
//! - Aggregates: over all rows that match. Only scalars that are not null count: arrays, objects and null are left out, and are one
//!   group. Sums are exact and rounded once; a mean is the sum by the count. The least and the greatest go by the order above.
//! - Window: what comes strictly after `after`, then without the first `offset`, then at most `limit`. The total counts all
//!   rows that match, whatever the window.

mod aggregates;

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::ast::{Comparison, Filter, PathRelation, Quantifier, Test, TextMatch, TextPlace};
use super::definition::Query;
use super::field_path::FieldPath;
use super::order_key::{Collation, Direction, Nulls, OrderKey};
use super::scalar::Scalar;
use super::value::Value;
use super::word_match::WordMatch;

pub use aggregates::{Groups, aggregates, groups};

/// The rows that a query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The ids of the rows in the window, in order.
    pub ids: Vec<String>,
    /// How many rows match, in the window or not.
    pub total: usize,
}

/// The result of a query over `rows`, all of them of the query's resource type, each with the text of its id.
pub fn evaluate<'a>(
    query: &Query,
    id_field: &str,
    rows: impl IntoIterator<Item = (&'a str, &'a Json)>,
) -> Evaluation {
    let mut found: Vec<(Vec<Json>, &str)> = rows
        .into_iter()
        .filter(|(id, row)| matches(query.filter(), Some((id_field, id)), row))
        .map(|(id, row)| (query.order_by().iter().map(|key| place(query, key, row)).collect(), id))
        .collect();
    let position = |a: &(Vec<Json>, &str), b: &(Vec<Json>, &str)| {
        let mut order = Ordering::Equal;
        for (key, (a, b)) in query.order_by().iter().zip(a.0.iter().zip(&b.0)) {
            order = order.then(compare(key, a, b));
        }
        order.then(a.1.cmp(b.1))
    };
    found.sort_by(position);
    let total = found.len();

    let window = query.window();
    if let Some(after) = &window.after {
        let start = (after.values.iter().map(json).collect(), after.id.as_str());
        found.retain(|row| position(row, &start) == Ordering::Greater);
    }
    let limit = window.limit.map_or(usize::MAX, |limit| limit as usize);
    let ids =
        found.into_iter().skip(window.offset as usize).take(limit).map(|(_, id)| id.to_owned()).collect();
    Evaluation { ids, total }
}

/// Does the filter hold for this row? `id` is the name of the type's id field and the text of this row's id; elements of arrays
/// have none.
pub fn matches(filter: &Filter, id: Option<(&str, &str)>, row: &Json) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| matches(part, id, row)),
        Filter::Or(parts) => parts.iter().any(|part| matches(part, id, row)),
        Filter::Not(part) => !matches(part, id, row),
        Filter::Field { path, test } => {
            let id = id.filter(|(field, _)| path.single() == Some(field)).map(|(_, id)| id);
            passes(test, id, &look_up(row, path))
        }
        Filter::Match(found) => rank_by_words(found, row).is_some(),
    }
}

/// How well a row fits; `None` if it does not.
fn rank_by_words(found: &WordMatch, row: &Json) -> Option<usize> {
    let mut sum = 0;
    for wanted in found.text.split_whitespace() {
        let costs = found.fields.iter().enumerate().flat_map(|(place, path)| {
            let begins = move |word: String| {
                word.starts_with(wanted).then_some(2 * place + usize::from(word != wanted))
            };
            words(&look_up(row, path)).into_iter().filter_map(begins)
        });
        sum += costs.min()?;
    }
    Some(sum)
}

/// The words of a text; of one in Chinese or Japanese, every char with what follows it.
fn words(value: &Json) -> Vec<String> {
    let mut words = Vec::new();
    for run in super::fold::fold(value.as_str().unwrap_or_default()).split_whitespace() {
        for (at, char) in run.char_indices() {
            if at == 0 || ('\u{3000}'..='\u{9fff}').contains(&char) {
                words.push(run.split_at(at).1.to_owned());
            }
        }
    }
    words
}

/// What a key of the order compares.
fn place(query: &Query, key: &OrderKey, row: &Json) -> Json {
    match key.collation {
        Collation::Relevance => {
            query.filter().matches().filter_map(|found| rank_by_words(found, row)).sum::<usize>().into()
        }
        Collation::Byte | Collation::Natural => look_up(row, &key.path),
    }
}

/// The value at a path; null if there is none.
fn look_up(row: &Json, path: &FieldPath) -> Json {
    let mut value = row;
    for segment in path.segments() {
        match value.as_object().and_then(|object| object.get(&**segment)) {
            Some(inner) => value = inner,
            None => return Json::Null,
        }
    }
    value.clone()
}

fn passes(test: &Test, id: Option<&str>, value: &Json) -> bool {
    let equals = |scalar: &Scalar| match id {
        Some(id) => id_text(scalar).as_deref() == Some(id),
        None => equal(value, scalar),
    };
    match test {
        Test::Eq(scalar) => equals(scalar),
        Test::Ne(scalar) => !equals(scalar),
        Test::In(scalars) => scalars.iter().any(equals),
        Test::Compare(comparison, bound) => {
            let order = match (value, bound.scalar()) {
                (Json::Number(a), Scalar::Number(b)) => a.as_f64().and_then(|a| a.partial_cmp(b)),
                (Json::String(a), Scalar::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
                _ => None,
            };
            match (order, comparison) {
                (None, _) => false,
                (Some(order), Comparison::Less) => order == Ordering::Less,
                (Some(order), Comparison::LessOrEqual) => order != Ordering::Greater,
                (Some(order), Comparison::Greater) => order == Ordering::Greater,
                (Some(order), Comparison::GreaterOrEqual) => order != Ordering::Less,
            }
        }
        Test::Text(TextMatch { place, text, ignore_case }) => {
            let Json::String(value) = value else { return false };
            let (value, text) = match ignore_case {
                true => (lowercase(value), lowercase(text)),
                false => (value.clone(), text.clone()),
            };
            match place {
                TextPlace::Start => value.starts_with(&text),
                TextPlace::Anywhere => value.contains(&text),
            }
        }
        Test::Path(relation, folder) => {
            let Json::String(value) = value else { return false };
            let (path, folder) = (segments(value), segments(folder));
            let is_below = path.starts_with(&folder) && path.len() > folder.len();
            match relation {
                PathRelation::Under => is_below,
                PathRelation::ChildOf => is_below && path.len() == folder.len() + 1,
            }
        }
        Test::Contains(scalar) => elements(value).iter().any(|element| equal(element, scalar)),
        Test::Elements(quantifier, filter) => {
            let mut held = elements(value).iter().map(|element| matches(filter, None, element));
            match quantifier {
                Quantifier::Some => held.any(|holds| holds),
                Quantifier::Every => held.all(|holds| holds),
                Quantifier::None => !held.any(|holds| holds),
            }
        }
    }
}

fn equal(value: &Json, scalar: &Scalar) -> bool {
    match (value, scalar) {
        (Json::Null, Scalar::Null) => true,
        (Json::Bool(a), Scalar::Bool(b)) => a == b,
        (Json::Number(a), Scalar::Number(b)) => a.as_f64() == Some(*b),
        (Json::String(a), Scalar::Text(b)) => a == b,
        _ => false,
    }
}

/// The id that a scalar names, if it can name one.
fn id_text(scalar: &Scalar) -> Option<String> {
    match scalar {
        Scalar::Text(text) => Some(text.clone()),
        Scalar::Number(number) => super::parse_window::integer_text(*number),
        Scalar::Null | Scalar::Bool(_) => None,
    }
}

fn elements(value: &Json) -> &[Json] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn lowercase(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn segments(path: &str) -> Vec<&str> {
    path.split(['/', '\\']).filter(|segment| !segment.is_empty()).collect()
}

fn compare(key: &OrderKey, a: &Json, b: &Json) -> Ordering {
    let null_first = match key.nulls {
        Nulls::First => Ordering::Less,
        Nulls::Last => Ordering::Greater,
    };
    match (a.is_null(), b.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => null_first,
        (false, true) => null_first.reverse(),
        (false, false) => {
            let order = rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
                (Json::Number(a), Json::Number(b)) => {
                    a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal)
                }
                (Json::String(a), Json::String(b)) => match key.collation {
                    Collation::Byte | Collation::Relevance => a.as_bytes().cmp(b.as_bytes()),
                    Collation::Natural => natural_key(a).cmp(&natural_key(b)),
                },
                _ => Ordering::Equal,
            });
            match key.direction {
                Direction::Ascending => order,
                Direction::Descending => order.reverse(),
            }
        }
    }
}

fn rank(value: &Json) -> u8 {
    match value {
        Json::Null => 0,
        Json::Bool(false) => 1,
        Json::Bool(true) => 2,
        Json::Number(_) => 3,
        Json::String(_) => 4,
        Json::Array(_) | Json::Object(_) => 5,
    }
}

/// What natural order compares, part by part: a lowercased char, or a number as (the digit `0`, count of digits, digits).
fn natural_key(text: &str) -> Vec<(char, usize, String)> {
    let mut key = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if digits.is_empty() {
            key.extend(char.to_lowercase().map(|char| (char, 0, String::new())));
            rest = rest.split_at(char.len_utf8()).1;
        } else {
            let number = digits.trim_start_matches('0').to_owned();
            key.push(('0', number.len(), number));
            rest = rest.split_at(digits.len()).1;
        }
    }
    key
}

fn json(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::from(*value),
        Value::Number(value) => Json::from(*value),
        Value::Text(value) => Json::from(value.as_ref()),
        Value::Composite => Json::Array(Vec::new()),
    }
}
