//! Budgets: what goes, what stays, what comes back, and that no query pretends to have what it has not.

use std::fmt::Write;

use larder::query::Query;
use larder::registry::{MergePolicy, RelationKind, ResourceType};
use larder::{Config, QueryId, Registry};
use serde_json::json;

use crate::disk::{App, Disk};
use crate::host::reached;

fn registry() -> Registry {
    Registry::builder()
        .resource(ResourceType::new("file").version("v").relation(
            "tags",
            RelationKind::Many,
            "tag",
            "tagIds",
        ))
        .resource(ResourceType::new("tag").merge(MergePolicy::Deep))
        .build()
        .unwrap()
}

fn config(memory: &serde_json::Value) -> Config {
    Config::parse(&json!({ "memory": memory }).to_string()).unwrap()
}

fn stored(memory: &serde_json::Value) -> App {
    App::begin_with(registry(), config(memory), Disk::default())
}

/// An app without a storage.
fn unstored(memory: &serde_json::Value) -> App {
    let mut app = stored(memory);
    app.cache = larder::Cache::new(registry(), config(memory));
    app
}

fn again(app: App, memory: &serde_json::Value) -> App {
    let mut app = App::begin_with(registry(), config(memory), app.disk);
    while app.load() {}
    app
}

fn changed(kind: &str, row: &serde_json::Value, sequence: u64) -> String {
    json!({
        "envelope": {"id": format!("e{sequence}"), "library_id": "lib", "sequence": sequence},
        "kind": {"type": "ResourceChanged", "data": {"resource_type": kind, "resource": row}},
    })
    .to_string()
}

