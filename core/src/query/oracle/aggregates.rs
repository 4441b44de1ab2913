//! What aggregates and groups are, by looking at every row.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{compare, look_up, matches};
use crate::query::{Aggregate, FieldPath, Function, OrderKey, Query};

/// The groups that a query asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    /// The groups in the window, in order.
    pub rows: Vec<Json>,
    /// How many groups there are, in the window or not.
    pub total: usize,
}

/// What a query aggregates over all rows that match, as an object.
pub fn aggregates<'a>(
    query: &Query,
    id_field: &str,
    rows: impl IntoIterator<Item = (&'a str, &'a Json)>,
) -> Json {
    Json::Object(figures(query, &matching(query, id_field, rows)))
}

/// The groups of a query with `groupBy`.
pub fn groups<'a>(
    query: &Query,
    id_field: &str,
    rows: impl IntoIterator<Item = (&'a str, &'a Json)>,
) -> Groups {
    let mut members: BTreeMap<String, (Vec<Json>, Vec<&Json>)> = BTreeMap::new();
    for row in matching(query, id_field, rows) {
        let values: Vec<Json> = query.group_by().iter().map(|path| value(row, path)).collect();
        let key = Json::from(values.clone()).to_string();
        members.entry(key).or_insert_with(|| (values, Vec::new())).1.push(row);
    }
    let mut found: Vec<Map<String, Json>> = members
        .into_values()
        .map(|(values, rows)| {
            let keys = query.group_by().iter().map(ToString::to_string).zip(values);
            keys.chain(figures(query, &rows)).collect()
        })
        .collect();
    found.sort_by(|a, b| {
        let by_path = query.group_by().iter().map(|path| OrderKey::ascending(path.clone()));
        query.order_by().iter().cloned().chain(by_path).fold(Ordering::Equal, |order, key| {
            let name = key.path.to_string();
            order.then_with(|| compare(&key, &a[&name], &b[&name]))
        })
    });
    let total = found.len();
    let window = query.window();
    let limit = window.limit.map_or(usize::MAX, |limit| limit as usize);
    let rows = found.into_iter().skip(window.offset as usize).take(limit).map(Json::Object).collect();
    Groups { rows, total }
}

fn matching<'a>(
    query: &Query,
    id_field: &str,
    rows: impl IntoIterator<Item = (&'a str, &'a Json)>,
) -> Vec<&'a Json> {
    let rows = rows.into_iter().filter(|(id, row)| matches(query.filter(), Some((id_field, id)), row));
    rows.map(|(_, row)| row).collect()
}

/// The value of a field; null for what has no order, and one spelling for each number.
fn value(row: &Json, path: &FieldPath) -> Json {
    match look_up(row, path) {
        Json::Array(_) | Json::Object(_) => Json::Null,
        Json::Number(number) => Json::from(number.as_f64().map(|number| number + 0.0)),
        other => other,
    }
}

fn figures(query: &Query, rows: &[&Json]) -> Map<String, Json> {
    let figure = |aggregate: &Aggregate| {
        let path = aggregate.field();
        let values = path.into_iter().flat_map(|path| rows.iter().map(move |row| value(row, path)));
        let mut values: Vec<Json> = values.filter(|value| !value.is_null()).collect();
        let numbers: Vec<f64> = values.iter().filter_map(Json::as_f64).collect();
        if let Some(path) = path {
            let key = OrderKey::ascending(path.clone());
            values.sort_by(|a, b| compare(&key, a, b));
        }
        match aggregate.function() {
            Function::Count => Json::from(rows.len()),
            Function::Sum => Json::from(exact_sum(&numbers)),
            Function::Average if numbers.is_empty() => Json::Null,
            Function::Average => Json::from(exact_sum(&numbers) / numbers.len() as f64),
            Function::Min => values.first().cloned().unwrap_or_default(),
            Function::Max => values.last().cloned().unwrap_or_default(),
            Function::Distinct => {
                Json::from(values.iter().map(Json::to_string).collect::<BTreeSet<_>>().len())
            }
        }
    };
    query.aggregates().iter().map(|(name, aggregate)| (name.clone(), figure(aggregate))).collect()
}

/// The bits of a number that is a multiple of the smallest double, from the lowest.
type Bits = Vec<bool>;

/// The double nearest to the exact sum, the even one of two: all bits of all numbers are written out and added by hand.
fn exact_sum(numbers: &[f64]) -> f64 {
    let total = |is_negative: bool| {
        let same = numbers.iter().filter(|number| (**number < 0.0) == is_negative);
        same.fold(Bits::new(), |sum, number| add(&sum, &bits_of(number.abs())))
    };
    let (plus, minus) = (total(false), total(true));
    // One of the two is not negative.
    let (sign, mut bits) = match subtract(&plus, &minus) {
        Some(difference) => (1.0, difference),
        None => (-1.0, subtract(&minus, &plus).unwrap_or_default()),
    };
    while bits.last() == Some(&false) {
        bits.pop();
    }
    let cut = bits.len().saturating_sub(53);
    let low = bits.drain(..cut).collect::<Bits>();
    let kept = bits.iter().rev().fold(0_u64, |kept, &bit| kept * 2 + u64::from(bit));
    let is_half = low.last() == Some(&true);
    let is_more = low.iter().rev().skip(1).any(|&bit| bit);
    let up = is_half && (is_more || kept % 2 == 1);
    let exponent = cut as i32 - 1074;
    let half = exponent / 2;
    sign * (kept + u64::from(up)) as f64 * 2_f64.powi(half) * 2_f64.powi(exponent - half)
}

fn bits_of(number: f64) -> Bits {
    let (exponent, fraction) = (number.to_bits() >> 52, number.to_bits() % (1 << 52));
    let (zeros, fraction) = if exponent == 0 { (0, fraction) } else { (exponent - 1, fraction + (1 << 52)) };
    let zeros = (0..zeros).map(|_| false);
    zeros.chain((0..53).map(|bit| fraction >> bit & 1 == 1)).collect()
}

fn bit(bits: &Bits, at: usize) -> u8 {
    bits.get(at).copied().unwrap_or_default().into()
}

fn add(a: &Bits, b: &Bits) -> Bits {
    let mut carry = 0;
    let places = 0..=a.len().max(b.len());
    let digit = |at| {
        let sum = bit(a, at) + bit(b, at) + carry;
        carry = sum / 2;
        sum % 2 == 1
    };
    places.map(digit).collect()
}

/// `None` if it would be negative.
fn subtract(a: &Bits, b: &Bits) -> Option<Bits> {
    let mut borrow = 0;
    let places = 0..a.len().max(b.len());
    let digit = |at| {
        let difference = 2 + bit(a, at) - bit(b, at) - borrow;
        borrow = 1 - difference / 2;
        difference % 2 == 1
    };
    let bits = places.map(digit).collect();
    (borrow == 0).then_some(bits)
}
