//! Random filters in JSON.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::rows::{TEXTS, arb_id, arb_number, arb_path, arb_scalar, arb_text};

/// Fields of a row; of an element of an array too, where most of them are missing.
const FIELDS: [&str; 12] = [
    "name",
    "size",
    "size",
    "kind",
    "is_dir",
    "path",
    "meta",
    "meta.rating",
    "meta.camera.model",
    "meta.camera.iso",
    "tag_ids",
    "nowhere",
];

fn arb_bound() -> impl Strategy<Value = Json> {
    prop_oneof![2 => arb_number(), 1 => arb_text()]
}

/// A short text that is in others.
fn arb_part() -> impl Strategy<Value = Json> {
    (prop::sample::select(&TEXTS[..]), 0..3_usize, 1..3_usize)
        .prop_map(|(text, skip, take)| json!(text.chars().skip(skip).take(take).collect::<String>()))
}

/// Beginnings of words of texts, and now and then of none.
pub fn arb_words() -> impl Strategy<Value = Json> {
    let word = (prop::sample::select(&TEXTS[..]), 0..3_usize, 1..12_usize).prop_map(|(text, skip, take)| {
        let word = text.split([' ', '.', '-']).nth(skip).unwrap_or(text);
        word.chars().take(take).collect::<String>()
    });
    prop::collection::vec(word, 0..3).prop_map(|words| json!(words.join(" ")))
}

/// A match in several fields, as in a query's `where`.
pub fn arb_match() -> impl Strategy<Value = Json> {
    let fields = prop::collection::vec(
        prop::sample::select(vec!["name", "name", "kind", "path", "meta.camera.model"]),
        1..4,
    );
    (arb_words(), fields).prop_map(|(text, fields)| json!({ "match": { "text": text, "fields": fields } }))
}

/// One operator with its operand, for a field without elements.
fn arb_operator() -> impl Strategy<Value = (&'static str, Json)> {
    prop_oneof![
        2 => arb_scalar().prop_map(|value| ("eq", value)),
        1 => arb_scalar().prop_map(|value| ("ne", value)),
        1 => arb_bound().prop_map(|value| ("lt", value)),
        1 => arb_bound().prop_map(|value| ("lte", value)),
        1 => arb_bound().prop_map(|value| ("gt", value)),
        1 => arb_bound().prop_map(|value| ("gte", value)),
        1 => prop::collection::vec(arb_scalar(), 0..4).prop_map(|values| ("in", Json::Array(values))),
        1 => any::<bool>().prop_map(|value| ("isNull", json!(value))),
        1 => arb_scalar().prop_map(|value| ("contains", value)),
        1 => arb_part().prop_map(|value| ("startsWith", value)),
        1 => arb_part().prop_map(|value| ("includes", value)),
        2 => arb_words().prop_map(|value| ("match", value)),
        1 => arb_path().prop_map(|value| ("under", value)),
        1 => arb_path().prop_map(|value| ("childOf", value)),
    ]
}

fn arb_operators() -> impl Strategy<Value = Json> {
    (prop::collection::vec(arb_operator(), 1..3), prop::option::of(any::<bool>())).prop_map(
        |(operators, ignore_case)| {
            let mut object: Map<String, Json> =
                operators.into_iter().map(|(operator, operand)| (operator.to_owned(), operand)).collect();
            let has_text = object.contains_key("startsWith") || object.contains_key("includes");
            if let Some(ignore_case) = ignore_case.filter(|_| has_text) {
                object.insert("ignoreCase".to_owned(), json!(ignore_case));
            }
            Json::Object(object)
        },
    )
}

/// Conditions on one field: (field, scalar or operators).
fn arb_field() -> impl Strategy<Value = (String, Json)> {
    let field = prop::sample::select(&FIELDS[..]).prop_map(str::to_owned);
    let on_field = (field, prop_oneof![1 => arb_scalar(), 3 => arb_operators()]);
    // Values that fit the field, so that equalities hold now and then.
    let fitting = prop_oneof![
        prop::sample::select(vec!["image", "folder", "text"])
            .prop_map(|kind| ("kind".to_owned(), json!(kind))),
        any::<bool>().prop_map(|value| ("is_dir".to_owned(), json!(value))),
        arb_text().prop_map(|value| ("tag_ids".to_owned(), json!({ "contains": value }))),
        arb_path().prop_map(|value| ("path".to_owned(), json!({ "childOf": value }))),
        arb_text().prop_map(|value| ("name".to_owned(), value)),
    ];
    let on_id = prop_oneof![
        2 => arb_id(),
        1 => arb_id().prop_map(|id| json!({ "ne": id })),
        1 => prop::collection::vec(arb_id(), 0..4).prop_map(|ids| json!({ "in": ids })),
        1 => arb_bound().prop_map(|bound| json!({ "gte": bound })),
    ]
    .prop_map(|test| ("id".to_owned(), test));
    prop_oneof![5 => on_field, 4 => fitting, 1 => on_id]
}

/// A filter, as in a query's `where`.
pub fn arb_where() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        8 => arb_field().prop_map(|(field, test)| json!({ field: test })),
        1 => arb_match(),
        1 => Just(json!({})),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4);
        let array = prop::sample::select(vec!["alternate_paths", "alternate_paths", "tag_ids", "name"]);
        let quantifier = prop::sample::select(vec!["some", "every", "none"]);
        prop_oneof![
            2 => list.clone().prop_map(|all| json!({ "and": all })),
            2 => list.clone().prop_map(|any| json!({ "or": any })),
            1 => inner.clone().prop_map(|not| json!({ "not": not })),
            2 => (array, quantifier, inner.clone()).prop_map(|(array, count, inner)| json!({ array: { count: inner } })),
            // Everything beside everything, and fields that are there twice, in different objects.
            2 => (prop::collection::vec(arb_field(), 0..3), list, inner).prop_map(|(fields, any, not)| {
                let mut object: Map<String, Json> = fields.into_iter().collect();
                object.insert("or".to_owned(), Json::Array(any.clone()));
                object.insert("not".to_owned(), not);
                object.insert("and".to_owned(), Json::Array(any));
                Json::Object(object)
            }),
        ]
    })
}
