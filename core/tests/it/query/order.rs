//! The order of rows, by the oracle, and that the fast comparisons agree with it.

use larder::query::oracle::evaluate;
use larder::query::{OrderKey, Query, Value, natural_cmp};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::cmp::Ordering;

use crate::oracle::{arb_order_by, arb_row};

fn query(order_by: Json) -> Query {
    Query::parse(json!({ "from": "file", "orderBy": order_by }).to_string()).expect("valid")
}

/// Rows with these values of `a`, and the ids `0`, `1`, …, in the order of a query: the indexes.
fn ordered(order_by: Json, values: &[Json]) -> Vec<usize> {
    let rows: Vec<Json> = values.iter().map(|value| json!({ "a": value })).collect();
    let ids: Vec<String> = (0..rows.len()).map(|index| format!("{index:03}")).collect();
    let result = evaluate(&query(order_by), "id", ids.iter().map(String::as_str).zip(&rows));
    result.ids.iter().map(|id| id.parse().expect("an index")).collect()
}

/// These values are in ascending order as they stand.
#[track_caller]
fn check_order(key: Json, values: &[Json]) {
    let backwards: Vec<Json> = values.iter().rev().cloned().collect();
    let expected: Vec<usize> = (0..values.len()).rev().collect();
    assert_eq!(ordered(json!([{ "a": key }]), &backwards), expected);
}

#[test]
fn types_come_in_a_fixed_order() {
    let values = [
        json!(null),
        json!(false),
        json!(true),
        json!(-1),
        json!(0.5),
        json!(2),
        json!(""),
        json!("2"),
        json!([0]),
    ];
    check_order(json!("asc"), &values);
    let mut descending = values.to_vec();
    descending.reverse();
    check_order(json!("desc"), &descending);
}

#[test]
fn null_goes_where_the_key_says_whatever_the_direction() {
    let (null, one, two) = (json!(null), json!(1), json!("x"));
    check_order(json!({ "dir": "asc" }), &[null.clone(), one.clone(), two.clone()]);
    check_order(json!({ "dir": "asc", "nulls": "last" }), &[one.clone(), two.clone(), null.clone()]);
    check_order(json!({ "dir": "desc" }), &[two.clone(), one.clone(), null.clone()]);
    check_order(json!({ "dir": "desc", "nulls": "first" }), &[null, two, one]);
}

#[test]
fn equal_rows_go_by_the_bytes_of_their_ids_in_either_direction() {
    let row = json!({ "a": 1 });
    let ids = ["b", "a", "10", "9", "é", "B"];
    for direction in ["asc", "desc"] {
        let result = evaluate(&query(json!([{ "a": direction }])), "id", ids.map(|id| (id, &row)));
        assert_eq!(result.ids, ["10", "9", "B", "a", "b", "é"]);
    }
    let rows: Vec<Json> = vec![json!([1]), json!({ "x": 1 }), json!([]), json!({})];
    assert_eq!(ordered(json!([{ "a": "desc" }]), &rows), [0, 1, 2, 3], "arrays and objects are equal");
    assert_eq!(ordered(json!([{ "a": "desc" }]), &[json!(-0.0), json!(0), json!(0.0)]), [0, 1, 2]);
}

#[test]
fn later_keys_decide_where_earlier_ones_are_equal() {
    let rows = [json!({ "a": 1, "b": 1 }), json!({ "a": 0, "b": 1 }), json!({ "a": 1, "b": 2 })];
    let result = evaluate(
        &query(json!([{ "a": "desc" }, { "b": "desc" }])),
        "id",
        ["0", "1", "2"].into_iter().zip(&rows),
    );
    assert_eq!(result.ids, ["2", "0", "1"]);
}

#[test]
fn byte_order_is_that_of_utf8() {
    check_order(json!("asc"), &["", "10", "9", "A", "B", "a", "é", "\u{e000}", "😀"].map(|text| json!(text)));
}

#[test]
fn natural_order_sorts_names_as_people_do() {
    let names = [
        "",
        " x",
        ".hidden",
        "0",
        "1a",
        "2",
        "02b",
        "10",
        "9999999999999999999998",
        "9999999999999999999999",
        "_x",
        "a",
        "a 1",
        "A1",
        "a1b",
        "a2",
        "a10",
        "aB",
        "abc1.txt",
        "ABC2.txt",
        "abc10.txt",
        "IMG_9",
        "img_10",
        "z",
        "É",
        "éa",
        "名",
    ];
    check_order(json!({ "collate": "natural" }), &names.map(|text| json!(text)));
}

#[test]
fn natural_order_sees_no_case_and_no_leading_zeros() {
    for (a, b) in
        [("a1", "A01"), ("007", "7"), ("0", "000"), ("İ1", "i\u{307}1"), ("ÀÉ", "àé"), ("K2", "\u{212a}02")]
    {
        assert_eq!(natural_cmp(a, b), Ordering::Equal, "{a} {b}");
        assert_eq!(
            ordered(json!([{ "a": { "collate": "natural" } }]), &[json!(b), json!(a)]),
            [0, 1],
            "{a} {b}"
        );
    }
    // Only ASCII digits are numbers.
    assert_eq!(natural_cmp("٣", "٢0"), Ordering::Greater);
    // A number is compared as a whole, not digit by digit.
    assert_eq!(natural_cmp("1.10", "1.9"), Ordering::Greater);
    assert_eq!(natural_cmp("00", "0a"), Ordering::Less);
}

fn key(order_by: &Json) -> Option<OrderKey> {
    query(order_by.clone()).order_by().first().cloned()
}

proptest! {
    #[test]
    fn comparing_values_agrees_with_the_oracle(order_by in arb_order_by(), a in arb_row(), b in arb_row()) {
        let Some(key) = key(&order_by) else { return Ok(()) };
        let pointer: String = key.path.segments().iter().map(|segment| format!("/{segment}")).collect();
        let (x, y) = (a.pointer(&pointer).unwrap_or(&Json::Null), b.pointer(&pointer).unwrap_or(&Json::Null));
        // Ids the wrong way round, so that equality shows.
        let first_key = query(json!([order_by[0].clone()]));
        let forward = evaluate(&first_key, "id", [("1", &a), ("2", &b)]).ids;
        let backward = evaluate(&first_key, "id", [("2", &a), ("1", &b)]).ids;
        let expected = match (forward[0].as_str(), backward[0].as_str()) {
            ("1", "2") => Ordering::Less,
            ("2", "1") => Ordering::Greater,
            _ => Ordering::Equal,
        };
        prop_assert_eq!(key.compare(&Value::from(x), &Value::from(y)), expected);
    }
}
