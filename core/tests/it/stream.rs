//! The stream and the connection: order, gaps, copies, reconnects, and time.

use larder::registry::ResourceType;
use larder::{Cache, Config, Effect, Phase, QueryId, Registry};
use serde_json::{Value, json};

use crate::host::{Host, reached};

fn start() -> (Cache, Host, QueryId) {
    let registry = Registry::builder().resource(ResourceType::new("file")).build().unwrap();
    let mut cache = Cache::new(registry, Config::default());
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file"}"#);
    (cache, host, all)
}

fn event(sequence: u64, id: &str) -> String {
    event_with(sequence, json!({"id": id}), None, None)
}

fn event_with(sequence: u64, resource: Value, previous: Option<u64>, mutation: Option<&str>) -> String {
    json!({
        "envelope": {"id": format!("e{sequence}"), "library_id": "lib", "sequence": sequence, "previous": previous, "mutation_id": mutation},
        "kind": {"type": "ResourceChanged", "data": {"resource_type": "file", "resource": resource}},
    })
    .to_string()
}

fn frame(kind: &str, data: Value) -> String {
    json!({"type": kind, "data": data}).to_string()
}

fn welcome(cache: &mut Cache, host: &mut Host, epoch: &str, sequence: u64) {
    host.deliver(cache.connected(0)).unwrap();
    let data = json!({"protocol": 1, "scope": "lib", "epoch": epoch, "sequence": sequence});
    host.deliver(cache.receive(frame("welcome", data), 0)).unwrap();
}

/// Connects and gets a first copy with these ids as of this sequence.
fn first_copy(cache: &mut Cache, host: &mut Host, sequence: u64, ids: &[&str]) {
    welcome(cache, host, "epoch", sequence);
    copy(cache, host, "first", sequence, ids);
}

fn copy(cache: &mut Cache, host: &mut Host, reason: &str, sequence: u64, ids: &[&str]) {
    host.deliver(cache.receive(frame("resync", json!({"reason": reason, "sequence": sequence})), 0)).unwrap();
    for id in ids {
        host.deliver(cache.receive(event(sequence, id), 0)).unwrap();
    }
    host.deliver(cache.receive(frame("synced", json!({"sequence": sequence})), 0)).unwrap();
}

#[test]
fn a_copy_then_live_events() {
    let (mut cache, mut host, all) = start();
    first_copy(&mut cache, &mut host, 10, &["a", "b"]);
    assert_eq!((cache.status().phase, cache.status().cursor), (Phase::Live, reached(10)));
    host.deliver(cache.receive(event(11, "c"), 0)).unwrap();
    assert_eq!(
        (host.column(all, "id"), cache.status().cursor),
        (vec!["a".into(), "b".into(), "c".into()], reached(11))
    );
    let subscribe = &host.sent()[0];
    assert_eq!(subscribe, &json!({"type": "subscribe", "data": {"protocol": 1}}));
}

#[test]
fn an_event_that_was_applied_is_ignored_when_it_comes_again() {
    let (mut cache, mut host, all) = start();
    host.deliver(cache.apply(event(1, "a"))).unwrap();
    host.deliver(cache.apply(event(2, "b"))).unwrap();
    let again =
        host.deliver(cache.apply(event_with(1, json!({"id": "a", "old": true}), None, None))).unwrap();
    assert!(again.duplicate);
    assert_eq!((host.list(all)[0].clone(), cache.status().cursor), (json!({"id": "a"}), reached(2)));
}

#[test]
fn events_out_of_order_are_applied_in_order_once_the_gap_is_filled() {
    let (mut cache, mut host, all) = start();
    first_copy(&mut cache, &mut host, 1, &[]);
    host.sent();
    for sequence in [5, 3, 4] {
        let applied = host.deliver(cache.receive(event(sequence, &sequence.to_string()), 0)).unwrap();
        assert!(applied.held);
    }
    assert_eq!(host.sent(), [json!({"type": "catch_up", "data": {"since": 1}})], "asked once");
    assert_eq!(host.total(all), 0);
    host.deliver(cache.receive(event(2, "2"), 0)).unwrap();
    assert_eq!((host.column(all, "id").concat(), cache.status().cursor), ("2345".into(), reached(5)));
    // What the catch-up sends again is known by now.
    assert!(host.deliver(cache.receive(event(3, "3"), 0)).unwrap().duplicate);
}

