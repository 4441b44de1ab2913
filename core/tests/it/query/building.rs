//! Queries from Rust say the same as queries from JSON.

use larder::query::{Filter, Query, QueryBuilder, asc, desc, field};

#[track_caller]
fn check(builder: QueryBuilder, json: &str) {
    let query = builder.build().expect("valid");
    assert_eq!(query, Query::parse(json).expect(json));
}

#[track_caller]
fn check_where(filter: Filter, condition: &str) {
    check(Query::from("file").filter(filter), &format!(r#"{{"from":"file","where":{condition}}}"#));
}

#[test]
fn every_operator_can_be_built() {
    check_where(field("a").eq("x"), r#"{"a":"x"}"#);
    check_where(field("a").eq(None::<bool>), r#"{"a":null}"#);
    check_where(field("a").ne(true), r#"{"a":{"ne":true}}"#);
    check_where(field("a").lt(1), r#"{"a":{"lt":1}}"#);
    check_where(field("a").lte("x"), r#"{"a":{"lte":"x"}}"#);
    check_where(field("a").gt(1.5), r#"{"a":{"gt":1.5}}"#);
    check_where(field("a").gte(7_u64), r#"{"a":{"gte":7}}"#);
    check_where(field("a").is_in(["x", "y"]), r#"{"a":{"in":["x","y"]}}"#);
    check_where(field("a").is_null(), r#"{"a":{"isNull":true}}"#);
    check_where(field("a").is_not_null(), r#"{"a":{"isNull":false}}"#);
    check_where(field("a").contains(1), r#"{"a":{"contains":1}}"#);
    check_where(field("a").some(field("b").eq(1)), r#"{"a":{"some":{"b":1}}}"#);
    check_where(field("a").every(field("b").eq(1)), r#"{"a":{"every":{"b":1}}}"#);
    check_where(field("a").none(field("b").eq(1)), r#"{"a":{"none":{"b":1}}}"#);
    check_where(field("a").starts_with("x"), r#"{"a":{"startsWith":"x"}}"#);
    check_where(field("a").starts_with_ignore_case("X"), r#"{"a":{"startsWith":"X","ignoreCase":true}}"#);
    check_where(field("a").includes("x"), r#"{"a":{"includes":"x"}}"#);
    check_where(field("a").includes_ignore_case("x"), r#"{"a":{"includes":"x","ignoreCase":true}}"#);
    check_where(field("a.b.c").under("x/y"), r#"{"a.b.c":{"under":"x/y"}}"#);
    check_where(field("a").child_of("x"), r#"{"a":{"childOf":"x"}}"#);
}

#[test]
fn conditions_can_be_combined() {
    check_where(field("a").eq(1).and(field("b").eq(2)), r#"{"a":1,"b":2}"#);
    check_where(field("a").eq(1).or(field("b").eq(2)), r#"{"or":[{"a":1},{"b":2}]}"#);
    check_where(!field("a").eq(1), r#"{"not":{"a":1}}"#);
    check_where(Filter::all([]), "{}");
    check_where(Filter::any([]), r#"{"or":[]}"#);
    let parts = [field("a").eq(1), field("b").eq(2), field("c").eq(3)];
    check_where(Filter::any(parts.clone()), r#"{"or":[{"a":1},{"b":2},{"c":3}]}"#);
    check_where(Filter::all(parts), r#"{"a":1,"b":2,"c":3}"#);
}

#[test]
fn orders_and_windows_can_be_built() {
    check(
        Query::from("file")
            .order_by(asc("name").natural().nulls_last())
            .order_by(desc("size").nulls_first())
            .limit(10)
            .offset(5),
        r#"{"from":"file","orderBy":[{"name":{"collate":"natural","nulls":"last"}},{"size":{"dir":"desc","nulls":"first"}}],
            "limit":10,"offset":5}"#,
    );
    check(
        Query::from("file").order_by(asc("name")).after([Some("x")], "f1"),
        r#"{"from":"file","orderBy":[{"name":"asc"}],"after":{"values":["x"],"id":"f1"}}"#,
    );
    check(Query::from("file").after([0; 0], "5"), r#"{"from":"file","after":{"values":[],"id":5}}"#);
}
