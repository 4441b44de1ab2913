//! Edits on their way: one after the other, again later, together, or not at all.

use larder::outbox::{Mutation, MutationState};
use larder::registry::ResourceType;
use larder::{Cache, Config, Effect, Registry};
use serde_json::{Value as Json, json};

use crate::disk::{App, Disk};

fn registry() -> Registry {
    Registry::builder().resource(ResourceType::new("file").version("v")).build().unwrap()
}

/// An app that is connected to an engine with one file.
fn live() -> App {
    let mut app = App::start(registry(), Disk::default());
    let step = app.cache.connect(app.now_ms);
    app.take(step).unwrap();
    let step = app.cache.connected(app.now_ms);
    app.take(step).unwrap();
    app.receive(r#"{"type":"welcome","data":{"protocol":1,"scope":"lib","epoch":"e","sequence":0}}"#);
    app.receive(r#"{"type":"synced","data":{"sequence":0}}"#);
    app.receive(
        r#"{"envelope":{"id":"e1","library_id":"lib","sequence":1},"kind":{"type":"ResourceChanged",
        "data":{"resource_type":"file","resource":{"id":"f1","name":"a","v":1}}}}"#,
    );
    app.flush();
    app.sent.clear();
    app
}

fn edit(id: &str, file: &str, field: &str, value: &str) -> Json {
    json!({
        "id": id, "name": "files.edit", "args": {"id": file, field: value},
        "optimistic": [{"type": "merge", "data": {"resource_type": "file", "id": file, "fields": {field: value}}}],
    })
}

/// Makes an edit and stores it.
fn make(app: &mut App, edit: &Json) {
    app.mutate(&edit.to_string());
    while app.write() {}
}

fn sent(app: &mut App) -> Vec<String> {
    let frames = app.sent.drain(..).map(|frame| serde_json::from_str::<Json>(&frame).unwrap());
    frames
        .filter(|frame| frame["type"] == "mutate")
        .map(|frame| frame["data"]["id"].as_str().unwrap().to_owned())
        .collect()
}

fn ack(app: &mut App, id: &str, sequence: u64) {
    app.receive(&json!({"type": "ack", "data": {"id": id, "sequence": sequence}}).to_string());
}

fn reject(app: &mut App, id: &str, kind: &str) {
    app.receive(&json!({"type": "reject", "data": {"id": id, "kind": kind, "message": "no"}}).to_string());
}

fn states(app: &App) -> Vec<(String, MutationState)> {
    app.cache.pending().into_iter().map(|pending| (pending.id, pending.state)).collect()
}

#[test]
fn edits_of_one_entity_go_one_after_the_other_and_others_do_not_wait() {
    let mut app = live();
    make(&mut app, &edit("m1", "f1", "name", "b"));
    make(&mut app, &edit("m2", "f1", "note", "x"));
    make(&mut app, &edit("m3", "f2", "name", "c"));
    assert_eq!(sent(&mut app), ["m1", "m3"]);
    ack(&mut app, "m1", 5);
    assert_eq!(sent(&mut app), ["m2"]);
}