#[test]
fn what_cannot_be_held_back_comes_again_with_the_catch_up() {
    let (mut cache, mut host, all) = start();
    first_copy(&mut cache, &mut host, 1, &[]);
    for sequence in 3..600 {
        host.deliver(cache.receive(event(sequence, &format!("{sequence:03}")), 0)).unwrap();
    }
    for sequence in 2..600 {
        host.deliver(cache.receive(event(sequence, &format!("{sequence:03}")), 0)).unwrap();
    }
    assert_eq!((host.total(all), cache.status().cursor), (598, reached(599)));
}

#[test]
fn a_filtered_subscription_has_no_gaps() {
    let (mut cache, mut host, all) = start();
    first_copy(&mut cache, &mut host, 1, &[]);
    host.sent();
    host.deliver(cache.receive(event_with(7, json!({"id": "a"}), Some(1), None), 0)).unwrap();
    host.deliver(cache.receive(event_with(9, json!({"id": "b"}), Some(7), None), 0)).unwrap();
    assert_eq!((host.total(all), cache.status().cursor, host.sent().len()), (2, reached(9), 0));
    assert!(host.deliver(cache.receive(event_with(12, json!({"id": "c"}), Some(11), None), 0)).unwrap().held);
}

#[test]
fn after_a_reconnect_only_what_was_missed_is_asked_for() {
    let (mut cache, mut host, all) = start();
    first_copy(&mut cache, &mut host, 3, &["a"]);
    host.deliver(cache.disconnected(100)).unwrap();
    assert_eq!((cache.status().phase, host.column(all, "id")), (Phase::Offline, vec!["a".into()]));
    host.sent();
    welcome(&mut cache, &mut host, "epoch", 5);
    let subscribe = host.sent().remove(0);
    assert_eq!(
        subscribe,
        json!({"type": "subscribe", "data": {"protocol": 1, "scope": "lib", "since": 3, "epoch": "epoch"}})
    );
    assert_eq!(cache.status().phase, Phase::Syncing);
    host.deliver(cache.receive(event(4, "b"), 0)).unwrap();
    host.deliver(cache.receive(event(5, "c"), 0)).unwrap();
    host.deliver(cache.receive(frame("synced", json!({"sequence": 5})), 0)).unwrap();
    assert_eq!((cache.status().phase, host.column(all, "id").concat()), (Phase::Live, "abc".into()));
}

#[test]
fn a_resync_removes_what_is_gone_keeps_pending_edits_and_never_blanks_the_list() {
    let (mut cache, mut host, all) = start();
    first_copy(&mut cache, &mut host, 3, &["a", "b", "c"]);
    let mutation = json!({"id": "m", "name": "x", "args": {}, "optimistic": [
        {"type": "merge", "data": {"resource_type": "file", "id": "b", "fields": {"mine": true}}},
        {"type": "upsert", "data": {"resource_type": "file", "resource": {"id": "z"}}},
    ]});
    host.deliver(cache.mutate(serde_json::from_value(mutation).unwrap())).unwrap();
    host.deliver(cache.disconnected(0)).unwrap();
    welcome(&mut cache, &mut host, "another epoch", 2);
    host.deliver(cache.receive(frame("resync", json!({"reason": "epoch_changed", "sequence": 2})), 0))
        .unwrap();
    assert_eq!(host.total(all), 4, "still on screen");
    host.deliver(cache.receive(event(2, "b"), 0)).unwrap();
    host.deliver(cache.receive(event(2, "d"), 0)).unwrap();
    assert_eq!(host.column(all, "id").concat(), "abcdz");
    host.deliver(cache.receive(frame("synced", json!({"sequence": 2})), 0)).unwrap();
    assert_eq!(host.column(all, "id").concat(), "bdz");
    assert_eq!(host.list(all)[0]["mine"], true);
    host.deliver(cache.receive(event(3, "e"), 0)).unwrap();
    assert_eq!((host.total(all), cache.status().cursor), (4, reached(3)));
}

