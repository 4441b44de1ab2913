//! What was stored comes back, whenever the app ends.

use larder::persist::{StorageError, StorageErrorKind};
use larder::registry::{MergePolicy, ResourceType};
use larder::{Effect, Registry, StorageState};
use serde_json::json;

use crate::disk::{App, Disk};
use crate::host::reached;

fn registry() -> Registry {
    Registry::builder()
        .resource(ResourceType::new("file").version("v"))
        .resource(ResourceType::new("tag").merge(MergePolicy::Deep))
        .build()
        .unwrap()
}

fn changed(kind: &str, row: serde_json::Value, sequence: u64) -> String {
    json!({
        "envelope": {"id": format!("e{sequence}"), "library_id": "lib", "sequence": sequence},
        "kind": {"type": "ResourceChanged", "data": {"resource_type": kind, "resource": row}},
    })
    .to_string()
}

fn deleted(kind: &str, id: &str, sequence: u64) -> String {
    json!({
        "envelope": {"id": format!("e{sequence}"), "library_id": "lib", "sequence": sequence},
        "kind": {"type": "ResourceDeleted", "data": {"resource_type": kind, "resource_id": id}},
    })
    .to_string()
}

fn rename(id: &str, file: &str, name: &str) -> String {
    json!({
        "id": id, "name": "files.rename", "args": {"id": file, "name": name},
        "optimistic": [{"type": "merge", "data": {"resource_type": "file", "id": file, "fields": {"name": name}}}],
    })
    .to_string()
}

fn go_live(app: &mut App, sequence: u64) {
    let step = app.cache.connect(app.now_ms);
    app.take(step).unwrap();
    let step = app.cache.connected(app.now_ms);
    app.take(step).unwrap();
    app.receive(
        &json!({"type": "welcome", "data": {"protocol": 1, "scope": "lib", "epoch": "e", "sequence": sequence}})
            .to_string(),
    );
    app.receive(&json!({"type": "synced", "data": {"sequence": sequence}}).to_string());
}

