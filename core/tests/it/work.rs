//! Work is counted, not timed: an event costs what it changes.

use std::fmt::Write;

use larder::query::Window;
use larder::registry::ResourceType;
use larder::{Cache, Config, Registry};

use crate::host::Host;

fn files(count: usize) -> Cache {
    let mut cache = Cache::new(
        Registry::builder().resource(ResourceType::new("file")).build().unwrap(),
        Config::default(),
    );
    let mut batch = String::from(r#"{"ResourceChangedBatch":{"resource_type":"file","resources":["#);
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        write!(
            batch,
            r#"{comma}{{"id":"{index:06}","name":"file {index:06}","folder":"{}","size":{index}}}"#,
            index % 100
        )
        .unwrap();
    }
    batch.push_str("]}}");
    assert_eq!(cache.apply(batch).result.unwrap().changed as usize, count);
    cache
}

fn change(id: usize, folder: &str, size: usize) -> String {
    format!(
        r#"{{"ResourceChanged":{{"resource_type":"file","resource":{{"id":"{id:06}","name":"file {id:06}","folder":"{folder}","size":{size}}}}}}}"#
    )
}

#[test]
fn one_event_in_a_window_over_ten_thousand_rows_sends_one_row_to_one_query() {
    let mut cache = files(10_000);
    let mut host = Host::default();
    let window = host.mount(&mut cache, r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":100}"#);
    assert_eq!(host.held(), 100);
    let before = cache.stats();
    host.deliver(cache.apply(change(50, "0", 777).as_str())).unwrap();
    let after = cache.stats();
    assert_eq!(after.rows_sent - before.rows_sent, 1);
    assert_eq!(after.views_evaluated - before.views_evaluated, 1);
    assert_eq!(after.queries_sent - before.queries_sent, 1);
    assert_eq!(host.list(window)[50]["size"], 777);
}

#[test]
fn an_event_outside_the_window_sends_nothing() {
    let mut cache = files(10_000);
    let mut host = Host::default();
    host.mount(&mut cache, r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":100}"#);
    let before = (cache.stats().rows_sent, cache.stats().queries_sent, host.patches);
    host.deliver(cache.apply(change(5000, "0", 777).as_str())).unwrap();
    assert_eq!((cache.stats().rows_sent, cache.stats().queries_sent, host.patches), before);
}

#[test]
fn an_event_is_tried_only_on_the_queries_that_its_row_can_be_in() {
    let mut cache = files(1_000);
    let mut host = Host::default();
    for folder in 0..100 {
        host.mount(
            &mut cache,
            &format!(r#"{{"from":"file","where":{{"folder":"{folder}"}},"orderBy":[{{"name":"asc"}}]}}"#),
        );
    }
    for id in 0..1000 {
        host.mount(&mut cache, &format!(r#"{{"from":"file","where":{{"id":"{id:06}"}}}}"#));
    }
    let before = cache.stats();
    host.deliver(cache.apply(change(7, "7", 9999).as_str())).unwrap();
    assert_eq!(cache.stats().views_evaluated - before.views_evaluated, 2, "its folder and its id");
    assert_eq!(host.notified.len(), 2);
    let before = cache.stats();
    host.deliver(cache.apply(change(7, "8", 9999).as_str())).unwrap();
    assert_eq!(
        cache.stats().views_evaluated - before.views_evaluated,
        3,
        "the old folder, the new one, and its id"
    );
    assert_eq!(cache.stats().rows_sent - before.rows_sent, 1, "one row, however many lists show it");
}

#[test]
fn equal_queries_and_windows_of_one_order_share_a_view() {
    let mut cache = files(1_000);
    let mut host = Host::default();
    for offset in 0..10 {
        host.mount(
            &mut cache,
            &format!(r#"{{"from":"file","orderBy":[{{"size":"asc"}}],"limit":10,"offset":{}}}"#, offset * 10),
        );
        host.mount(&mut cache, r#"{"orderBy":[{"size":"asc"}],"from":"file"}"#);
    }
    assert_eq!((cache.stats().queries, cache.stats().views), (20, 1));
}

#[test]
fn a_row_shown_by_many_lists_crosses_once_and_is_released_by_the_last() {
    let mut cache = files(100);
    let mut host = Host::default();
    let queries: Vec<_> = (1..=20)
        .map(|limit| host.mount(&mut cache, &format!(r#"{{"from":"file","limit":{limit}}}"#)))
        .collect();
    assert_eq!(host.rows_received, 20);
    for query in queries {
        host.unmount(&mut cache, query);
    }
    assert_eq!((host.held(), cache.stats().host_rows, cache.stats().views), (0, 0, 0));
}

#[test]
fn an_event_that_changes_nothing_notifies_nobody() {
    let mut cache = files(100);
    let mut host = Host::default();
    host.mount(&mut cache, r#"{"from":"file"}"#);
    host.deliver(cache.apply(change(5, "5", 5).as_str())).unwrap();
    let patches = host.patches;
    assert_eq!(host.deliver(cache.apply(change(5, "5", 5).as_str())).unwrap().changed, 0);
    assert_eq!(host.patches, patches);
}

#[test]
fn a_batch_notifies_each_query_once() {
    let mut cache = files(1_000);
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file","orderBy":[{"size":"desc"}]}"#);
    let window = host.mount(&mut cache, r#"{"from":"file","orderBy":[{"size":"desc"}],"limit":10}"#);
    let rows: Vec<String> =
        (0..500).map(|id| format!(r#"{{"id":"{id:06}","size":{}}}"#, 5000 + id)).collect();
    let batch =
        format!(r#"{{"ResourceChangedBatch":{{"resource_type":"file","resources":[{}]}}}}"#, rows.join(","));
    let patches = host.patches;
    host.deliver(cache.apply(batch)).unwrap();
    assert_eq!((host.patches - patches, host.notified.len()), (1, 2));
    assert_eq!(
        host.column(window, "size"),
        (5490..5500).rev().map(|size| size.to_string()).collect::<Vec<_>>()
    );
    assert_eq!(host.column(all, "size")[499..502], ["5000", "999", "998"]);
}

#[test]
fn updates_without_end_do_not_fill_the_memory() {
    let mut cache = files(2_000);
    let held = cache.stats().buffer_bytes;
    for round in 0..50_000_usize {
        let _ = cache.apply(change(round % 2_000, "x", round));
    }
    let stats = cache.stats();
    assert_eq!(stats.entities, 2_000);
    assert!(stats.buffer_bytes < held + (4 << 20), "{stats:?}");
}

#[test]
fn changing_rows_of_a_large_library_does_not_grow_the_memory_with_each_change() {
    let mut cache = files(100_000);
    let held = cache.stats().buffer_bytes;
    // Every fourth change is of a row that is never changed again, so that no buffer empties by itself.
    for round in 0..100_000_usize {
        let id = if round % 4 == 0 { 200 + round / 4 } else { round % 100 };
        let _ = cache.apply(change(id, "a folder with a name that is rather long", round));
    }
    let stats = cache.stats();
    assert!(stats.buffer_bytes < held + (10 << 20), "held {held}, then {stats:?}");
}

#[test]
fn mounting_the_next_query_of_an_equality_looks_at_its_own_rows_only() {
    let mut cache = files(10_000);
    let mut host = Host::default();
    let folder = |folder: usize| {
        format!(r#"{{"from":"file","where":{{"folder":"{folder}"}},"orderBy":[{{"name":"asc"}}]}}"#)
    };
    host.mount(&mut cache, &folder(0));
    assert_eq!(cache.stats().rows_scanned, 100, "reading the field of all rows finds those of each value");
    host.mount(&mut cache, &folder(1));
    assert_eq!(cache.stats().rows_scanned, 200);
    // The index follows the rows as they change, come and go.
    host.deliver(cache.apply(change(7, "50", 1))).unwrap();
    host.deliver(cache.apply(change(20_000, "50", 2))).unwrap();
    host.deliver(cache.apply(r#"{"ResourceDeleted":{"resource_type":"file","resource_id":"000150"}}"#))
        .unwrap();
    let fifty = host.mount(&mut cache, &folder(50));
    assert_eq!((host.total(fifty), cache.stats().rows_scanned), (101, 301));
    host.mount(&mut cache, r#"{"from":"file","where":{"id":"000007"}}"#);
    assert_eq!(cache.stats().rows_scanned, 302, "an id is looked up");
}

#[test]
fn a_field_that_the_registry_names_is_indexed_as_rows_come() {
    let mut file = ResourceType::new("file");
    file.index = vec!["folder".to_owned()];
    let mut cache = Cache::new(Registry::builder().resource(file).build().unwrap(), Config::default());
    let mut host = Host::default();
    for id in 0..1_000 {
        let _ = cache.apply(change(id, &(id % 100).to_string(), id));
    }
    let _ = cache.apply(change(7, "50", 1));
    let built = cache.stats().indexes_built;
    let query = r#"{"from":"file","where":{"folder":"50"},"orderBy":[{"name":"desc"}]}"#;
    let fifty = host.mount(&mut cache, query);
    assert_eq!((host.total(fifty), cache.stats().rows_scanned), (11, 11));
    assert_eq!(cache.stats().indexes_built, built, "it was there before the query");
    assert_eq!(host.list(fifty)[10]["id"], "000007");
}

#[test]
fn rows_whose_order_was_never_asked_for_take_their_place_when_they_come_into_a_view() {
    let mut cache = files(1_000);
    let mut host = Host::default();
    let query = r#"{"from":"file","where":{"folder":"50"},"orderBy":[{"size":"desc"}]}"#;
    let fifty = host.mount(&mut cache, query);
    for (id, size) in [(3, 255), (999, 0), (50, 777)] {
        host.deliver(cache.apply(change(id, "50", size))).unwrap();
    }
    let sizes: Vec<i64> = host.list(fifty).iter().map(|row| row["size"].as_i64().unwrap()).collect();
    assert_eq!(sizes, [950, 850, 777, 750, 650, 550, 450, 350, 255, 250, 150, 0]);
}

#[test]
fn a_row_that_moves_about_before_a_window_notifies_nobody() {
    let mut cache = files(1_000);
    let mut host = Host::default();
    let window =
        host.mount(&mut cache, r#"{"from":"file","orderBy":[{"size":"asc"}],"offset":500,"limit":20}"#);
    let (before, patches) = (host.list(window), host.patches);
    assert_eq!(host.deliver(cache.apply(change(7, "7", 300))).unwrap().changed, 1);
    assert_eq!((host.list(window), host.patches), (before, patches));
}

#[test]
fn an_event_is_tried_only_on_the_queries_for_what_its_list_has() {
    let mut cache = Cache::new(Registry::default(), Config::default());
    let mut host = Host::default();
    let put = |cache: &mut Cache, host: &mut Host, id: u32, tags: &str| {
        let event = format!(
            r#"{{"ResourceChanged":{{"resource_type":"file","resource":{{"id":"{id}","tags":[{tags}]}}}}}}"#
        );
        host.deliver(cache.apply(event)).unwrap();
    };
    for id in 0..1000 {
        put(&mut cache, &mut host, id, &format!(r#""t{}","all""#, id % 100));
    }
    let scanned = cache.stats().rows_scanned;
    let queries: Vec<_> = (0..100)
        .map(|tag| {
            host.mount(
                &mut cache,
                &format!(r#"{{"from":"file","where":{{"tags":{{"contains":"t{tag}"}}}}}}"#),
            )
        })
        .collect();
    assert!(queries.iter().all(|&query| host.total(query) == 10));
    assert_eq!(
        cache.stats().rows_scanned - scanned,
        100 * 10,
        "each tries its own; reading the lists of all rows has found them"
    );
    let before = cache.stats().views_evaluated;
    put(&mut cache, &mut host, 7, r#""t7","t8","t8","new""#);
    assert_eq!(cache.stats().views_evaluated - before, 2);
    assert_eq!((host.total(queries[7]), host.total(queries[8])), (10, 11));
    let long: Vec<String> = (0..100).rev().map(|tag| format!(r#""t{tag}""#)).collect();
    put(&mut cache, &mut host, 7, &long.join(","));
    assert!((0..100).all(|tag| host.total(queries[tag]) == if tag == 7 { 10 } else { 11 }));
    put(&mut cache, &mut host, 7, "");
    assert_eq!((host.total(queries[7]), host.total(queries[8])), (9, 10));
    let last = host.mount(&mut cache, r#"{"from":"file","where":{"tags":{"contains":"new"}}}"#);
    assert_eq!(host.total(last), 0);
}

#[test]
fn moving_a_window_by_a_row_tells_of_that_row_only() {
    let mut cache = files(10_000);
    let mut host = Host::default();
    let window = host.mount(&mut cache, r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":1000}"#);
    let before = host.rows_received;
    let step = cache.set_window(window, &Window::parse(r#"{"offset":1,"limit":1000}"#).unwrap());
    let bytes = step.patch.as_ref().unwrap().as_bytes().len();
    host.deliver(step).unwrap();
    assert_eq!(host.rows_received - before, 1);
    assert!(bytes < 500, "{bytes} bytes for one row in and one row out of a thousand");
    assert_eq!(host.column(window, "id").first().unwrap(), "000001");
    assert_eq!(host.column(window, "id").last().unwrap(), "001000");
}

#[test]
fn an_event_changes_the_figures_of_its_group_and_looks_at_no_other_row() {
    let mut cache = files(10_000);
    let mut host = Host::default();
    let aggregate = r#""aggregate":{"n":"count","bytes":{"sum":"size"},"least":{"min":"size"},"most":{"max":"size"},"names":{"distinct":"name"}}"#;
    let beside = host.mount(&mut cache, &format!(r#"{{"from":"file","limit":1,{aggregate}}}"#));
    let folders = host.mount(&mut cache, &format!(r#"{{"from":"file","groupBy":["folder"],{aggregate}}}"#));
    assert_eq!(host.list(folders).len(), 100);
    let (before, groups) = (cache.stats(), host.objects(folders));
    // The largest of all goes.
    host.deliver(cache.apply(r#"{"ResourceDeleted":{"resource_type":"file","resource_id":"009999"}}"#))
        .unwrap();
    let after = cache.stats();
    assert_eq!(after.rows_scanned, before.rows_scanned);
    assert_eq!(after.rows_sent - before.rows_sent, 2, "one group, and the figures of all rows");
    assert_eq!(host.aggregates(beside).unwrap()["most"], 9998);
    let same =
        host.objects(folders).iter().zip(&groups).filter(|(new, old)| std::rc::Rc::ptr_eq(new, old)).count();
    assert_eq!(same, 99, "all other groups are the objects that they were");
    assert_eq!(host.list(folders)[99]["most"], 9899);
}

#[test]
fn a_field_that_nobody_counts_changes_no_figures() {
    let mut cache = files(1_000);
    let mut host = Host::default();
    host.mount(&mut cache, r#"{"from":"file","limit":0,"aggregate":{"folders":{"distinct":"folder"}}}"#);
    let patches = host.patches;
    host.deliver(cache.apply(change(7, "7", 9999).as_str())).unwrap();
    assert_eq!(host.patches, patches);
}

#[test]
fn equal_aggregates_of_one_filter_are_kept_once() {
    let mut cache = files(1_000);
    let mut host = Host::default();
    let query = |limit: u8| {
        format!(
            r#"{{"from":"file","orderBy":[{{"name":"asc"}}],"limit":{limit},"aggregate":{{"bytes":{{"sum":"size"}}}}}}"#
        )
    };
    let windows = [0, 1, 2].map(|limit| host.mount(&mut cache, &query(limit)));
    let before = cache.stats();
    host.deliver(cache.apply(change(500, "0", 9999).as_str())).unwrap();
    assert_eq!(cache.stats().views, 1);
    assert_eq!(cache.stats().rows_sent - before.rows_sent, 1);
    assert_eq!(cache.stats().queries_sent - before.queries_sent, 3);
    let bytes = windows.map(|window| host.aggregates(window).unwrap()["bytes"].clone());
    assert_eq!(bytes, [508_999, 508_999, 508_999]);
}