#[test]
fn the_rows_of_a_copy_are_whole_even_where_the_type_merges() {
    let file = ResourceType::new("file").merge(larder::registry::MergePolicy::Deep);
    let mut cache = Cache::new(Registry::builder().resource(file).build().unwrap(), Config::default());
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file"}"#);
    welcome(&mut cache, &mut host, "epoch", 1);
    host.deliver(cache.receive(event_with(1, json!({"id": "a", "old": 1, "meta": {"x": 1}}), None, None), 0))
        .unwrap();
    host.deliver(cache.disconnected(0)).unwrap();
    welcome(&mut cache, &mut host, "another epoch", 7);
    host.deliver(cache.receive(frame("resync", json!({"reason": "epoch_changed", "sequence": 7})), 0))
        .unwrap();
    host.deliver(cache.receive(event_with(7, json!({"id": "a", "meta": {"y": 2}}), None, None), 0)).unwrap();
    assert_eq!(host.list(all), [json!({"id": "a", "meta": {"y": 2}})], "what the copy leaves out is gone");
    host.deliver(cache.receive(event_with(7, json!({"id": "a", "more": 3}), None, None), 0)).unwrap();
    host.deliver(cache.receive(frame("synced", json!({"sequence": 7})), 0)).unwrap();
    assert_eq!(
        host.list(all),
        [json!({"id": "a", "meta": {"y": 2}, "more": 3})],
        "a second part of it merges"
    );
}

#[test]
fn a_copy_that_breaks_off_starts_again_from_nothing() {
    let (mut cache, mut host, all) = start();
    welcome(&mut cache, &mut host, "epoch", 9);
    host.deliver(cache.receive(frame("resync", json!({"reason": "first", "sequence": 9})), 0)).unwrap();
    host.deliver(cache.receive(event(9, "a"), 0)).unwrap();
    host.deliver(cache.disconnected(0)).unwrap();
    host.sent();
    host.deliver(cache.connected(0)).unwrap();
    assert_eq!(host.sent()[0]["data"].get("since"), None, "half a copy is no position");
    let data = json!({"protocol": 1, "scope": "lib", "epoch": "epoch", "sequence": 10});
    host.deliver(cache.receive(frame("welcome", data), 0)).unwrap();
    copy(&mut cache, &mut host, "first", 10, &["b"]);
    assert_eq!(host.column(all, "id"), ["b"], "what only the broken copy had is gone");
}

#[test]
fn mutations_are_sent_when_connected_and_again_after_a_reconnect() {
    let (mut cache, mut host, _) = start();
    let mutation = |id: &str| {
        serde_json::from_value(json!({"id": id, "name": "files.rename", "args": {"id": "a"}})).unwrap()
    };
    host.deliver(cache.mutate(mutation("m1"))).unwrap();
    assert_eq!(host.sent().len(), 0);
    first_copy(&mut cache, &mut host, 1, &["a"]);
    host.deliver(cache.mutate(mutation("m2"))).unwrap();
    let sent = |host: &mut Host| -> Vec<Value> {
        host.sent().into_iter().filter(|frame| frame["type"] == "mutate").collect()
    };
    let frames = sent(&mut host);
    assert_eq!(
        frames[0],
        json!({"type": "mutate", "data": {"id": "m1", "name": "files.rename", "args": {"id": "a"}}})
    );
    assert_eq!((frames.len(), &frames[1]["data"]["id"]), (2, &json!("m2")));
    host.deliver(cache.receive(frame("ack", json!({"id": "m1", "sequence": 1})), 0)).unwrap();
    host.deliver(cache.disconnected(0)).unwrap();
    welcome(&mut cache, &mut host, "epoch", 1);
    let frames = sent(&mut host);
    assert_eq!((frames.len(), &frames[0]["data"]["id"]), (1, &json!("m2")), "only what was not answered");
    host.deliver(
        cache.receive(frame("reject", json!({"id": "m2", "kind": "not_found", "message": "no"})), 0),
    )
    .unwrap();
    assert_eq!(host.settled(), [("m2".to_owned(), Some("not_found".to_owned()))]);
}