#[test]
fn rows_cursor_and_pending_mutations_are_there_after_a_restart() {
    let mut app = App::start(registry(), Disk::default());
    app.apply(&changed("file", json!({"id": "f1", "name": "a", "v": 1}), 1));
    app.apply(&changed("tag", json!({"id": 7, "name": "red"}), 2));
    app.mutate(&rename("m1", "f1", "b"));
    app.flush();

    let mut app = App::start(registry(), app.disk);
    assert!(app.is_ready());
    assert_eq!(app.cache.status().cursor, reached(2));
    assert_eq!(app.cache.status().library.as_deref(), Some("lib"));
    assert_eq!(app.cache.pending()[0].id, "m1");
    assert_eq!(app.rows("file"), [r#"{"id":"f1","name":"b","v":1}"#]);
    assert_eq!(app.rows("tag"), [r#"{"id":7,"name":"red"}"#]);
    assert!(
        app.apply(&changed("file", json!({"id": "f1", "name": "old", "v": 0}), 3)).stale == 1,
        "versions too"
    );
}

#[test]
fn a_mutation_is_sent_only_once_it_is_stored() {
    let mut app = App::start(registry(), Disk::default());
    go_live(&mut app, 0);
    app.sent.clear();
    app.mutate(&rename("m1", "f1", "b"));
    assert!(app.sent.is_empty());
    assert_eq!(app.disk.keys("out/").len(), 0);
    assert!(app.write());
    assert_eq!(app.disk.keys("out/").len(), 1);
    assert!(app.sent[0].contains(r#""id":"m1""#), "{:?}", app.sent);
}

#[test]
fn a_mutation_is_sent_all_the_same_when_it_cannot_be_stored_and_the_app_is_told() {
    let mut app = App::start(registry(), Disk::default());
    go_live(&mut app, 0);
    app.sent.clear();
    app.mutate(&rename("m1", "f1", "b"));
    assert!(app.fail());
    assert_eq!(app.storage_errors, ["storage.quota_exceeded"]);
    assert_eq!(app.cache.status().storage, StorageState::Failed);
    assert_eq!(app.sent.len(), 1);
    app.mutate(&rename("m2", "f2", "b"));
    assert_eq!(app.sent.len(), 2, "nothing waits for a storage that fails");
    app.wait(20_000);
    assert!(app.write(), "it is tried again");
    assert_eq!(app.disk.keys("out/").len(), 2);
    assert!(app.is_ready());
}

#[test]
fn an_edit_leaves_the_disk_together_with_the_event_that_confirms_it() {
    let mut app = App::start(registry(), Disk::default());
    go_live(&mut app, 0);
    app.receive(&changed("file", json!({"id": "f1", "name": "a", "v": 1}), 1));
    app.mutate(&rename("m1", "f1", "b"));
    app.flush();
    let before = app.disk.clone();
    let mut event: serde_json::Value =
        serde_json::from_str(&changed("file", json!({"id": "f1", "name": "b", "v": 2}), 2)).unwrap();
    event["envelope"]["mutation_id"] = json!("m1");
    app.receive(&event.to_string());
    assert_eq!(app.settled, [("m1".to_owned(), None)]);

    // Killed before the batch, the edit is still there; after it, the row is.
    let mut killed = App::start(registry(), before);
    assert_eq!(killed.rows("file"), [r#"{"id":"f1","name":"b","v":1}"#]);
    assert_eq!(killed.cache.pending().len(), 1);
    app.flush();
    let mut later = App::start(registry(), app.disk);
    assert_eq!(later.rows("file"), [r#"{"id":"f1","name":"b","v":2}"#]);
    assert_eq!(later.cache.pending().len(), 0);
}

#[test]
fn rows_that_the_screen_gave_already_take_none_of_the_others_with_them() {
    let mut app = App::start(registry(), Disk::default());
    let rows: Vec<_> =
        (0..6).map(|n| json!({"id": format!("f{n}"), "name": format!("{n}"), "v": 1})).collect();
    let event = json!({"ResourceChangedBatch": {"resource_type": "file", "resources": rows}}).to_string();
    app.apply(&event);
    let query =
        larder::query::Query::parse(br#"{"from":"file","orderBy":[{"name":"asc"}],"limit":2}"#).unwrap();
    let step = app.cache.mount(&query);
    app.take(step).unwrap();
    app.flush();
    let before = app.rows("file");
    assert_eq!(before.len(), 6);
    let mut app = App::start(registry(), app.disk);
    assert_eq!(app.rows("file"), before);
}

#[test]
fn a_large_batch_whose_first_row_is_stale_keeps_the_rows_behind_it() {
    let mut app = App::start(registry(), Disk::default());
    app.apply(&changed("file", json!({"id": "f0", "name": "newer", "v": 2}), 1));
    let rows: Vec<_> =
        (0..2_000).map(|n| json!({"id": format!("f{n}"), "name": "x".repeat(200), "v": 1})).collect();
    let batch = json!({"ResourceChangedBatch": {"resource_type": "file", "resources": rows}}).to_string();
    let step = app.cache.apply(batch);
    app.take(step).unwrap();
    let shown = app.rows("file");
    assert_eq!(shown.len(), 2_000);
    assert!(shown.iter().all(|row| row.starts_with(r#"{"id":"f"#)));
}

#[test]
fn what_was_on_the_screen_is_there_before_the_rest() {
    let mut app = App::start(registry(), Disk::default());
    let rows: Vec<_> = (0..20_000)
        .map(|n| json!({"id": format!("f{n}"), "name": format!("{n:06}"), "v": 1, "note": "x".repeat(300)}))
        .collect();
    app.apply(
        &json!({
            "envelope": {"id": "e1", "library_id": "lib", "sequence": 1},
            "kind": {"type": "ResourceBatchChanged", "data": {"resource_type": "file", "resources": rows}},
        })
        .to_string(),
    );
    let query =
        larder::query::Query::parse(br#"{"from":"file","orderBy":[{"name":"desc"}],"limit":50}"#).unwrap();
    let step = app.cache.mount(&query);
    app.take(step).unwrap();
    app.flush();
    assert!(app.disk.keys("rows/").len() > 4);

    let mut app = App::begin(registry(), app.disk);
    let step = app.cache.mount(&query);
    let id = app.take(step).unwrap();
    assert_eq!(app.cache.rows(id).count(), 0);
    let asked = app.loading.clone().unwrap();
    assert!(asked.iter().all(|key| !key.starts_with("rows/")), "{asked:?}");
    app.load();
    assert_eq!(app.cache.rows(id).count(), 50);
    assert!(app.cache.stats().entities < 100);
    let first = app.cache.rows(id).next().unwrap().into_owned();
    assert!(String::from_utf8(first).unwrap().contains("019999"));
    assert_eq!(app.cache.status().storage, StorageState::Restoring);
    assert!(app.host.is_partial(id), "the query says that more is to come");
    let slices = std::iter::from_fn(|| app.load().then_some(())).count();
    assert!(slices > 1);
    assert_eq!(app.cache.stats().entities, 20_000);
    assert_eq!(app.cache.total(id), Some(20_000));
    assert!(!app.host.is_partial(id));
}

#[test]
fn rows_that_change_often_do_not_fill_the_disk() {
    let mut app = App::start(registry(), Disk::default());
    let mut sequence = 0;
    for round in 0..400 {
        for n in 0..5 {
            sequence += 1;
            let id = format!("f{}", (round * 7 + n * 13) % 40);
            app.apply(&changed("file", json!({"id": id, "v": sequence, "note": "y".repeat(200)}), sequence));
        }
        if round % 3 == 0 {
            sequence += 1;
            app.apply(&deleted("file", &format!("f{}", round % 40), sequence));
        }
        app.wait(300);
        app.write();
    }
    app.flush();
    assert!(app.disk.keys("rows/").len() < 50, "{} segments", app.disk.keys("rows/").len());
    let bytes: usize = app.disk.values.values().map(Vec::len).sum();
    assert!(bytes < 100_000, "{bytes} bytes");
    let rows = app.rows("file");
    let mut again = App::start(registry(), app.disk);
    assert_eq!(again.rows("file"), rows);
}

#[test]
fn damage_is_told_costs_rows_but_no_edits_and_never_a_panic() {
    let mut app = App::start(registry(), Disk::default());
    for n in 1..=30 {
        app.apply(&changed("file", json!({"id": format!("f{n}"), "v": n}), n));
        if n % 10 == 0 {
            app.flush();
        }
    }
    app.mutate(&rename("m1", "f1", "b"));
    let query =
        larder::query::Query::parse(br#"{"from":"file","orderBy":[{"v":"desc"}],"limit":5}"#).unwrap();
    let step = app.cache.mount(&query);
    app.take(step).unwrap();
    app.flush();
    for key in app.disk.keys("") {
        let length = app.disk.values[&key].len();
        for at in (0..length).step_by(7) {
            let mut disk = app.disk.clone();
            disk.values.get_mut(&key).unwrap()[at] ^= 0x41;
            let mut again = App::start(registry(), disk);
            assert!(!again.storage_errors.is_empty(), "{key} at {at}");
            let expected = usize::from(!key.starts_with("out/"));
            assert_eq!(again.cache.pending().len(), expected, "{key} at {at}");
            if key.starts_with("rows/") || key == "meta" {
                assert_eq!(again.cache.status().cursor, None, "all of it is asked for again: {key} at {at}");
            } else {
                assert_eq!(again.rows("file").len(), 30);
            }
            // The damaged value is gone with the next batch, and what the screen still gave is stored anew.
            let shown = again.rows("file");
            again.flush();
            let mut later = App::start(registry(), again.disk);
            assert!(later.storage_errors.is_empty(), "{key} at {at}");
            assert_eq!(later.rows("file"), shown, "{key} at {at}");
        }
        let mut disk = app.disk.clone();
        disk.values.get_mut(&key).unwrap().truncate(length / 2);
        assert!(!App::start(registry(), disk).storage_errors.is_empty(), "{key}");
    }
}

#[test]
fn a_newer_format_is_an_error_of_its_own() {
    let mut app = App::start(registry(), Disk::default());
    app.apply(&changed("file", json!({"id": "f1", "v": 1}), 1));
    app.flush();
    app.disk.values.get_mut("meta").unwrap()[3] = 99;
    let app = App::start(registry(), app.disk);
    assert_eq!(app.storage_errors, ["storage.newer_format"]);
    assert_eq!(app.cache.status().cursor, None);
}

#[test]
fn rows_of_a_type_that_is_declared_otherwise_now_are_asked_for_again() {
    let mut app = App::start(registry(), Disk::default());
    app.apply(&changed("file", json!({"id": "f1", "key": "k1", "v": 1}), 1));
    app.apply(&changed("tag", json!({"id": "t1"}), 2));
    app.flush();
    let other = Registry::builder()
        .resource(ResourceType::new("file").id("key").version("v"))
        .resource(ResourceType::new("tag").merge(MergePolicy::Deep))
        .build()
        .unwrap();
    let mut app = App::start(other, app.disk);
    assert!(app.storage_errors.is_empty());
    assert_eq!(app.cache.status().cursor, None);
    assert_eq!(app.rows("file").len(), 0);
    assert_eq!(app.rows("tag").len(), 1);
}

#[test]
fn events_that_come_while_rows_are_read_back_wait_for_them() {
    let mut app = App::start(registry(), Disk::default());
    app.apply(&changed("tag", json!({"id": "t1", "name": "red", "color": "#f00"}), 1));
    app.flush();
    let mut app = App::begin(registry(), app.disk);
    let applied = app.apply(&changed("tag", json!({"id": "t1", "name": "rot"}), 2));
    assert!(applied.held);
    while app.load() {}
    assert_eq!(app.rows("tag"), [r##"{"color":"#f00","id":"t1","name":"rot"}"##]);
    assert_eq!(app.cache.status().cursor, reached(2));
}

#[test]
fn a_connection_that_opens_early_subscribes_from_the_stored_cursor() {
    let mut app = App::start(registry(), Disk::default());
    app.apply(&changed("tag", json!({"id": "t1"}), 41));
    app.flush();
    let mut app = App::begin(registry(), app.disk);
    let step = app.cache.connect(app.now_ms);
    app.take(step).unwrap();
    let step = app.cache.connected(app.now_ms);
    app.take(step).unwrap();
    assert!(app.sent.is_empty());
    while app.load() {}
    assert!(app.sent[0].contains(r#""since":41"#), "{:?}", app.sent);
}

#[test]
fn edits_made_while_rows_are_read_back_are_stored_and_shown() {
    let mut app = App::start(registry(), Disk::default());
    app.apply(&changed("file", json!({"id": "f1", "name": "a", "v": 1}), 1));
    app.mutate(&rename("m1", "f1", "b"));
    app.flush();
    let mut app = App::begin(registry(), app.disk);
    app.mutate(&rename("m2", "f1", "c"));
    assert!(app.write());
    assert_eq!(app.disk.keys("out/").len(), 2);
    while app.load() {}
    assert_eq!(app.rows("file"), [r#"{"id":"f1","name":"c","v":1}"#]);
    let mut again = App::start(registry(), app.disk);
    assert_eq!(again.cache.pending().iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["m1", "m2"]);
    assert_eq!(again.rows("file"), [r#"{"id":"f1","name":"c","v":1}"#]);
}

/// An app whose storage cannot be read back while its first edit is being written.
fn given_up_while_writing() -> App {
    let mut app = App::start(registry(), Disk::default());
    app.apply(&changed("file", json!({"id": "f1", "name": "a", "v": 1}), 1));
    app.flush();
    let mut app = App::begin(registry(), app.disk);
    app.mutate(&rename("m1", "f1", "b"));
    let error = StorageError::new(StorageErrorKind::Io, "the disk does not answer");
    let step = app.cache.load_failed(&error, app.now_ms);
    app.take(step).unwrap();
    app
}

#[test]
fn a_storage_that_cannot_be_read_while_a_batch_is_written_holds_no_later_edit_back() {
    let mut app = given_up_while_writing();
    assert!(app.write(), "the batch was on its way");
    assert_eq!(app.cache.status().storage, StorageState::Failed);
    go_live(&mut app, 1);
    app.mutate(&rename("m2", "f2", "c"));
    let sent: Vec<_> = app.sent.iter().filter(|frame| frame.contains("mutate")).collect();
    assert_eq!(sent.len(), 2, "{sent:?}");
}

#[test]
fn a_storage_that_is_given_up_while_a_batch_fails_asks_for_no_more_time() {
    let mut app = given_up_while_writing();
    assert!(app.fail());
    app.now_ms += 60_000;
    let step = app.cache.tick(app.now_ms);
    assert!(!step.effects.iter().any(|effect| matches!(effect, Effect::WakeAt(_))), "{:?}", step.effects);
}
