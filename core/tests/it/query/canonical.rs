//! Equal queries have equal text, and the text is a query again.

use larder::query::{Query, Window, oracle};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::oracle::{ID_FIELD, arb_query_json, arb_row, arb_spelling, id_text};

#[track_caller]
fn check(json: &str, canonical: &str) {
    let query = Query::parse(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(query.canonical(), canonical);
    assert_eq!(Query::parse(canonical).expect(canonical).canonical(), canonical);
}

#[test]
fn the_canonical_text_leaves_out_what_says_nothing() {
    check(r#"{ "from" : "file" }"#, r#"{"from":"file"}"#);
    check(r#"{"orderBy":[],"where":{},"offset":0,"from":"file"}"#, r#"{"from":"file"}"#);
    check(
        r#"{"where":{"b":{"eq":1},"a":{"isNull":true}},"limit":10,"from":"file","orderBy":[{"x":{"dir":"asc"}},{"y":{}}]}"#,
        r#"{"from":"file","limit":10,"orderBy":[{"x":"asc"},{"y":"asc"}],"where":{"a":null,"b":1}}"#,
    );
    check(
        r#"{"from":"file","orderBy":[{"x":{"nulls":"last","dir":"desc"}},{"y":{"nulls":"first","dir":"desc","collate":"natural"}}]}"#,
        r#"{"from":"file","orderBy":[{"x":"desc"},{"y":{"collate":"natural","dir":"desc","nulls":"first"}}]}"#,
    );
    check(
        r#"{"from":"file","after":{"values":[],"id":12},"offset":2}"#,
        r#"{"after":{"id":"12","values":[]},"from":"file","offset":2}"#,
    );
    check(
        r#"{"from":"file","orderBy":[{"a":"asc"},{"b":"asc"}],"after":{"values":[{"x":1},-0.0],"id":"f"}}"#,
        r#"{"after":{"id":"f","values":[[],0]},"from":"file","orderBy":[{"a":"asc"},{"b":"asc"}]}"#,
    );
}

#[test]
fn numbers_are_written_as_javascript_writes_them() {
    for (number, written) in
        [("10", "10"), ("10.0", "10"), ("1e2", "100"), ("-0", "0"), ("1.5", "1.5"), ("1e300", "1e+300")]
    {
        let (query, canonical) = (
            format!(r#"{{"from":"f","where":{{"a":{number}}}}}"#),
            format!(r#"{{"from":"f","where":{{"a":{written}}}}}"#),
        );
        check(&query, &canonical);
    }
    let limit = format!(r#"{{"from":"f","limit":{}}}"#, (1_u64 << 53) - 1);
    check(&limit, &format!(r#"{{"from":"f","limit":{}}}"#, u32::MAX));
    check(r#"{"from":"f","limit":10.0}"#, r#"{"from":"f","limit":10}"#);
}

#[test]
fn conditions_are_sorted_flattened_and_said_once() {
    let check_where = |condition: &str, canonical: &str| {
        check(
            &format!(r#"{{"from":"f","where":{condition}}}"#),
            &format!(r#"{{"from":"f","where":{canonical}}}"#),
        );
    };
    check_where(r#"{"and":[{"b":1},{"and":[{"a":2}]},{"b":1}]}"#, r#"{"a":2,"b":1}"#);
    check_where(r#"{"or":[{"or":[{"b":1}]},{"a":2},{"or":[]}]}"#, r#"{"or":[{"a":2},{"b":1}]}"#);
    check_where(r#"{"or":[{"a":2}]}"#, r#"{"a":2}"#);
    check_where(r#"{"a":{"gt":1},"and":[{"a":{"lt":5}}]}"#, r#"{"a":{"gt":1,"lt":5}}"#);
    check_where(r#"{"a":{"in":[3,1,2,1]}}"#, r#"{"a":{"in":[1,2,3]}}"#);
    check_where(r#"{"a":{"in":["x"]}}"#, r#"{"a":"x"}"#);
    check_where(
        r#"{"a":{"includes":"ÀB","ignoreCase":true}}"#,
        r#"{"a":{"ignoreCase":true,"includes":"àb"}}"#,
    );
    check_where(r#"{"a":{"includes":"AB","ignoreCase":false}}"#, r#"{"a":{"includes":"AB"}}"#);
    // What does not fit into one object goes into `and`.
    check_where(r#"{"and":[{"a":2},{"a":1}]}"#, r#"{"a":1,"and":[{"a":2}]}"#);
    check_where(
        r#"{"a":{"includes":"x","ignoreCase":true},"and":[{"a":{"startsWith":"Y"}}]}"#,
        r#"{"a":{"startsWith":"Y"},"and":[{"a":{"ignoreCase":true,"includes":"x"}}]}"#,
    );
    check_where(
        r#"{"and":[{"or":[{"a":1},{"b":1}]},{"or":[{"c":1},{"d":1}]}]}"#,
        r#"{"and":[{"or":[{"c":1},{"d":1}]}],"or":[{"a":1},{"b":1}]}"#,
    );
}

#[test]
fn queries_that_differ_in_their_windows_share_the_rest() {
    let query =
        Query::parse(r#"{"from":"f","where":{"a":1},"orderBy":[{"b":"asc"}],"limit":5}"#).expect("valid");
    let other = query.clone().with_window(Window::parse(r#"{"offset":5}"#).expect("valid")).expect("fits");
    assert_ne!(query, other);
    assert_eq!(query.canonical_of_order(), other.canonical_of_order());
    let whole = query.clone().with_window(Window::default()).expect("fits");
    assert_eq!(whole.canonical(), query.canonical_of_order());
}

#[test]
fn windows_are_written_as_they_are_read() {
    for json in [
        "{}",
        r#"{"limit":5}"#,
        r#"{"after":{"id":"x","values":[null,true,1.5,"t",[]]},"limit":0,"offset":7}"#,
    ] {
        let window = Window::parse(json).expect(json);
        assert_eq!(serde_json::to_string(&window).expect("writes"), json);
        assert_eq!(serde_json::from_str::<Window>(json).expect(json), window);
    }
}

/// Other JSON for the same query: entries of objects and of `and`, `or` and `in` lists in another order, some conditions twice.
fn reworded(json: &Json, seed: usize) -> Json {
    match json {
        Json::Object(entries) => entries
            .iter()
            .map(|(key, value)| {
                let value = reworded(value, seed / 2);
                let value = match (key.as_str(), value) {
                    ("and" | "or" | "in", Json::Array(mut list)) => {
                        list.reverse();
                        if let Some(first) = list.first().cloned().filter(|_| seed % 2 == 1) {
                            list.push(first);
                        }
                        Json::Array(list)
                    }
                    (_, value) => value,
                };
                (key.clone(), value)
            })
            .collect(),
        Json::Array(list) => list.iter().map(|item| reworded(item, seed / 2)).collect(),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn the_canonical_text_is_the_same_query(json in arb_query_json(), spelling in arb_spelling()) {
        let query = Query::parse(json.to_string()).expect("valid");
        let again = Query::parse(query.canonical()).expect("the canonical text is a query");
        prop_assert_eq!(again.canonical(), query.canonical());
        prop_assert_eq!(again.filter(), query.filter());
        prop_assert_eq!(again.order_by(), query.order_by());
        prop_assert_eq!(again.window(), query.window());
        // Spelling and serde make no difference.
        let spelled = spelling.write(&json);
        prop_assert_eq!(&Query::parse(&spelled).expect("valid"), &query);
        prop_assert_eq!(&serde_json::from_str::<Query>(&spelled).expect("valid"), &query);
        prop_assert_eq!(&serde_json::from_value::<Query>(json).expect("valid"), &query);
        prop_assert_eq!(serde_json::to_string(&query).expect("writes"), query.canonical());
    }

    #[test]
    fn the_order_of_conditions_makes_no_difference(json in arb_query_json(), seed in any::<usize>()) {
        // Only conditions: the order of `orderBy` and of a cursor's values has a meaning.
        let mut other = json.clone();
        if let Some(condition) = json.get("where") {
            other["where"] = reworded(condition, seed);
        }
        prop_assert_eq!(Query::parse(other.to_string()), Query::parse(json.to_string()));
    }

    #[test]
    fn the_normal_form_means_what_was_written(json in arb_query_json(), rows in prop::collection::vec(arb_row(), 1..12)) {
        // The `where` taken apart by hand, entry by entry, against the normal form as a whole.
        let Some(condition) = json.get("where") else { return Ok(()) };
        for row in &rows {
            let id = id_text(row);
            let query = Query::parse(json.to_string()).expect("valid");
            prop_assert_eq!(oracle::matches(query.filter(), Some((ID_FIELD, &id)), row), holds(condition, row, &id));
        }
    }

    #[test]
    fn spelling_ids_both_ways_is_what_the_oracle_means(json in arb_query_json(), rows in prop::collection::vec(arb_row(), 1..12)) {
        let query = Query::parse(json.to_string()).expect("valid");
        let both = query.filter().with_both_id_spellings(ID_FIELD);
        for row in &rows {
            let id = id_text(row);
            prop_assert_eq!(oracle::matches(&both, None, row), oracle::matches(query.filter(), Some((ID_FIELD, &id)), row));
        }
    }
}

/// A `where`, by its structure in JSON; single operators by the oracle.
fn holds(condition: &Json, row: &Json, id: &str) -> bool {
    let entries = condition.as_object().expect("an object");
    entries.iter().all(|(key, value)| match (key.as_str(), value) {
        ("and", Json::Array(parts)) => parts.iter().all(|part| holds(part, row, id)),
        ("or", Json::Array(parts)) => parts.iter().any(|part| holds(part, row, id)),
        ("not", part) => !holds(part, row, id),
        ("match", test) => single(key, test, row, id),
        (field, Json::Object(operators)) => {
            let ignore_case = operators.get("ignoreCase");
            operators.iter().filter(|(operator, _)| *operator != "ignoreCase").all(|(operator, operand)| {
                let mut test = json!({ operator: operand });
                if let Some(ignore_case) =
                    ignore_case.filter(|_| ["startsWith", "includes"].contains(&operator.as_str()))
                {
                    test["ignoreCase"] = ignore_case.clone();
                }
                single(field, &test, row, id)
            })
        }
        (field, scalar) => single(field, scalar, row, id),
    })
}

fn single(field: &str, test: &Json, row: &Json, id: &str) -> bool {
    let query = json!({ "from": "file", "where": { field: test } }).to_string();
    let query = Query::parse(&query).unwrap_or_else(|error| panic!("{error}: {query}"));
    oracle::matches(query.filter(), Some((ID_FIELD, id)), row)
}