#[test]
fn a_mutation_confirmed_while_offline_is_settled_by_the_catch_up() {
    let (mut cache, mut host, all) = start();
    first_copy(&mut cache, &mut host, 1, &["a"]);
    let mutation = json!({"id": "m", "name": "x", "args": {}, "optimistic": [
        {"type": "merge", "data": {"resource_type": "file", "id": "a", "fields": {"name": "mine"}}}]});
    host.deliver(cache.mutate(serde_json::from_value(mutation).unwrap())).unwrap();
    host.deliver(cache.disconnected(0)).unwrap();
    welcome(&mut cache, &mut host, "epoch", 2);
    host.effects.clear();
    host.deliver(cache.receive(event_with(2, json!({"id": "a", "name": "theirs"}), None, Some("m")), 0))
        .unwrap();
    assert_eq!(host.settled(), [("m".to_owned(), None)]);
    assert_eq!(host.column(all, "name"), ["theirs"]);
    host.deliver(cache.receive(frame("ack", json!({"id": "m", "sequence": 2})), 0)).unwrap();
    assert_eq!(cache.pending().len(), 0);
}

#[test]
fn questions_are_answered_and_asked_again_after_a_reconnect() {
    let (mut cache, mut host, _) = start();
    let input = || serde_json::value::RawValue::from_string("{\"a\":1}".into()).unwrap();
    host.deliver(cache.query("q".into(), "engine.status".into(), input())).unwrap();
    first_copy(&mut cache, &mut host, 1, &[]);
    host.deliver(cache.disconnected(0)).unwrap();
    welcome(&mut cache, &mut host, "epoch", 1);
    let asked = host.sent().into_iter().filter(|frame| frame["type"] == "query").count();
    assert_eq!(asked, 2);
    host.deliver(cache.receive(frame("result", json!({"id": "q", "data": {"files": 3}})), 0)).unwrap();
    assert!(host.effects.iter().any(
        |effect| matches!(effect, Effect::Answer { id, data } if id == "q" && data.get() == r#"{"files":3}"#)
    ));
    host.deliver(cache.disconnected(0)).unwrap();
    host.sent();
    welcome(&mut cache, &mut host, "epoch", 1);
    assert!(host.sent().iter().all(|frame| frame["type"] != "query"));
}

#[test]
fn another_library_is_refused() {
    let (mut cache, mut host, all) = start();
    first_copy(&mut cache, &mut host, 1, &["a"]);
    let other = event(2, "b").replace("\"lib\"", "\"other\"");
    assert_eq!(host.deliver(cache.receive(other, 0)).unwrap_err().kind(), "event.wrong_scope");
    let bad = event(2, "b").replace("\"lib\"", "\"other\"").replace("\"id\":\"b\"", "\"nme\":\"b\"");
    assert_eq!(host.deliver(cache.receive(bad, 0)).unwrap_err().kind(), "event.missing_field");
    assert_eq!(
        (host.total(all), cache.status().cursor),
        (1, reached(1)),
        "another library moves nothing here"
    );
    host.deliver(cache.disconnected(0)).unwrap();
    host.deliver(cache.connected(0)).unwrap();
    host.effects.clear();
    let data = json!({"protocol": 1, "scope": "other", "epoch": "e", "sequence": 1});
    assert_eq!(
        host.deliver(cache.receive(frame("welcome", data), 0)).unwrap_err().kind(),
        "event.wrong_scope"
    );
    assert!(host.effects.iter().any(|effect| matches!(effect, Effect::Disconnect)));
}

#[test]
fn another_protocol_is_refused_and_not_tried_again() {
    let (mut cache, mut host, _) = start();
    host.deliver(cache.connected(0)).unwrap();
    let data = json!({"protocol": 99, "scope": "lib", "epoch": "e", "sequence": 1});
    assert_eq!(
        host.deliver(cache.receive(frame("welcome", data), 0)).unwrap_err().kind(),
        "frame.wrong_protocol"
    );
    host.effects.clear();
    host.deliver(cache.disconnected(0)).unwrap();
    host.deliver(cache.tick(1 << 40)).unwrap();
    assert!(!host.effects.iter().any(|effect| matches!(effect, Effect::Connect)));
}

#[test]
fn bad_messages_on_the_connection_are_reported_and_the_stream_goes_on() {
    let (mut cache, mut host, all) = start();
    first_copy(&mut cache, &mut host, 1, &[]);
    host.effects.clear();
    let no_id = event(2, "a").replace("\"id\":\"a\"", "\"nme\":\"a\"");
    for (message, kind) in [
        (frame("nonsense", json!({})), "frame.malformed"),
        (frame("ack", json!({"id": 5})), "frame.malformed"),
        ("{\"type\":\"ack\",\"data\":".to_owned(), "frame.malformed"),
        ("garbage".to_owned(), "event.malformed_json"),
        (no_id, "event.missing_field"),
        (frame("error", json!({"kind": "too_fast", "message": "slow down"})), "frame.engine_error"),
    ] {
        assert_eq!(host.deliver(cache.receive(message.as_str(), 0)).unwrap_err().kind(), kind, "{message}");
        let Some(Effect::Refused(info)) = host.effects.pop() else { panic!("{message} was not reported") };
        assert_eq!(info.kind, kind);
    }
    host.deliver(cache.receive(event(3, "b"), 0)).unwrap();
    assert_eq!((host.column(all, "id"), cache.status().cursor), (vec!["b".into()], reached(3)));
}

#[test]
fn a_connection_that_was_closed_and_is_wanted_again_has_a_timer() {
    let (mut cache, mut host, _) = start();
    host.deliver(cache.connect(0)).unwrap();
    first_copy(&mut cache, &mut host, 1, &[]);
    host.deliver(cache.disconnect()).unwrap();
    host.deliver(cache.disconnected(10)).unwrap();
    host.effects.clear();
    host.deliver(cache.connect(20)).unwrap();
    assert!(
        host.effects.iter().any(|effect| matches!(effect, Effect::WakeAt(at) if *at > 20)),
        "{:?}",
        host.effects
    );
}

#[test]
fn time_alone_brings_a_connection_back() {
    let (mut cache, mut host, _) = start();
    host.deliver(cache.connect(1000)).unwrap();
    assert!(
        matches!(host.effects[..], [Effect::Connect, Effect::Status(_), Effect::WakeAt(_)]),
        "{:?}",
        host.effects
    );
    let mut now = 1000;
    let mut attempts = 0;
    host.effects.clear();
    host.deliver(cache.disconnected(now)).unwrap();
    while attempts < 20 {
        let Some(&Effect::WakeAt(at)) =
            host.effects.iter().rev().find(|effect| matches!(effect, Effect::WakeAt(_)))
        else {
            panic!("no timer is set")
        };
        assert!(at > now && at <= now + 10_000);
        now = at;
        host.effects.clear();
        host.deliver(cache.tick(now)).unwrap();
        if host.effects.iter().any(|effect| matches!(effect, Effect::Connect)) {
            attempts += 1;
            host.effects.clear();
            host.deliver(cache.disconnected(now)).unwrap();
        }
    }
    host.deliver(cache.disconnect()).unwrap();
    host.effects.clear();
    host.deliver(cache.tick(now + 100_000)).unwrap();
    assert!(host.effects.is_empty());
}
