//! Random queries and windows.

use larder::query::{Cursor, Query, Scalar, Value, Window};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::filters::{arb_match, arb_where};
use super::rows::{arb_id, arb_scalar, id_text};

/// The keys of an order, as in a query's `orderBy`.
pub fn arb_order_by() -> impl Strategy<Value = Json> {
    let field = prop::sample::select(vec![
        "name",
        "name",
        "size",
        "kind",
        "is_dir",
        "meta.rating",
        "meta.camera.model",
        "path",
        "tag_ids",
        "id",
    ]);
    let dir = prop::sample::select(vec!["asc", "desc"]);
    let nulls = prop::option::of(prop::sample::select(vec!["first", "last"]));
    let collate = prop::option::of(prop::sample::select(vec!["byte", "natural", "natural"]));
    let key = (field, dir, nulls, collate).prop_map(|(field, dir, nulls, collate)| {
        let mut options = Map::new();
        options.extend(nulls.map(|nulls| ("nulls".to_owned(), json!(nulls))));
        options.extend(collate.map(|collate| ("collate".to_owned(), json!(collate))));
        if options.is_empty() {
            return json!({ field: dir });
        }
        options.insert("dir".to_owned(), json!(dir));
        json!({ field: options })
    });
    prop::collection::vec(key, 0..4).prop_map(Json::Array)
}

/// A query as JSON, with a window that fits.
pub fn arb_query_json() -> impl Strategy<Value = Json> {
    let filter = prop_oneof![1 => Just(None), 6 => arb_where().prop_map(Some)];
    let ranked = prop::option::weighted(0.25, (arb_match(), 0..3_usize));
    (filter, arb_order_by(), ranked).prop_flat_map(|(mut filter, mut order_by, ranked)| {
        if let (Some((found, place)), Some(keys)) = (ranked, order_by.as_array_mut()) {
            keys.truncate(2);
            keys.insert(place.min(keys.len()), json!("relevance"));
            filter = Some(json!({ "and": filter.into_iter().chain([found]).collect::<Vec<_>>() }));
        }
        let keys = order_by.as_array().map_or(0, Vec::len);
        arb_window(keys).prop_map(move |window| {
            let mut query = match serde_json::to_value(&window) {
                Ok(Json::Object(query)) => query,
                other => panic!("a window is an object: {other:?}"),
            };
            query.insert("from".to_owned(), json!("file"));
            query.insert("orderBy".to_owned(), order_by.clone());
            query.extend(filter.clone().map(|filter| ("where".to_owned(), filter)));
            Json::Object(query)
        })
    })
}

/// A query over the rows of [`arb_row`](super::arb_row), resource type `file`.
pub fn arb_query() -> impl Strategy<Value = Query> {
    arb_query_json()
        .prop_map(|json| Query::parse(json.to_string()).unwrap_or_else(|error| panic!("{error}: {json}")))
}

/// A window for an order of so many keys.
pub fn arb_window(keys: usize) -> impl Strategy<Value = Window> {
    let value = prop_oneof![
        8 => arb_scalar().prop_map(|value| Value::from(&value).into_owned()),
        1 => Just(Value::Composite),
        1 => Just(Value::from(Scalar::from("img5"))),
    ];
    let id = arb_id().prop_map(|id| id_text(&json!({ "id": id })));
    let after = (prop::collection::vec(value, keys), id).prop_map(|(values, id)| Cursor { values, id });
    let offset = prop_oneof![3 => Just(0), 2 => 0..6_u32, 1 => Just(u32::MAX)];
    let limit = prop_oneof![2 => Just(None), 5 => (0..8_u32).prop_map(Some), 1 => Just(Some(u32::MAX))];
    (prop::option::weighted(0.25, after), offset, limit).prop_map(|(after, offset, limit)| Window {
        after,
        offset,
        limit,
    })
}

/// A query that asks for aggregates, of groups or beside its rows.
pub fn arb_aggregated_query() -> impl Strategy<Value = Query> {
    let field = || {
        prop::sample::select(vec![
            "name",
            "size",
            "size",
            "kind",
            "is_dir",
            "meta.rating",
            "tag_ids",
            "id",
            "meta",
        ])
    };
    let function = prop::sample::select(vec!["sum", "avg", "min", "max", "distinct"]);
    let aggregate = prop_oneof![
        1 => Just(json!("count")),
        6 => (function, field()).prop_map(|(function, field)| json!({ function: field })),
    ];
    let aggregates = prop::collection::vec(aggregate, 0..5).prop_map(|all| {
        let named = all.into_iter().enumerate().map(|(at, aggregate)| (format!("a.{at}"), aggregate));
        named.collect::<Map<_, _>>()
    });
    let groups = prop::collection::btree_set(field(), 0..3).prop_map(Vec::from_iter).prop_shuffle();
    let order = prop::collection::vec((any::<u8>(), any::<bool>(), any::<bool>()), 0..3);
    (arb_query_json(), aggregates, groups, order).prop_map(|(mut query, aggregates, groups, order)| {
        let names: Vec<String> =
            aggregates.keys().cloned().chain(groups.iter().map(ToString::to_string)).collect();
        query["aggregate"] = Json::Object(aggregates);
        if !groups.is_empty() {
            query.as_object_mut().unwrap().remove("after");
            let key = |(which, is_descending, is_natural): (u8, bool, bool)| {
                let name = &names[which as usize % names.len()];
                let dir = if is_descending { "desc" } else { "asc" };
                let collate = if is_natural { "natural" } else { "byte" };
                json!({ name: { "dir": dir, "collate": collate } })
            };
            query["orderBy"] = order.into_iter().map(key).collect();
            query["groupBy"] = json!(groups);
        }
        Query::parse(query.to_string()).unwrap_or_else(|error| panic!("{error}: {query}"))
    })
}