#[test]
fn edits_after_a_refused_one_wait_for_the_apps_word() {
    let mut app = live();
    make(&mut app, &edit("m1", "f1", "name", "b"));
    make(&mut app, &edit("m2", "f1", "note", "x"));
    make(&mut app, &edit("m3", "f1", "note", "y"));
    make(&mut app, &edit("m4", "f2", "note", "z"));
    assert_eq!(sent(&mut app), ["m1", "m4"]);
    reject(&mut app, "m1", "target_exists");
    assert_eq!(app.settled, [("m1".to_owned(), Some("target_exists".to_owned()))]);
    assert_eq!(
        states(&app),
        [
            ("m2".to_owned(), MutationState::Held),
            ("m3".to_owned(), MutationState::Held),
            ("m4".to_owned(), MutationState::InFlight)
        ]
    );
    assert_eq!(app.rows("file"), [r#"{"id":"f1","name":"a","v":1,"note":"y"}"#], "they are still shown");

    // That they are held outlives the app.
    app.flush();
    let mut app = App { sent: Vec::new(), ..App::start(registry(), app.disk) };
    assert_eq!(states(&app)[0].1, MutationState::Held);
    let step = app.cache.discard("m2");
    app.take(step).unwrap();
    assert_eq!(app.settled, [("m2".to_owned(), Some("discarded".to_owned()))]);
    let step = app.cache.retry("m3");
    app.take(step).unwrap();
    assert_eq!(states(&app)[0], ("m3".to_owned(), MutationState::Queued));
    let step = app.cache.retry("m3");
    assert_eq!(app.take(step).unwrap_err().kind(), "mutation.not_held");
}

#[test]
fn what_was_sent_cannot_be_taken_back() {
    let mut app = live();
    make(&mut app, &edit("m1", "f1", "name", "b"));
    let step = app.cache.discard("m1");
    assert_eq!(app.take(step).unwrap_err().kind(), "mutation.sent");
    let step = app.cache.discard("m9");
    assert_eq!(app.take(step).unwrap_err().kind(), "mutation.not_pending");
}

#[test]
fn a_refusal_for_the_moment_is_tried_again_later_and_later() {
    let mut app = live();
    make(&mut app, &edit("m1", "f1", "name", "b"));
    assert_eq!(sent(&mut app), ["m1"]);
    let mut waits = Vec::new();
    for _ in 0..4 {
        reject(&mut app, "m1", "unavailable");
        assert!(app.settled.is_empty());
        let from = app.now_ms;
        while sent(&mut app).is_empty() {
            app.wait(100);
            assert!(app.now_ms < from + 100_000, "it is sent in the end");
        }
        waits.push(app.now_ms - from);
    }
    assert_eq!(waits, [500, 1000, 2000, 4000]);
}

#[test]
fn the_timer_is_set_for_the_next_attempt() {
    let mut cache = Cache::new(registry(), Config::default());
    drop(cache.connect(0));
    drop(cache.connected(0));
    drop(
        cache
            .receive(r#"{"type":"welcome","data":{"protocol":1,"scope":"lib","epoch":"e","sequence":0}}"#, 0),
    );
    drop(cache.receive(r#"{"type":"synced","data":{"sequence":0}}"#, 0));
    drop(cache.mutate(Mutation::parse(&edit("m1", "f1", "name", "b").to_string()).unwrap()));
    let step = cache.receive(r#"{"type":"reject","data":{"id":"m1","kind":"busy","message":"no"}}"#, 10);
    assert!(step.effects.iter().any(|effect| matches!(effect, Effect::WakeAt(510))), "{:?}", step.effects);
}

#[test]
fn unsent_edits_with_one_key_become_one() {
    let mut app = App::start(registry(), Disk::default());
    for (id, name) in [("m1", "b"), ("m2", "bo"), ("m3", "boo")] {
        let mut edit = edit(id, "f1", "name", name);
        edit["coalesce"] = json!("f1.name");
        make(&mut app, &edit);
    }
    assert_eq!(states(&app), [("m3".to_owned(), MutationState::Queued)]);
    assert_eq!(app.disk.keys("out/").len(), 1);
    app.flush();

    let mut app = App::start(registry(), app.disk);
    app.apply(r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"f1","name":"a","v":1}}}"#);
    assert_eq!(app.rows("file"), [r#"{"id":"f1","name":"boo","v":1}"#]);
    let step = app.cache.ack("m3", None);
    app.take(step).unwrap();
    let settled: Vec<&str> = app.settled.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(settled, ["m1", "m2", "m3"], "whoever made one of them hears of it");
}

#[test]
fn an_edit_that_may_have_been_sent_is_not_replaced() {
    let mut app = live();
    let with_key = |id: &str, name: &str| {
        let mut edit = edit(id, "f1", "name", name);
        edit["coalesce"] = json!("f1.name");
        edit
    };
    make(&mut app, &with_key("m1", "b"));
    assert_eq!(sent(&mut app), ["m1"]);
    make(&mut app, &with_key("m2", "bo"));
    make(&mut app, &with_key("m3", "boo"));
    let ids: Vec<String> = states(&app).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["m1", "m3"]);
    // Another edit of the row in between keeps its place.
    make(&mut app, &edit("m4", "f1", "note", "x"));
    make(&mut app, &with_key("m5", "book"));
    let ids: Vec<String> = states(&app).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["m1", "m3", "m4", "m5"]);
}

#[test]
fn an_edit_that_is_put_off_asks_for_no_time_when_it_waits_for_a_connection() {
    let mut app = live();
    make(&mut app, &edit("m1", "f1", "name", "b"));
    reject(&mut app, "m1", "busy");
    let step = app.cache.disconnected(app.now_ms);
    app.take(step).unwrap();
    app.now_ms += 5_000;
    let step = app.cache.tick(app.now_ms);
    let now_ms = app.now_ms;
    let wakes: Vec<u64> = step
        .effects
        .iter()
        .filter_map(|effect| if let Effect::WakeAt(at_ms) = effect { Some(*at_ms) } else { None })
        .collect();
    assert!(wakes.iter().all(|&at_ms| at_ms > now_ms), "{wakes:?} at {now_ms}");
    assert!(step.effects.iter().any(|effect| matches!(effect, Effect::Connect)));
}

#[test]
fn an_accepted_edit_is_asked_for_again_when_the_log_is_another() {
    let mut app = live();
    make(&mut app, &edit("m1", "f1", "name", "b"));
    ack(&mut app, "m1", 50);
    assert_eq!(sent(&mut app), ["m1"]);
    let step = app.cache.disconnected(app.now_ms);
    app.take(step).unwrap();
    let step = app.cache.connected(app.now_ms);
    app.take(step).unwrap();
    app.receive(r#"{"type":"welcome","data":{"protocol":1,"scope":"lib","epoch":"other","sequence":3}}"#);
    assert_eq!(sent(&mut app), ["m1"], "50 says nothing in this log");
    app.receive(r#"{"type":"resync","data":{"reason":"epoch_changed","sequence":3}}"#);
    app.receive(r#"{"type":"synced","data":{"sequence":3}}"#);
    assert_eq!(states(&app).len(), 1);
    ack(&mut app, "m1", 3);
    assert_eq!(states(&app), []);
}
