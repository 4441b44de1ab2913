//! Aggregates and groups as part of a query: every way to write them, and their one normal form.

use larder::query::{Aggregate, Query, asc, field};

#[test]
fn the_builder_makes_what_the_json_says() {
    let built = Query::from("file")
        .filter(field("kind").eq("image"))
        .group_by("meta.camera")
        .group_by("year")
        .aggregate("n", Aggregate::count())
        .aggregate("a", Aggregate::avg("size"))
        .aggregate("s", Aggregate::sum("size"))
        .aggregate("l", Aggregate::min("size"))
        .aggregate("m", Aggregate::max("size"))
        .aggregate("d", Aggregate::distinct("meta.lens"))
        .order_by(asc("meta.camera"))
        .order_by(asc("n"))
        .build()
        .unwrap();
    let canonical = concat!(
        r#"{"aggregate":{"a":{"avg":"size"},"d":{"distinct":"meta.lens"},"l":{"min":"size"},"m":{"max":"size"},"n":"count","s":{"sum":"size"}},"#,
        r#""from":"file","groupBy":["meta.camera","year"],"orderBy":[{"meta.camera":"asc"},{"n":"asc"}],"where":{"kind":"image"}}"#
    );
    assert_eq!(built.canonical(), canonical);
    assert_eq!(Query::parse(canonical).unwrap(), built);
}

#[test]
fn asking_for_no_aggregates_is_asking_nothing() {
    let query = Query::parse(r#"{"from":"file","aggregate":{}}"#).unwrap();
    assert_eq!(query, Query::parse(r#"{"from":"file"}"#).unwrap());
}

#[test]
fn a_query_that_counts_is_another_than_one_that_does_not() {
    let query = Query::parse(r#"{"from":"file","aggregate":{"n":"count"}}"#).unwrap();
    assert_ne!(query, Query::parse(r#"{"from":"file"}"#).unwrap());
    assert_eq!(query.canonical_of_order(), r#"{"from":"file"}"#, "and yet they share their rows");
}

#[test]
fn the_message_for_an_unknown_function_names_the_place_and_what_there_is() {
    let error = Query::parse(r#"{"from":"file","aggregate":{"x":{"median":"size"}}}"#).unwrap_err();
    let message = "`aggregate.x.median` is not an operator; the operators are sum, avg, min, max, distinct (and the word \"count\" alone)";
    assert_eq!(error.to_string(), message);
}
