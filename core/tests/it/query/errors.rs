//! Queries that are refused: what kind of error, at which place.

use larder::query::{
    MAX_CONDITIONS, MAX_FILTER_DEPTH, MAX_LIST_VALUES, Query, QueryError, Window, asc, field,
};

#[track_caller]
fn check(json: &str, kind: &str, in_message: &str) {
    let error = Query::parse(json).expect_err(json);
    assert_eq!((error.kind(), true), (kind, error.to_string().contains(in_message)), "{json}\n{error}");
}

/// The same, for a `where`.
#[track_caller]
fn check_where(condition: &str, kind: &str, in_message: &str) {
    check(&format!(r#"{{"from":"file","where":{condition}}}"#), kind, in_message);
}

#[test]
fn what_is_not_json_is_refused() {
    for json in [
        "",
        "{",
        r#"{"from":"file"}}"#,
        r#"{"from":"file"} x"#,
        "{from:1}",
        r#"{"from":"file","limit":1e999}"#,
    ] {
        check(json, "query.malformed_json", "not JSON");
    }
    let error = Query::parse(b"{\"from\":\"\xff\"}").expect_err("not UTF-8");
    assert_eq!(error.kind(), "query.malformed_json");
}

#[test]
fn a_query_is_an_object_with_known_keys() {
    check("[]", "query.wrong_type", "the query");
    check("null", "query.wrong_type", "not null");
    check("{}", "query.missing", "`from`");
    check(r#"{"from":""}"#, "query.missing", "`from`");
    check(r#"{"from":null}"#, "query.wrong_type", "`from` must be a string, not null");
    check(r#"{"from":"file","select":{}}"#, "query.unknown_key", "`select`");
    check(r#"{"from":"file","orderby":[]}"#, "query.unknown_key", "orderBy");
    check(r#"{"from":"file","from":"tag"}"#, "query.duplicate_key", "`from`");
    check(
        r#"{"from":"file","where":[]}"#,
        "query.wrong_type",
        "`where` must be an object of conditions, not an array",
    );
    check(r#"{"from":"file","where":null}"#, "query.wrong_type", "`where`");
}

#[test]
fn operators_and_operands_are_refused_with_their_place() {
    check_where(r#"{"size":{"gtt":1}}"#, "query.unknown_operator", "`where.size.gtt`");
    check_where(r#"{"size":{"constructor":1}}"#, "query.unknown_operator", "`where.size.constructor`");
    check_where(r#"{"size":[1]}"#, "query.wrong_type", "`where.size`");
    check_where(r#"{"size":{"eq":[1]}}"#, "query.wrong_type", "`where.size.eq`");
    check_where(r#"{"size":{"ne":{}}}"#, "query.wrong_type", "`where.size.ne`");
    check_where(
        r#"{"size":{"gt":true}}"#,
        "query.wrong_type",
        "`where.size.gt` must be a number or a string",
    );
    check_where(r#"{"size":{"lte":null}}"#, "query.wrong_type", "`where.size.lte`");
    check_where(r#"{"size":{"in":5}}"#, "query.wrong_type", "`where.size.in`");
    check_where(r#"{"size":{"in":[1,[]]}}"#, "query.wrong_type", "`where.size.in[1]`");
    check_where(r#"{"size":{"isNull":1}}"#, "query.wrong_type", "`where.size.isNull`");
    check_where(r#"{"tags":{"contains":{}}}"#, "query.wrong_type", "`where.tags.contains`");
    check_where(r#"{"tags":{"some":1}}"#, "query.wrong_type", "`where.tags.some`");
    check_where(r#"{"tags":{"some":{"x":{"gtt":1}}}}"#, "query.unknown_operator", "`where.tags.some.x.gtt`");
    check_where(r#"{"name":{"startsWith":1}}"#, "query.wrong_type", "`where.name.startsWith`");
    check_where(r#"{"name":{"includes":null}}"#, "query.wrong_type", "`where.name.includes`");
    check_where(r#"{"name":{"under":1}}"#, "query.wrong_type", "`where.name.under`");
    check_where(r#"{"name":{"childOf":[]}}"#, "query.wrong_type", "`where.name.childOf`");
    check_where(r#"{"and":{}}"#, "query.wrong_type", "`where.and`");
    check_where(r#"{"or":[{},1]}"#, "query.wrong_type", "`where.or[1]`");
    check_where(r#"{"not":[]}"#, "query.wrong_type", "`where.not`");
    check_where(r#"{"or":[{"not":{"size":{"x":1}}}]}"#, "query.unknown_operator", "`where.or[0].not.size.x`");
    check_where(r#"{"size":{"and":[]}}"#, "query.unknown_operator", "`where.size.and`");
}

#[test]
fn keys_that_come_twice_are_refused() {
    check_where(r#"{"size":1,"size":2}"#, "query.duplicate_key", "`where.size`");
    check_where(r#"{"size":{"gt":1,"gt":2}}"#, "query.duplicate_key", "`where.size.gt`");
    check_where(r#"{"size":{"gt":1,"\u0067t":2}}"#, "query.duplicate_key", "`where.size.gt`");
}

#[test]
fn ignore_case_needs_a_text_operator_beside_it() {
    check_where(r#"{"name":{"ignoreCase":true}}"#, "query.lone_modifier", "`where.name.ignoreCase`");
    check_where(r#"{"name":{"ignoreCase":false}}"#, "query.lone_modifier", "`where.name.ignoreCase`");
    check_where(r#"{"name":{"eq":"a","ignoreCase":true}}"#, "query.lone_modifier", "`where.name.ignoreCase`");
    check_where(r#"{"name":{"includes":"a","ignoreCase":1}}"#, "query.wrong_type", "`where.name.ignoreCase`");
}

#[test]
fn paths_with_empty_parts_are_refused() {
    for path in ["", ".", "a.", ".a", "a..b"] {
        check_where(&format!(r#"{{"{path}":1}}"#), "query.invalid_field_path", "`where.");
        check(
            &format!(r#"{{"from":"file","orderBy":[{{"{path}":"asc"}}]}}"#),
            "query.invalid_field_path",
            "`orderBy[0].",
        );
    }
}

#[test]
fn orders_are_refused_with_their_place() {
    let check_order = |order: &str, kind: &str, place: &str| {
        check(&format!(r#"{{"from":"file","orderBy":{order}}}"#), kind, place)
    };
    check_order(r#"{"name":"asc"}"#, "query.wrong_type", "`orderBy`");
    check_order(r#"["name"]"#, "query.wrong_type", "`orderBy[0]`");
    check_order(r#"[{}]"#, "query.wrong_type", "`orderBy[0]`");
    check_order(r#"[{"a":"asc"},{"b":"asc","c":"asc"}]"#, "query.wrong_type", "`orderBy[1]`");
    check_order(r#"[{"a":"up"}]"#, "query.wrong_type", "`orderBy[0].a` must be \"asc\" or \"desc\"");
    check_order(r#"[{"a":1}]"#, "query.wrong_type", "not a number");
    check_order(r#"[{"a":{"dir":"ASC"}}]"#, "query.wrong_type", "`orderBy[0].a.dir`");
    check_order(r#"[{"a":{"nulls":"top"}}]"#, "query.wrong_type", "`orderBy[0].a.nulls`");
    check_order(r#"[{"a":{"collate":"nocase"}}]"#, "query.wrong_type", "`orderBy[0].a.collate`");
    check_order(r#"[{"a":{"direction":"asc"}}]"#, "query.unknown_key", "`orderBy[0].a.direction`");
    let many: Vec<String> = (0..33).map(|key| format!(r#"{{"k{key}":"asc"}}"#)).collect();
    check_order(&format!("[{}]", many.join(",")), "query.too_large", "order keys");
}

#[test]
fn windows_are_refused_with_their_place() {
    for limit in ["-1", "1.5", "\"10\"", "null", "true", "[]"] {
        check(&format!(r#"{{"from":"file","limit":{limit}}}"#), "query.wrong_type", "`limit`");
        check(&format!(r#"{{"from":"file","offset":{limit}}}"#), "query.wrong_type", "`offset`");
    }
    let check_after = |after: &str, kind: &str, place: &str| {
        check(&format!(r#"{{"from":"file","orderBy":[{{"name":"asc"}}],"after":{after}}}"#), kind, place);
    };
    check_after("null", "query.wrong_type", "`after`");
    check_after(r#"{"values":["a"]}"#, "query.missing", "`after.id`");
    check_after(r#"{"id":"a"}"#, "query.missing", "`after.values`");
    check_after(r#"{"values":"a","id":"a"}"#, "query.wrong_type", "`after.values`");
    check_after(r#"{"values":["a"],"id":null}"#, "query.wrong_type", "`after.id`");
    check_after(r#"{"values":["a"],"id":1.5}"#, "query.wrong_type", "`after.id`");
    check_after(r#"{"values":["a"],"id":"a","key":1}"#, "query.unknown_key", "`after.key`");
    check_after(r#"{"values":[],"id":"a"}"#, "query.cursor_mismatch", "0 values and `orderBy` has 1");
    check_after(r#"{"values":["a",1],"id":"a"}"#, "query.cursor_mismatch", "2 values");
    assert_eq!(
        Window::parse(r#"{"limit":1,"where":{}}"#).map_err(|error| error.kind()),
        Err("query.unknown_key")
    );
}

fn nested(levels: usize) -> String {
    format!(r#"{{"from":"file","where":{}{{"a":1}}{}}}"#, r#"{"not":"#.repeat(levels), "}".repeat(levels))
}

#[test]
fn nesting_is_limited() {
    assert!(Query::parse(nested(MAX_FILTER_DEPTH - 1)).is_ok());
    check(&nested(MAX_FILTER_DEPTH), "query.too_deep", "32");
    for levels in [90, 100, 127, 128, 1_000, 200_000] {
        check(&nested(levels), "query.too_deep", "32");
    }
    let elements =
        format!(r#"{{"from":"file","where":{}{{}}{}}}"#, r#"{"a":{"some":"#.repeat(33), "}}".repeat(33));
    check(&elements, "query.too_deep", "32");
    check(&"[".repeat(1_000_000), "query.too_deep", "32");
    // Nesting that says nothing does not count.
    let same =
        format!(r#"{{"from":"file","where":{}{{"a":1}}{}}}"#, r#"{"and":["#.repeat(40), "]}".repeat(40));
    assert_eq!(Query::parse(same), Query::parse(r#"{"from":"file","where":{"a":1}}"#));
}

#[test]
fn the_number_of_parts_is_limited() {
    let any = |count: usize| {
        let parts: Vec<String> = (0..count).map(|number| format!(r#"{{"a":{number}}}"#)).collect();
        format!(r#"{{"from":"file","where":{{"or":[{}]}}}}"#, parts.join(","))
    };
    assert!(Query::parse(any(MAX_CONDITIONS - 1)).is_ok());
    check(&any(MAX_CONDITIONS), "query.too_large", "1000 conditions");
    let list = |count: usize| {
        let values: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        format!(r#"{{"from":"file","where":{{"a":{{"in":[{}]}}}}}}"#, values.join(","))
    };
    assert!(Query::parse(list(MAX_LIST_VALUES)).is_ok());
    check(&list(MAX_LIST_VALUES + 1), "query.too_large", "10000 values");
    check(&list(70_000), "query.too_large", "JSON values");
}

#[test]
fn the_builder_refuses_what_json_cannot_say() {
    let kind = |filter| Query::from("file").filter(filter).build().map_err(|error| error.kind());
    assert_eq!(kind(field("a..b").eq(1)), Err("query.invalid_field_path"));
    assert_eq!(kind(field("or").eq(1)), Err("query.invalid_field_path"));
    assert_eq!(kind(field("a").eq(f64::NAN)), Err("query.not_finite"));
    assert_eq!(kind(field("a").lt(f64::INFINITY)), Err("query.not_finite"));
    assert_eq!(kind(field("a").is_in([1.0, f64::NAN])), Err("query.not_finite"));
    let deep = (0..10_000).fold(field("a").eq(1), |inner, _| !inner);
    assert_eq!(kind(deep), Err("query.too_deep"));
    assert_eq!(Query::from("").build().map_err(|error| error.kind()), Err("query.missing"));
    assert_eq!(
        Query::from("file").order_by(asc("")).build().map_err(|error| error.kind()),
        Err("query.invalid_field_path")
    );
    let cursor = Query::from("file").order_by(asc("a")).after(["x", "y"], "id").build();
    assert_eq!(cursor, Err(QueryError::CursorMismatch { expected: 1, found: 2 }));
}
