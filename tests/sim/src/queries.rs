//! What the screens of the simulated apps show, and what they should.

use std::collections::BTreeMap;

use larder::query::{Query, oracle};
use serde_json::{Value as Json, json};

use crate::rows::{Kind, Rows, id_text};

/// Queries of all sorts.
pub(crate) const QUERIES: [&str; 10] = [
    r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":4}"#,
    r#"{"from":"file","where":{"size":{"gt":5}},"orderBy":[{"size":"desc"}],"limit":5,"offset":1}"#,
    r#"{"from":"file","orderBy":[{"name":{"collate":"natural"}}],"include":{"tags":true},"limit":6}"#,
    r#"{"from":"file","where":{"tag_ids":{"contains":"t1"}}}"#,
    r#"{"from":"tag","where":{"style.weight":{"gte":1}},"orderBy":[{"style.color":"asc"}]}"#,
    r#"{"from":"note","where":{"id":{"in":["1","2"]}}}"#,
    r#"{"from":"file","aggregate":{"n":"count","bytes":{"sum":"size"}},"limit":2}"#,
    r#"{"from":"file","groupBy":["size"],"aggregate":{"n":"count","last":{"max":"name"}}}"#,
    r#"{"from":"file","where":{"name":{"match":"n1"}},"orderBy":["relevance"]}"#,
    r#"{"from":"file","include":{"tags":true},"where":{"size":{"lt":15}}}"#,
];

/// What a query should show.
#[derive(Debug, PartialEq)]
pub(crate) struct Expected {
    pub(crate) rows: Vec<Json>,
    pub(crate) total: usize,
    pub(crate) aggregates: Option<Json>,
}

/// What a query shows over these rows, by looking at every one.
pub(crate) fn evaluate(query: &Query, rows: &Rows) -> Expected {
    let kind = Kind::named(query.resource_type());
    let of_kind: BTreeMap<String, &Json> =
        rows.iter().filter(|(key, _)| key.0 == kind).map(|(key, row)| (id_text(*key), &**row)).collect();
    let all = || of_kind.iter().map(|(id, row)| (id.as_str(), *row));
    if !query.group_by().is_empty() {
        let groups = oracle::groups(query, "id", all());
        let rows = groups.rows.iter().map(as_doubles).collect();
        return Expected { rows, total: groups.total, aggregates: None };
    }
    let found = oracle::evaluate(query, "id", all());
    let has_tags = !query.includes().is_empty();
    let row = |id: &String| {
        let mut row = as_doubles(of_kind[id]);
        if has_tags {
            row["tags"] = tags_of(&row, rows);
        }
        row
    };
    let aggregates =
        (!query.aggregates().is_empty()).then(|| as_doubles(&oracle::aggregates(query, "id", all())));
    Expected { rows: found.ids.iter().map(row).collect(), total: found.total, aggregates }
}

/// The tags that a file names and that are there.
fn tags_of(file: &Json, rows: &Rows) -> Json {
    let ids = file["tag_ids"].as_array().into_iter().flatten();
    let keys = ids.map(|id| (Kind::Tag, id.as_str().unwrap().trim_start_matches('t').parse().unwrap()));
    keys.filter_map(|key| rows.get(&key)).map(|tag| as_doubles(tag)).collect()
}

/// Numbers as JavaScript sees them: figures come as doubles.
pub(crate) fn as_doubles(value: &Json) -> Json {
    match value {
        Json::Number(number) => json!(number.as_f64()),
        Json::Array(items) => items.iter().map(as_doubles).collect(),
        Json::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), as_doubles(value))).collect(),
        other => other.clone(),
    }
}
