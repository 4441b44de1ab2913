//! Merge of bytes, by example and against a model on values.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Rules, merge};
use crate::registry::{FieldMerge, MergePolicy};

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn check_with(base: &str, change: &str, rules: Rules<'_>, expected: &str) {
    let mut out = Vec::new();
    let differs = merge(&mut out, base.as_bytes(), change.as_bytes(), rules);
    assert_eq!(String::from_utf8_lossy(&out), expected);
    assert_eq!(differs, value(base) != value(expected));
}

fn check(base: &str, change: &str, whole: &[&str], expected: &str) {
    let whole: Vec<String> = whole.iter().map(ToString::to_string).collect();
    check_with(base, change, Rules { whole: &whole, ..Rules::DEEP }, expected);
}

/// Merges with one field that has a rule of its own.
fn check_field(policy: MergePolicy, field: (&str, FieldMerge), base: &str, change: &str, expected: &str) {
    let fields = BTreeMap::from([(field.0.to_owned(), field.1)]);
    check_with(base, change, Rules { policy, fields: &fields, whole: &[] }, expected);
}

fn check_union(base: &str, change: &str, expected: &str) {
    let in_field = |array: &str| format!(r#"{{"t":{array}}}"#);
    let (base, change, expected) = (in_field(base), in_field(change), in_field(expected));
    for policy in [MergePolicy::Replace, MergePolicy::Deep] {
        check_field(policy, ("t", FieldMerge::Union), &base, &change, &expected);
    }
}

#[test]
fn members_merge_and_arrays_are_replaced() {
    check(r#"{"a":1,"b":[1,2]}"#, r#"{"b":[3],"c":"x"}"#, &[], r#"{"a":1,"b":[3],"c":"x"}"#);
    check(r#"{"a":{"x":1,"y":2}}"#, r#"{"a":{"y":{"z":3}}}"#, &[], r#"{"a":{"x":1,"y":{"z":3}}}"#);
    check("{}", r#"{"a":null}"#, &[], r#"{"a":null}"#);
    check(r#"{"a" : 1 , "b":2}"#, r#"{"b":3}"#, &[], r#"{"a" : 1,"b":3}"#);
}

#[test]
fn named_fields_are_taken_whole() {
    check(
        r#"{"p":{"x":1},"q":{"x":1}}"#,
        r#"{"p":{"y":2},"q":{"y":2}}"#,
        &["p"],
        r#"{"p":{"y":2},"q":{"x":1,"y":2}}"#,
    );
}

#[test]
fn keys_are_compared_by_text_not_by_spelling() {
    check(r#"{"é":1}"#, r#"{"\u00e9":2}"#, &[], r#"{"é":2}"#);
    check_field(
        MergePolicy::Replace,
        ("é", FieldMerge::Union),
        r#"{"é":[1]}"#,
        r#"{"\u00e9":[2]}"#,
        r#"{"é":[1,2]}"#,
    );
}

#[test]
fn a_union_keeps_each_element_once_in_the_order_in_which_they_first_come() {
    check_union("[1,2]", "[3,1,4,3]", "[1,2,3,4]");
    check_union("[]", "[]", "[]");
    check_union("[1, 2]", "[ 2 ]", "[1,2]");
    check_union("[1,1,2]", "[2]", "[1,2]");
    check_union(r#"[{"id":1},[1],null]"#, r#"[null,{"id":2},[1]]"#, r#"[{"id":1},[1],null,{"id":2}]"#);
}

#[test]
fn elements_of_a_union_are_told_apart_by_what_strings_say_and_by_how_the_rest_is_written() {
    check_union(r#"["é"]"#, r#"["\u00e9","e"]"#, r#"["é","e"]"#);
    check_union(r#"["1"]"#, "[1]", r#"["1",1]"#);
    check_union("[1]", "[1.5,10]", "[1,1.5,10]");
    check_union(r#"["null","[]"]"#, "[null,[]]", r#"["null","[]",null,[]]"#);
}

#[test]
fn what_is_not_two_arrays_is_replaced_in_a_union() {
    check_union("[1]", "null", "null");
    check_union("null", "[1,1]", "[1,1]");
    check_union(r#"{"x":1}"#, r#"{"y":2}"#, r#"{"y":2}"#);
}

#[test]
fn a_field_that_merges_stays_where_the_rest_is_replaced() {
    let base = r#"{"id":1,"gone":2,"meta":{"x":1}}"#;
    let deep = ("meta", FieldMerge::Deep);
    check_field(MergePolicy::Replace, deep, base, r#"{"id":1}"#, r#"{"id":1,"meta":{"x":1}}"#);
    check_field(
        MergePolicy::Replace,
        deep,
        base,
        r#"{"meta":{"y":2},"id":1}"#,
        r#"{"id":1,"meta":{"x":1,"y":2}}"#,
    );
}

#[test]
fn a_field_that_is_replaced_is_taken_whole_where_the_rest_merges() {
    let replace = ("p", FieldMerge::Replace);
    let base = r#"{"p":{"x":1},"q":{"x":1}}"#;
    let change = r#"{"p":{"y":2},"q":{"y":2}}"#;
    check_field(MergePolicy::Deep, replace, base, change, r#"{"p":{"y":2},"q":{"x":1,"y":2}}"#);
    check_field(MergePolicy::Deep, replace, base, "{}", base);
}

#[test]
fn rules_are_for_top_level_fields_only() {
    let union = ("t", FieldMerge::Union);
    check_field(MergePolicy::Deep, union, r#"{"o":{"t":[1]}}"#, r#"{"o":{"t":[2]}}"#, r#"{"o":{"t":[2]}}"#);
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// Values whose text says all there is about them, so that the model may compare values where the merge compares text.
fn arb_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        (0..3).prop_map(|number| json!(number)),
        prop::sample::select(&["", "x", "é\n", "1"][..]).prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            arb_object(inner).prop_map(Value::Object),
        ]
    })
}

fn arb_object(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let field = prop::sample::select(&NAMES[..]).prop_map(str::to_owned);
    prop::collection::btree_map(field, values, 0..4).prop_map(|fields| fields.into_iter().collect())
}

fn arb_fields() -> impl Strategy<Value = BTreeMap<String, FieldMerge>> {
    let rule = prop::sample::select(&[FieldMerge::Replace, FieldMerge::Deep, FieldMerge::Union][..]);
    prop::collection::btree_map(prop::sample::select(&NAMES[..]).prop_map(str::to_owned), rule, 0..4)
}

/// The same merge on values, as the documentation of the policies says it.
fn model(base: &Map<String, Value>, change: &Map<String, Value>, rules: Rules<'_>) -> Map<String, Value> {
    let type_rule = if rules.policy == MergePolicy::Deep { FieldMerge::Deep } else { FieldMerge::Replace };
    let mut row = change.clone();
    for (name, old) in base {
        let is_whole = rules.whole.contains(name);
        let own = rules.fields.get(name).copied().unwrap_or(type_rule);
        let rule = if is_whole { FieldMerge::Replace } else { own };
        let merged = match (rule, old, change.get(name)) {
            (FieldMerge::Replace, old, None) if rules.policy == MergePolicy::Deep => old.clone(),
            (FieldMerge::Replace, _, None) => continue,
            (_, old, None) => old.clone(),
            (FieldMerge::Deep, Value::Object(old), Some(Value::Object(new))) => {
                Value::Object(model(old, new, Rules::DEEP))
            }
            (FieldMerge::Union, Value::Array(old), Some(Value::Array(new))) => {
                let mut union: Vec<Value> = Vec::new();
                for element in old.iter().chain(new) {
                    if !union.contains(element) {
                        union.push(element.clone());
                    }
                }
                Value::Array(union)
            }
            (_, _, Some(new)) => new.clone(),
        };
        row.insert(name.clone(), merged);
    }
    row
}

proptest! {
    #[test]
    fn a_merge_of_bytes_is_the_merge_of_the_values(
        base in arb_object(arb_value()),
        change in arb_object(arb_value()),
        is_deep: bool,
        fields in arb_fields(),
        whole in prop::collection::vec(prop::sample::select(&NAMES[..]).prop_map(str::to_owned), 0..2),
    ) {
        let policy = if is_deep { MergePolicy::Deep } else { MergePolicy::Replace };
        let rules = Rules { policy, fields: &fields, whole: &whole };
        let expected = Value::Object(model(&base, &change, rules));
        let mut out = Vec::new();
        let base = Value::Object(base);
        let differs =
            merge(&mut out, base.to_string().as_bytes(), Value::Object(change).to_string().as_bytes(), rules);
        prop_assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), expected.clone());
        prop_assert_eq!(differs, base != expected);
    }
}
