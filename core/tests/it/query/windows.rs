//! Windows, by the oracle: after, then offset, then limit; the total is of all.

use larder::query::oracle::evaluate;
use larder::query::{Collation, Query};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::oracle::{ID_FIELD, arb_query, arb_row, id_text};

/// Ten rows `f0` … `f9` with `n` from 0 to 4, each twice.
fn check(window: Json, expected: &[&str]) {
    let rows: Vec<Json> = (0..10).map(|index| json!({ "n": index / 2 })).collect();
    let ids: Vec<String> = (0..10).map(|index| format!("f{index}")).collect();
    let mut query = json!({ "from": "file", "where": { "n": { "lt": 4 } }, "orderBy": [{ "n": "desc" }] });
    query.as_object_mut().expect("an object").extend(window.as_object().cloned().expect("an object"));
    let query = Query::parse(query.to_string()).expect("valid");
    let result = evaluate(&query, "id", ids.iter().map(String::as_str).zip(&rows));
    assert_eq!(result.ids, expected);
    assert_eq!(result.total, 8);
}

#[test]
fn the_window_is_after_then_offset_then_limit() {
    check(json!({}), &["f6", "f7", "f4", "f5", "f2", "f3", "f0", "f1"]);
    check(json!({ "limit": 3 }), &["f6", "f7", "f4"]);
    check(json!({ "limit": 0 }), &[]);
    check(json!({ "offset": 6, "limit": 3 }), &["f0", "f1"]);
    check(json!({ "offset": 8 }), &[]);
    check(json!({ "after": { "values": [3], "id": "f6" }, "limit": 2 }), &["f7", "f4"]);
    check(json!({ "after": { "values": [3], "id": "f6" }, "offset": 2, "limit": 2 }), &["f5", "f2"]);
    // There need not be a row at the cursor.
    check(json!({ "after": { "values": [1.5], "id": "" } }), &["f2", "f3", "f0", "f1"]);
    check(json!({ "after": { "values": [3], "id": "f65" }, "limit": 1 }), &["f7"]);
    check(json!({ "after": { "values": ["text"], "id": "f0" }, "limit": 1 }), &["f6"]);
    check(json!({ "after": { "values": [null], "id": "f0" } }), &[]);
}

proptest! {
    #[test]
    fn a_window_is_a_part_of_the_whole_result(query in arb_query(), rows in prop::collection::vec(arb_row(), 0..30)) {
        let mut rows: Vec<(String, Json)> = rows.into_iter().map(|row| (id_text(&row), row)).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.dedup_by(|a, b| a.0 == b.0);
        let all = || rows.iter().map(|(id, row)| (id.as_str(), row));
        let whole = evaluate(&query.clone().with_window(Default::default()).expect("fits"), ID_FIELD, all());
        prop_assert_eq!(whole.total, whole.ids.len());
        let part = evaluate(&query, ID_FIELD, all());
        prop_assert_eq!(part.total, whole.total);
        prop_assert!(query.window().limit.is_none_or(|limit| part.ids.len() <= limit as usize));
        prop_assert!(whole.ids.windows(part.ids.len().max(1)).any(|run| run == part.ids) || part.ids.is_empty());
        // The rows may come in any order.
        prop_assert_eq!(evaluate(&query, ID_FIELD, all().rev()), part);
    }

    #[test]
    fn pages_by_cursor_are_pages_by_offset(query in arb_query(), rows in prop::collection::vec(arb_row(), 0..30), size in 1..5_u32) {
        let mut rows: Vec<(String, Json)> = rows.into_iter().map(|row| (id_text(&row), row)).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.dedup_by(|a, b| a.0 == b.0);
        let run = |window: Json| {
            let window = larder::query::Window::parse(window.to_string()).expect("valid");
            let query = query.clone().with_window(window).expect("fits");
            evaluate(&query, ID_FIELD, rows.iter().map(|(id, row)| (id.as_str(), row))).ids
        };
        // A rank is no value that a row has.
        prop_assume!(query.order_by().iter().all(|key| key.collation != Collation::Relevance));
        let (mut offset, mut page) = (0, run(json!({ "limit": size })));
        while let Some(last) = page.last() {
            prop_assert_eq!(&page, &run(json!({ "offset": offset, "limit": size })));
            let (id, row) = rows.iter().find(|(id, _)| id == last).expect("a row of the result");
            let values: Vec<Json> = query.order_by().iter().map(|key| {
                let pointer: String = key.path.segments().iter().map(|segment| format!("/{segment}")).collect();
                // A pointer goes into arrays by index; these paths have no such segments.
                row.pointer(&pointer).cloned().unwrap_or(Json::Null)
            }).collect();
            offset += size;
            page = run(json!({ "after": { "values": values, "id": id }, "limit": size }));
        }
        prop_assert_eq!(run(json!({ "offset": offset })), Vec::<String>::new());
    }
}
