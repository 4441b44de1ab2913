//! What each operator holds for, by the oracle.

use larder::query::Query;
use larder::query::oracle::matches;
use serde_json::{Value as Json, json};

/// Does a row match a `where`? The id field is `id`.
#[track_caller]
fn check(row: Json, condition: Json, expected: bool) {
    let text = json!({ "from": "file", "where": condition }).to_string();
    let query = Query::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let id = match row.get("id") {
        Some(Json::String(id)) => id.clone(),
        Some(id) => id.to_string(),
        None => "f1".to_owned(),
    };
    assert_eq!(matches(query.filter(), Some(("id", &id)), &row), expected, "{text} for {row}");
}

#[test]
fn a_filter_without_conditions_holds_and_an_empty_or_does_not() {
    check(json!({}), json!({}), true);
    check(json!({}), json!({ "and": [] }), true);
    check(json!({}), json!({ "or": [] }), false);
    check(json!({}), json!({ "not": {} }), false);
    check(json!({}), json!({ "not": { "or": [] } }), true);
    check(json!({}), json!({ "size": {} }), true);
}

#[test]
fn all_entries_of_an_object_must_hold() {
    let row = || json!({ "a": 1, "b": 2 });
    check(row(), json!({ "a": 1, "b": 2 }), true);
    check(row(), json!({ "a": 1, "b": 3 }), false);
    check(row(), json!({ "a": 1, "or": [{ "b": 3 }, { "b": 2 }] }), true);
    check(row(), json!({ "a": 1, "or": [{ "b": 3 }], "not": { "b": 3 } }), false);
    check(row(), json!({ "and": [{ "a": 1 }, { "b": 2 }], "not": { "b": 3 } }), true);
    check(row(), json!({ "and": [{ "a": 1 }, { "b": 3 }] }), false);
    check(row(), json!({ "b": { "gt": 1, "lt": 3 } }), true);
    check(row(), json!({ "b": { "gt": 1, "lt": 2 } }), false);
}

#[test]
fn equal_means_same_type_and_same_value() {
    check(json!({ "a": 1 }), json!({ "a": 1 }), true);
    check(json!({ "a": 1 }), json!({ "a": 1.0 }), true);
    check(json!({ "a": 1 }), json!({ "a": { "eq": "1" } }), false);
    check(json!({ "a": -0.0 }), json!({ "a": 0 }), true);
    check(json!({ "a": 0 }), json!({ "a": -0.0 }), true);
    check(json!({ "a": true }), json!({ "a": true }), true);
    check(json!({ "a": true }), json!({ "a": 1 }), false);
    check(json!({ "a": 0 }), json!({ "a": false }), false);
    check(json!({ "a": "" }), json!({ "a": null }), false);
    check(json!({ "a": "é" }), json!({ "a": "e\u{301}" }), false);
    check(json!({ "a": [1] }), json!({ "a": 1 }), false);
    check(json!({ "a": {} }), json!({ "a": null }), false);
}

#[test]
fn a_missing_field_equals_null() {
    for row in [json!({}), json!({ "a": null })] {
        check(row.clone(), json!({ "a": null }), true);
        check(row.clone(), json!({ "a": { "isNull": true } }), true);
        check(row.clone(), json!({ "a": { "isNull": false } }), false);
        check(row.clone(), json!({ "a": { "ne": null } }), false);
        check(row.clone(), json!({ "a": { "ne": 1 } }), true);
        check(row.clone(), json!({ "a": { "in": [1, null] } }), true);
        check(row.clone(), json!({ "a": { "lt": 1 } }), false);
        check(row, json!({ "a": { "startsWith": "" } }), false);
    }
    check(json!({ "a": false }), json!({ "a": { "isNull": false } }), true);
}

#[test]
fn not_equal_is_the_opposite_of_equal() {
    check(json!({ "a": 1 }), json!({ "a": { "ne": 1 } }), false);
    check(json!({ "a": 1 }), json!({ "a": { "ne": "1" } }), true);
    check(json!({ "a": [] }), json!({ "a": { "ne": null } }), true);
}

#[test]
fn in_holds_for_any_of_its_values() {
    check(json!({ "a": 2 }), json!({ "a": { "in": [1, 2] } }), true);
    check(json!({ "a": 2 }), json!({ "a": { "in": ["2", true] } }), false);
    check(json!({ "a": 2 }), json!({ "a": { "in": [] } }), false);
    check(json!({ "a": 2 }), json!({ "a": { "in": [2] } }), true);
    check(json!({ "a": [2] }), json!({ "a": { "in": [2] } }), false);
}

