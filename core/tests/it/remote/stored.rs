//! Results outlive the app.

use larder::Registry;
use larder::registry::ResourceType;
use larder::remote::RemoteQuery;
use serde_json::{Value, json};

use super::file;
use crate::disk::{App, Disk};

fn registry() -> Registry {
    Registry::builder().resource(ResourceType::new("file").version("v")).build().unwrap()
}

fn mount(app: &mut App, policy: &str) -> larder::QueryId {
    let request = json!({"method": "files.list", "input": {"path": "/a"}, "from": "file", "where": {"folder": "/a"}, "policy": policy});
    let request = RemoteQuery::parse(request.to_string()).unwrap();
    let step = app.cache.mount_remote(&request, app.now_ms);
    app.take(step).unwrap()
}

fn names(app: &App, query: larder::QueryId) -> Vec<String> {
    let rows = app.cache.rows(query).map(|row| serde_json::from_slice::<Value>(&row).unwrap());
    rows.map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

fn go_live(app: &mut App) {
    let step = app.cache.connect(app.now_ms);
    app.take(step).unwrap();
    let step = app.cache.connected(app.now_ms);
    app.take(step).unwrap();
    for (kind, data) in [
        ("welcome", json!({"protocol": 1, "scope": "lib", "epoch": "e", "sequence": 0})),
        ("synced", json!({"sequence": 0})),
    ] {
        app.receive(&json!({"type": kind, "data": data}).to_string());
    }
}

#[test]
fn a_result_is_shown_after_a_restart_without_a_connection_and_asked_for_when_there_is_one() {
    let mut app = App::start(registry(), Disk::default());
    go_live(&mut app);
    let query = mount(&mut app, "cache_first");
    let rows = [file("c", 1, "/a"), file("a", 1, "/a"), file("b", 1, "/a")];
    let answer =
        json!({"type": "result", "data": {"id": "remote/1", "data": {"data": rows, "meta": {"next": 3}}}});
    app.receive(&answer.to_string());
    assert_eq!(names(&app, query), ["c", "a", "b"]);
    app.flush();
    assert_eq!(app.disk.keys("remote/").len(), 1);

    let mut app = App::start(registry(), app.disk);
    assert!(app.is_ready());
    let query = mount(&mut app, "cache_first");
    assert_eq!(names(&app, query), ["c", "a", "b"], "in the backend's order");
    assert!(!app.sent.iter().any(|frame| frame.contains("files.list")));
    go_live(&mut app);
    assert!(app.sent.iter().any(|frame| frame.contains("files.list")), "it may be out of date");
    app.receive(&json!({"type": "result", "data": {"id": "remote/1", "data": ["a"]}}).to_string());
    assert_eq!(names(&app, query), ["a"]);
    app.flush();

    let mut app = App::start(registry(), app.disk);
    let query = mount(&mut app, "cache_only");
    assert_eq!(names(&app, query), ["a"], "rows that came back are no news, so none joined it");
}

#[test]
fn a_result_that_must_not_be_cached_is_not_stored() {
    let mut app = App::start(registry(), Disk::default());
    go_live(&mut app);
    mount(&mut app, "cache_first");
    let answer = json!({"data": [file("a", 1, "/a")], "cache": {"cacheable": false}});
    app.receive(&json!({"type": "result", "data": {"id": "remote/1", "data": answer}}).to_string());
    app.flush();
    assert!(app.disk.keys("remote/").is_empty());
}