/// Files from `first` on, ten folders of them.
fn files(first: usize, count: usize) -> String {
    let mut batch = String::from(r#"{"ResourceChangedBatch":{"resource_type":"file","resources":["#);
    for index in first..first + count {
        let comma = if index == first { "" } else { "," };
        let note = "n".repeat(100);
        write!(batch, r#"{comma}{{"id":"f{index:05}","v":1,"folder":{},"note":"{note}"}}"#, index % 10)
            .unwrap();
    }
    batch + "]}}"
}

fn mount(app: &mut App, query: &str) -> QueryId {
    let step = app.cache.mount(&Query::parse(query).unwrap());
    app.take(step).unwrap()
}

fn unmount(app: &mut App, query: QueryId) {
    let step = app.cache.unmount(query);
    app.take(step).unwrap();
}

#[test]
fn without_a_storage_rows_that_no_query_has_go_and_later_queries_say_that_rows_are_missing() {
    let mut app = unstored(&json!({"entities": 150}));
    let folder = mount(&mut app, r#"{"from":"file","where":{"folder":3},"limit":5}"#);
    app.apply(&files(0, 1000));
    let stats = app.cache.stats();
    assert_eq!((stats.entities, stats.evicted, stats.lost), (150, 850, 850));
    assert_eq!(app.cache.total(folder), Some(100), "all that match stay, not only those that are shown");
    assert!(!app.host.is_partial(folder));

    let all = mount(&mut app, r#"{"from":"file"}"#);
    assert!(app.host.is_partial(all) && app.cache.total(all) == Some(150));
    let one = mount(&mut app, r#"{"from":"file","where":{"id":"f00003"}}"#);
    assert!(!app.host.is_partial(one), "it is here");
    assert_eq!(app.loading, None);

    // A whole copy says everything anew, and all of it is for somebody now.
    app.receive(&json!({"type": "resync", "data": {"sequence": 9, "reason": "requested"}}).to_string());
    app.receive(&files(0, 1000));
    app.receive(&json!({"type": "synced", "data": {"sequence": 9}}).to_string());
    assert!(!app.host.is_partial(all) && app.cache.total(all) == Some(1000));
    assert!(app.cache.stats().over_budget);
    unmount(&mut app, all);
    app.settle();
    assert_eq!(app.cache.stats().entities, 150);
}

#[test]
fn with_a_storage_rows_go_to_the_disk_and_come_back_when_a_query_needs_them() {
    let mut app = stored(&json!({"entities": 100}));
    app.apply(&files(0, 1000));
    assert_eq!(app.cache.stats().entities, 1000, "they are nowhere else yet");
    app.flush();
    app.settle();
    let stats = app.cache.stats();
    assert_eq!((stats.entities, stats.evicted, stats.lost), (100, 900, 0));

    let folder = mount(&mut app, r#"{"from":"file","where":{"folder":3}}"#);
    assert!(app.host.is_partial(folder));
    app.settle();
    assert!(!app.host.is_partial(folder));
    assert_eq!(app.host.list(folder).len(), 100);
    let stats = app.cache.stats();
    assert_eq!((stats.entities, stats.referenced, stats.over_budget), (100, 100, false));

    let one = mount(&mut app, r#"{"from":"file","where":{"id":"f00777"}}"#);
    assert!(app.host.is_partial(one));
    app.settle();
    assert!(!app.host.is_partial(one));
    assert_eq!(app.host.list(one)[0]["folder"], 7);
    let none = mount(&mut app, r#"{"from":"file","where":{"id":"f99999"}}"#);
    assert!(!app.host.is_partial(none), "there never was one");
}

#[test]
fn after_a_restart_no_more_comes_into_memory_than_the_budget_allows() {
    let budget = json!({"bytes": 20_000});
    let mut app = stored(&budget);
    app.apply(&files(0, 1000));
    app.flush();
    let mut app = again(app, &budget);
    app.settle();
    let stats = app.cache.stats();
    assert!(stats.row_bytes <= 20_000 && stats.row_bytes > 15_000, "{stats:?}");
    assert_eq!(stats.entities + stats.evicted, 1000);
    let all = mount(&mut app, r#"{"from":"file"}"#);
    app.settle();
    assert_eq!((app.host.list(all).len(), app.host.is_partial(all)), (1000, false));
}

#[test]
fn an_event_that_says_only_part_of_an_evicted_row_waits_until_the_row_is_back_and_so_do_those_after_it() {
    let budget = json!({"entities": 0});
    let mut app = stored(&budget);
    app.receive(&changed("tag", &json!({"id": "t1", "name": "red", "at": {"x": 1}}), 1));
    app.receive(&changed("file", &json!({"id": "f1", "v": 1}), 2));
    app.flush();
    app.settle();
    assert_eq!(app.cache.stats().entities, 0);

    app.receive(&changed("tag", &json!({"id": "t1", "at": {"y": 2}}), 3));
    app.receive(&changed("file", &json!({"id": "f1", "v": 2}), 4));
    assert_eq!(app.cache.status().cursor, reached(2));
    // Killed now, nothing of it is on the disk, nor does the cursor say so.
    let disk = app.disk.clone();
    app.settle();
    assert_eq!(app.cache.status().cursor, reached(4));
    app.flush();
    app.settle();
    let mut app = again(app, &json!({}));
    assert_eq!(app.rows("tag"), [r#"{"at":{"x":1,"y":2},"id":"t1","name":"red"}"#]);
    assert_eq!(app.rows("file"), [r#"{"id":"f1","v":2}"#]);
    app.disk = disk;
    assert_eq!(again(app, &json!({})).cache.status().cursor, reached(2));
}

#[test]
fn an_evicted_row_that_is_deleted_or_replaced_needs_not_come_back() {
    let mut app = stored(&json!({"entities": 0}));
    app.apply(&files(0, 3));
    app.flush();
    app.settle();
    assert_eq!(app.cache.stats().evicted, 3);
    app.apply(r#"{"ResourceDeleted":{"resource_type":"file","resource_id":"f00001"}}"#);
    app.apply(r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"f00002","v":2,"folder":2}}}"#);
    let stale = app.apply(r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"f00000","v":0}}}"#);
    assert_eq!((stale.stale, app.loading.is_some()), (1, false), "versions are known");
    app.flush();
    app.settle();
    let app = again(app, &json!({}));
    let stats = app.cache.stats();
    assert_eq!((stats.entities, stats.evicted), (2, 0));
}

#[test]
fn an_edit_of_an_evicted_row_brings_it_back_and_keeps_it() {
    let mut app = stored(&json!({"entities": 0}));
    app.apply(&files(0, 3));
    app.flush();
    app.settle();
    app.mutate(
        r#"{"id":"m1","name":"files.rename","args":{},"optimistic":[{"type":"merge","data":{"resource_type":"file","id":"f00001","fields":{"name":"x"}}}]}"#,
    );
    app.settle();
    assert_eq!(app.cache.stats().entities, 1);
    let id = mount(&mut app, r#"{"from":"file","where":{"name":"x"}}"#);
    app.settle();
    assert_eq!((app.host.list(id)[0]["folder"].clone(), app.host.is_partial(id)), (json!(1), false));
}

#[test]
fn rows_shown_in_others_stay_and_come_back_with_them() {
    let mut app = stored(&json!({"entities": 0}));
    app.apply(r#"{"ResourceChangedBatch":{"resource_type":"tag","resources":[{"id":"t1"},{"id":"t2"},{"id":"t3"}]}}"#);
    app.apply(
        r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"f1","v":1,"tagIds":["t1","t2"]}}}"#,
    );
    app.flush();
    app.settle();
    assert_eq!(app.cache.stats().entities, 0);
    let id = mount(&mut app, r#"{"from":"file","include":{"tags":true}}"#);
    assert!(app.host.is_partial(id));
    app.settle();
    assert!(!app.host.is_partial(id));
    assert_eq!(app.host.list(id)[0]["tags"], json!([{"id": "t1"}, {"id": "t2"}]));
    assert_eq!((app.cache.stats().entities, app.cache.stats().evicted), (3, 1));
}

#[test]
fn types_that_a_condition_looks_at_stay_whole_while_it_is_mounted() {
    let mut app = stored(&json!({"entities": 1}));
    app.apply(r#"{"ResourceChangedBatch":{"resource_type":"tag","resources":[{"id":"t1","name":"a"},{"id":"t2","name":"b"}]}}"#);
    app.apply(r#"{"ResourceChangedBatch":{"resource_type":"file","resources":[{"id":"f1","v":1,"tagIds":["t1"]},{"id":"f2","v":1,"tagIds":["t2"]}]}}"#);
    app.flush();
    app.settle();
    let id = mount(&mut app, r#"{"from":"file","where":{"tags":{"some":{"name":"b"}}}}"#);
    assert!(app.host.is_partial(id));
    app.settle();
    assert_eq!((app.host.column(id, "id"), app.host.is_partial(id)), (vec!["f2".to_owned()], false));
    app.apply(r#"{"ResourceChanged":{"resource_type":"tag","resource":{"id":"t1","name":"b"}}}"#);
    app.settle();
    assert_eq!((app.host.list(id).len(), app.host.is_partial(id)), (1, false), "the other file is on disk");
}

#[test]
fn what_the_disk_has_no_room_for_is_known_to_be_missing_also_after_a_restart() {
    let budget = json!({"entities": 0, "diskBytes": 60_000});
    let mut app = stored(&budget);
    for batch in 0..10 {
        app.apply(&files(batch * 100, 100));
        app.flush();
        app.settle();
    }
    app.flush();
    app.settle();
    let stats = app.cache.stats();
    assert!(stats.disk_bytes <= 60_000, "{stats:?}");
    assert!(stats.lost > 0 && stats.evicted == 1000, "{stats:?}");
    let on_disk: usize = app.disk.keys("rows/").iter().map(|key| app.disk.values[key].len()).sum();
    assert!(on_disk < 62_000, "{on_disk}");
    let lost = stats.lost;
    let mut app = again(app, &budget);
    let stats = app.cache.stats();
    assert_eq!((stats.lost, stats.evicted), (lost, 1000));
    let first = mount(&mut app, r#"{"from":"file","where":{"id":"f00000"}}"#);
    let last = mount(&mut app, r#"{"from":"file","where":{"id":"f00999"}}"#);
    let all = mount(&mut app, r#"{"from":"file"}"#);
    app.settle();
    assert!(app.host.is_partial(first) && !app.host.is_partial(last) && app.host.is_partial(all));
    assert_eq!(app.host.list(all).len() as u32, 1000 - lost);
}

#[test]
fn rows_that_expired_go_from_the_disk_too_unless_a_query_has_them() {
    let registry =
        || Registry::builder().resource(ResourceType::new("price").ttl_ms(60_000)).build().unwrap();
    let mut app = App::begin_with(registry(), Config::default(), Disk::default());
    let id = mount(&mut app, r#"{"from":"price","where":{"id":"a"}}"#);
    app.apply(r#"{"ResourceChangedBatch":{"resource_type":"price","resources":[{"id":"a"},{"id":"b"}]}}"#);
    app.flush();
    app.wait(59_000);
    assert_eq!(app.cache.stats().entities, 2);
    app.wait(20_000);
    let stats = app.cache.stats();
    assert_eq!((stats.entities, stats.lost), (1, 1));
    assert!(!app.host.is_partial(id));
    let late = mount(&mut app, r#"{"from":"price"}"#);
    assert!(app.host.is_partial(late));
    app.apply(r#"{"ResourceChanged":{"resource_type":"price","resource":{"id":"b"}}}"#);
    assert!(!app.host.is_partial(late));
    app.flush();
    let app = App::start(registry(), app.disk);
    assert_eq!((app.cache.stats().entities, app.cache.stats().lost), (2, 0));
}

#[test]
fn a_segment_that_cannot_be_read_is_asked_for_again_from_the_backend() {
    let mut app = stored(&json!({"entities": 0}));
    app.apply(&files(0, 3));
    app.receive(&changed("tag", &json!({"id": "t1"}), 1));
    app.flush();
    app.settle();
    let id = mount(&mut app, r#"{"from":"file"}"#);
    app.disk.values.retain(|key, _| !key.starts_with("rows/"));
    app.settle();
    assert!(app.host.is_partial(id));
    assert_eq!((app.cache.stats().lost, app.cache.status().cursor), (4, None));
    app.receive(&json!({"type": "resync", "data": {"sequence": 9, "reason": "requested"}}).to_string());
    app.receive(&files(0, 3));
    app.receive(&json!({"type": "synced", "data": {"sequence": 9}}).to_string());
    assert_eq!((app.host.list(id).len(), app.host.is_partial(id)), (3, false));
    assert_eq!((app.cache.stats().evicted, app.cache.stats().lost), (0, 0), "the tag is no more");
}

#[test]
fn an_event_that_waited_for_a_row_that_cannot_be_read_does_not_stand_for_those_before_it() {
    let mut app = stored(&json!({"entities": 0}));
    let step = app.cache.connect(app.now_ms);
    app.take(step).unwrap();
    let step = app.cache.connected(app.now_ms);
    app.take(step).unwrap();
    app.receive(r#"{"type":"welcome","data":{"protocol":1,"scope":"lib","epoch":"e","sequence":0}}"#);
    app.receive(r#"{"type":"synced","data":{"sequence":0}}"#);
    app.receive(&changed("tag", &json!({"id": "t1"}), 1));
    app.receive(&changed("tag", &json!({"id": "t2"}), 2));
    app.flush();
    app.settle();
    assert_eq!(app.cache.stats().evicted, 2);
    app.receive(&changed("tag", &json!({"id": "t1", "name": "red"}), 3));
    app.disk.values.retain(|key, _| !key.starts_with("rows/"));
    app.settle();
    assert_eq!(app.cache.status().cursor, None, "everything is asked for again");
}

#[test]
fn a_step_looks_at_no_more_rows_than_it_is_about_and_a_few() {
    let mut app = unstored(&json!({"entities": 20_000}));
    app.apply(&files(0, 20_000));
    let all = mount(&mut app, r#"{"from":"file"}"#);
    app.apply(&files(20_000, 1));
    let before = app.cache.stats().rows_weighed;
    app.apply(&files(20_001, 1));
    let looked_at = app.cache.stats().rows_weighed - before;
    assert!(looked_at < 300, "{looked_at}");
    // All of it is of use: after two rounds it is left alone.
    app.settle();
    assert!(app.cache.stats().over_budget);
    let before = app.cache.stats().rows_weighed;
    for index in 0..100 {
        app.apply(&files(20_002 + index, 1));
    }
    let looked_at = app.cache.stats().rows_weighed - before;
    assert!(looked_at <= 3 * 100, "{looked_at}");
    unmount(&mut app, all);
    app.settle();
    assert_eq!((app.cache.stats().entities, app.cache.stats().over_budget), (20_000, false));
}

#[test]
fn without_a_budget_nothing_is_looked_at() {
    let mut app = unstored(&json!({}));
    app.apply(&files(0, 1000));
    let stats = app.cache.stats();
    assert_eq!((stats.rows_weighed, stats.evicted, stats.over_budget), (0, 0, false));
}

#[test]
fn what_was_freed_is_used_again() {
    let mut app = unstored(&json!({"bytes": 1_000_000}));
    let mut most = 0;
    for batch in 0..100 {
        app.apply(&files(batch * 1000, 1000));
        app.settle();
        let stats = app.cache.stats();
        assert!(stats.row_bytes <= 1_000_000);
        most = most.max(stats.buffer_bytes);
    }
    assert!(most < 6_000_000, "{most}");
}

#[test]
fn rows_used_last_stay_longest() {
    let mut app = unstored(&json!({"entities": 100}));
    app.apply(&files(0, 100));
    app.apply(&files(100, 1));
    // The hand has been everywhere now; these are used again.
    app.apply(&files(40, 20));
    app.apply(&files(200, 50));
    let kept = mount(&mut app, r#"{"from":"file"}"#);
    let ids = app.host.column(kept, "id");
    let of_use = ids.iter().filter(|id| ("f00040".."f00060").contains(&id.as_str())).count();
    assert_eq!(of_use, 20, "{ids:?}");
}

#[test]
fn rows_that_were_on_the_screen_stay_longer_than_others() {
    let mut app = unstored(&json!({"entities": 50}));
    let folder = mount(&mut app, r#"{"from":"file","where":{"folder":3}}"#);
    app.apply(&files(0, 100));
    unmount(&mut app, folder);
    app.apply(&files(200, 20));
    let folder = mount(&mut app, r#"{"from":"file","where":{"folder":3}}"#);
    let shown = app.host.column(folder, "id").iter().filter(|id| id.as_str() < "f00100").count();
    assert_eq!(shown, 10);
}