#[test]
fn comparisons_are_within_numbers_and_within_text() {
    let holds = |value: Json, bound: Json, expected: [bool; 4]| {
        for (operator, expected) in ["lt", "lte", "gt", "gte"].into_iter().zip(expected) {
            check(json!({ "a": value }), json!({ "a": { operator: bound } }), expected);
        }
    };
    holds(json!(1), json!(2), [true, true, false, false]);
    holds(json!(2), json!(2.0), [false, true, false, true]);
    holds(json!(3), json!(2), [false, false, true, true]);
    holds(json!(-0.0), json!(0), [false, true, false, true]);
    holds(json!("10"), json!("9"), [true, true, false, false]);
    holds(json!("a"), json!("B"), [false, false, true, true]);
    // By UTF-8 bytes, which differs from UTF-16 order.
    holds(json!("\u{e000}"), json!("😀"), [true, true, false, false]);
    for value in [json!("1"), json!(true), json!(null), json!([1]), json!({})] {
        holds(value, json!(1), [false; 4]);
    }
    holds(json!(1), json!("1"), [false; 4]);
}

#[test]
fn dotted_paths_go_into_objects_only() {
    let row = || json!({ "meta": { "camera": { "model": "X" }, "list": [{ "model": "Y" }] }, "text": "abc", "a.b": 1 });
    check(row(), json!({ "meta.camera.model": "X" }), true);
    check(row(), json!({ "meta.camera.lens": null }), true);
    check(row(), json!({ "meta.list.model": null }), true);
    check(row(), json!({ "meta.list.0": null }), true);
    check(row(), json!({ "text.length": null }), true);
    check(row(), json!({ "a.b": null }), true);
    check(row(), json!({ "or.else": null }), true);
}

#[test]
fn contains_looks_for_an_equal_element() {
    check(json!({ "a": ["x", 1, null] }), json!({ "a": { "contains": "x" } }), true);
    check(json!({ "a": ["x", 1, null] }), json!({ "a": { "contains": null } }), true);
    check(json!({ "a": ["x", 1] }), json!({ "a": { "contains": "1" } }), false);
    check(json!({ "a": [["x"]] }), json!({ "a": { "contains": "x" } }), false);
    check(json!({ "a": [] }), json!({ "a": { "contains": null } }), false);
    check(json!({ "a": "xyz" }), json!({ "a": { "contains": "x" } }), false);
    check(json!({}), json!({ "a": { "contains": null } }), false);
}

#[test]
fn some_every_and_none_are_about_elements() {
    let row = |elements: Json| json!({ "paths": elements });
    let quantified = |elements: Json, condition: Json, [some, every, none]: [bool; 3]| {
        check(row(elements.clone()), json!({ "paths": { "some": condition } }), some);
        check(row(elements.clone()), json!({ "paths": { "every": condition } }), every);
        check(row(elements), json!({ "paths": { "none": condition } }), none);
    };
    quantified(
        json!([{ "p": "a/b" }, { "p": "c" }]),
        json!({ "p": { "childOf": "a" } }),
        [true, false, false],
    );
    quantified(json!([{ "p": "a/b" }]), json!({ "p": { "childOf": "a" } }), [true, true, false]);
    quantified(json!([{ "p": "x" }]), json!({ "p": { "childOf": "a" } }), [false, false, true]);
    // Not an array, or no elements.
    for empty in [json!([]), json!(null), json!("a/b"), json!({ "p": "a/b" })] {
        quantified(empty, json!({}), [false, true, true]);
    }
    // Elements that are not objects have every field null.
    quantified(json!([1, "x", null, [{ "p": 1 }]]), json!({ "p": null }), [true, true, false]);
    // One element must meet all conditions.
    quantified(
        json!([{ "p": 1, "q": 2 }, { "p": 2, "q": 1 }]),
        json!({ "p": 1, "q": 1 }),
        [false, false, true],
    );
    // Elements within elements.
    let nested = json!({ "inner": { "some": { "x": 1 } } });
    quantified(json!([{ "inner": [{ "x": 1 }] }, { "inner": [] }]), nested, [true, false, false]);
    // An element's `id` is a field like others: a number is not its text.
    quantified(json!([{ "id": 5 }]), json!({ "id": "5" }), [false, false, true]);
}

#[test]
fn text_is_found_by_code_points() {
    check(json!({ "a": "Straße" }), json!({ "a": { "startsWith": "Stra" } }), true);
    check(json!({ "a": "Straße" }), json!({ "a": { "startsWith": "stra" } }), false);
    check(json!({ "a": "Straße" }), json!({ "a": { "includes": "aß" } }), true);
    check(json!({ "a": "Straße" }), json!({ "a": { "includes": "" } }), true);
    check(json!({ "a": "e\u{301}" }), json!({ "a": { "includes": "é" } }), false);
    check(json!({ "a": 5 }), json!({ "a": { "includes": "5" } }), false);
    check(json!({ "a": ["x"] }), json!({ "a": { "includes": "x" } }), false);
    check(json!({ "a": "ab" }), json!({ "a": { "startsWith": "abc" } }), false);
    check(json!({ "a": "abc" }), json!({ "a": { "startsWith": "ab", "includes": "bc" } }), true);
}

#[test]
fn case_is_ignored_by_lowercasing_each_char() {
    let ignoring = |value: &str, operator: &str, wanted: &str, expected: bool| {
        check(json!({ "a": value }), json!({ "a": { operator: wanted, "ignoreCase": true } }), expected);
    };
    ignoring("IMG_1.JPG", "includes", ".jpg", true);
    ignoring("img_1.jpg", "startsWith", "IMG", true);
    ignoring("ÉTÉ", "includes", "té", true);
    ignoring("ΣΊΣΥΦΟΣ", "includes", "φοσ", true);
    // Final sigma and sharp s are their own lowercase.
    ignoring("Σίσυφος", "includes", "ΦΟΣ", false);
    ignoring("STRASSE", "includes", "ß", false);
    // One char may become two, and the match may begin at the second.
    ignoring("İ", "startsWith", "i", true);
    ignoring("İ", "includes", "\u{307}", true);
    ignoring("K", "startsWith", "\u{212a}", true);
    check(json!({ "a": "ABC" }), json!({ "a": { "includes": "b", "ignoreCase": false } }), false);
}

#[test]
fn under_and_child_of_go_by_segments() {
    let below = |path: &str, folder: &str, [under, child]: [bool; 2]| {
        check(json!({ "p": path }), json!({ "p": { "under": folder } }), under);
        check(json!({ "p": path }), json!({ "p": { "childOf": folder } }), child);
    };
    below("a/b", "a", [true, true]);
    below("a/b/c", "a", [true, false]);
    below("a", "a", [false, false]);
    below("ab/c", "a", [false, false]);
    below("/a/b", "a/", [true, true]);
    below("a\\b\\c", "a/b", [true, true]);
    below("a//b", "a", [true, true]);
    below("a/b/", "a", [true, true]);
    below("A/b", "a", [false, false]);
    below("a", "", [true, true]);
    below("a/b", "/", [true, false]);
    below("", "", [false, false]);
    below("C:\\Users\\me", "C:\\", [true, false]);
    below("a", "a/b", [false, false]);
    check(json!({ "p": 5 }), json!({ "p": { "under": "" } }), false);
    check(json!({}), json!({ "p": { "under": "" } }), false);
}

#[test]
fn an_integer_id_is_the_same_as_its_decimal_text() {
    for id in [json!(5), json!("5")] {
        let row = json!({ "id": id });
        check(row.clone(), json!({ "id": 5 }), true);
        check(row.clone(), json!({ "id": "5" }), true);
        check(row.clone(), json!({ "id": "05" }), false);
        check(row.clone(), json!({ "id": 5.5 }), false);
        check(row.clone(), json!({ "id": { "ne": "5" } }), false);
        check(row.clone(), json!({ "id": { "ne": 6 } }), true);
        check(row.clone(), json!({ "id": { "in": ["4", "5"] } }), true);
        check(row.clone(), json!({ "id": { "in": [4, 5] } }), true);
        check(row, json!({ "not": { "id": { "in": [4, "6"] } } }), true);
    }
    // In all else it is a field like others.
    check(json!({ "id": 10 }), json!({ "id": { "gt": 9 } }), true);
    check(json!({ "id": "10" }), json!({ "id": { "gt": 9 } }), false);
}
