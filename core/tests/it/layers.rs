//! The user's own edits: visible at once, confirmed without flicker, taken back when refused.

use larder::outbox::{MutationState, Rejection};
use larder::registry::ResourceType;
use larder::{Cache, Config, QueryId, Registry};
use serde_json::{Value, json};

use crate::host::Host;

fn start() -> (Cache, Host, QueryId) {
    let registry = Registry::builder().resource(ResourceType::new("file").version("v")).build().unwrap();
    let mut cache = Cache::new(registry, Config::default());
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file","orderBy":[{"name":"asc"}]}"#);
    for (id, name) in [("1", "a"), ("2", "b"), ("3", "c")] {
        host.deliver(cache.apply(event(0, None, json!({"id": id, "name": name, "v": 1})))).unwrap();
    }
    (cache, host, all)
}

fn event(sequence: u64, mutation: Option<&str>, resource: Value) -> String {
    json!({
        "envelope": {"id": "e", "sequence": sequence, "mutation_id": mutation},
        "kind": {"type": "ResourceChanged", "data": {"resource_type": "file", "resource": resource}},
    })
    .to_string()
}

fn merge(id: &str, fields: Value) -> Value {
    json!({"type": "merge", "data": {"resource_type": "file", "id": id, "fields": fields}})
}

fn mutate(cache: &mut Cache, host: &mut Host, id: &str, optimistic: Value) -> Result<(), larder::Error> {
    let mutation = json!({"id": id, "name": "files.rename", "args": {}, "optimistic": optimistic});
    host.deliver(cache.mutate(serde_json::from_value(mutation).unwrap()))
}

fn refused() -> Rejection {
    Rejection { kind: "target_exists".into(), message: "a file of that name exists".into() }
}

#[test]
fn an_edit_is_visible_at_once_and_moves_the_row() {
    let (mut cache, mut host, all) = start();
    mutate(&mut cache, &mut host, "m", json!([merge("1", json!({"name": "z"}))])).unwrap();
    assert_eq!(host.column(all, "name"), ["b", "c", "z"]);
    assert_eq!(cache.pending()[0].state, MutationState::Queued);
    assert_eq!(cache.status().pending, 1);
}

#[test]
fn a_refused_edit_is_taken_back() {
    let (mut cache, mut host, all) = start();
    let operations = json!([
        merge("1", json!({"name": "z"})),
        {"type": "delete", "data": {"resource_type": "file", "id": "2"}},
        {"type": "upsert", "data": {"resource_type": "file", "resource": {"id": "9", "name": "new"}}},
    ]);
    let before = host.list(all);
    mutate(&mut cache, &mut host, "m", operations).unwrap();
    assert_eq!(host.column(all, "name"), ["c", "new", "z"]);
    host.effects.clear();
    host.deliver(cache.reject("m", refused())).unwrap();
    assert_eq!(host.list(all), before);
    assert_eq!(host.settled(), [("m".to_owned(), Some("target_exists".to_owned()))]);
    assert_eq!((cache.stats().entities, cache.pending().len()), (3, 0), "nothing is left of it");
}

#[test]
fn the_confirming_event_drops_the_layer_in_the_same_patch() {
    let (mut cache, mut host, all) = start();
    mutate(&mut cache, &mut host, "m", json!([merge("1", json!({"name": "z"}))])).unwrap();
    host.effects.clear();
    let patches = host.patches;
    host.deliver(cache.apply(event(1, Some("m"), json!({"id": "1", "name": "z", "v": 2})))).unwrap();
    assert_eq!(host.patches - patches, 1);
    assert_eq!(host.column(all, "name"), ["b", "c", "z"]);
    assert_eq!(host.settled(), [("m".to_owned(), None)]);
    // The backend may have made something else of it.
    mutate(&mut cache, &mut host, "n", json!([merge("1", json!({"name": "y"}))])).unwrap();
    host.deliver(cache.apply(event(2, Some("n"), json!({"id": "1", "name": "y (2)", "v": 3})))).unwrap();
    assert_eq!(host.column(all, "name"), ["b", "c", "y (2)"]);
}

#[test]
fn an_ack_keeps_the_layer_until_its_event_has_come() {
    let (mut cache, mut host, all) = start();
    host.deliver(cache.apply(event(1, None, json!({"id": "3", "name": "c", "v": 2})))).unwrap();
    mutate(&mut cache, &mut host, "m", json!([merge("1", json!({"name": "z"}))])).unwrap();
    host.deliver(cache.ack("m", Some(3))).unwrap();
    assert_eq!(cache.pending()[0].state, MutationState::Acked);
    assert_eq!(host.column(all, "name"), ["b", "c", "z"]);
    host.deliver(cache.apply(event(2, None, json!({"id": "2", "name": "b2", "v": 2})))).unwrap();
    assert_eq!(host.column(all, "name"), ["b2", "c", "z"], "not its event yet");
    host.deliver(cache.apply(event(3, None, json!({"id": "1", "name": "z", "v": 2})))).unwrap();
    assert_eq!(
        (host.column(all, "name"), cache.pending().len()),
        (vec!["b2".into(), "c".into(), "z".into()], 0)
    );
    // Its event came first.
    mutate(&mut cache, &mut host, "n", json!([merge("1", json!({"name": "y"}))])).unwrap();
    host.deliver(cache.apply(event(4, None, json!({"id": "1", "name": "y", "v": 3})))).unwrap();
    host.deliver(cache.ack("n", Some(4))).unwrap();
    assert_eq!(
        (host.column(all, "name"), cache.pending().len()),
        (vec!["b2".into(), "c".into(), "y".into()], 0)
    );
}

#[test]
fn layers_are_applied_in_order_over_whatever_is_confirmed() {
    let (mut cache, mut host, all) = start();
    mutate(&mut cache, &mut host, "m1", json!([merge("1", json!({"name": "x", "meta": {"a": 1}}))])).unwrap();
    mutate(&mut cache, &mut host, "m2", json!([merge("1", json!({"meta": {"b": 2}}))])).unwrap();
    mutate(&mut cache, &mut host, "m3", json!([merge("1", json!({"name": "w"}))])).unwrap();
    host.deliver(cache.apply(event(0, None, json!({"id": "1", "name": "theirs", "size": 5, "v": 2}))))
        .unwrap();
    let row = |host: &Host| host.list(all).into_iter().find(|row| row["id"] == "1").unwrap();
    assert_eq!(row(&host), json!({"id": "1", "name": "w", "size": 5, "v": 2, "meta": {"a": 1, "b": 2}}));
    host.deliver(cache.reject("m1", refused())).unwrap();
    assert_eq!(row(&host), json!({"id": "1", "name": "w", "size": 5, "v": 2, "meta": {"b": 2}}));
    host.deliver(cache.reject("m3", refused())).unwrap();
    assert_eq!(row(&host), json!({"id": "1", "name": "theirs", "size": 5, "v": 2, "meta": {"b": 2}}));
    host.deliver(cache.ack("m2", None)).unwrap();
    assert_eq!(row(&host), json!({"id": "1", "name": "theirs", "size": 5, "v": 2}));
}

#[test]
fn an_edit_of_a_row_that_the_backend_deletes_goes_with_it_and_an_upsert_stays() {
    let (mut cache, mut host, all) = start();
    mutate(&mut cache, &mut host, "m", json!([merge("1", json!({"name": "z"}))])).unwrap();
    let upsert = json!([{"type": "upsert", "data": {"resource_type": "file", "resource": {"id": "2", "name": "mine"}}}]);
    mutate(&mut cache, &mut host, "n", upsert).unwrap();
    for id in ["1", "2"] {
        let gone = json!({"ResourceDeleted": {"resource_type": "file", "resource_id": id}}).to_string();
        host.deliver(cache.apply(gone)).unwrap();
    }
    assert_eq!(host.column(all, "name"), ["c", "mine"]);
    host.deliver(cache.apply(event(0, None, json!({"id": "1", "name": "back", "v": 1})))).unwrap();
    assert_eq!(host.column(all, "name"), ["c", "mine", "z"], "the edit is pending still");
    host.deliver(cache.reject("m", refused())).unwrap();
    host.deliver(cache.reject("n", refused())).unwrap();
    assert_eq!((host.column(all, "name"), cache.stats().entities), (vec!["back".into(), "c".into()], 2));
}

#[test]
fn an_entity_made_here_is_confirmed_by_the_backend() {
    let (mut cache, mut host, all) = start();
    let upsert = json!([{"type": "upsert", "data": {"resource_type": "file", "resource": {"id": "9", "name": "new"}}}]);
    mutate(&mut cache, &mut host, "m", upsert).unwrap();
    assert_eq!(host.column(all, "name"), ["a", "b", "c", "new"]);
    host.deliver(cache.apply(event(1, Some("m"), json!({"id": "9", "name": "new", "v": 1})))).unwrap();
    assert_eq!(
        (host.column(all, "name"), cache.stats().entities),
        (vec!["a".into(), "b".into(), "c".into(), "new".into()], 4)
    );
}

#[test]
fn a_wrong_mutation_is_refused_and_nothing_happens() {
    let (mut cache, mut host, all) = start();
    let before = host.list(all);
    let file = |data: Value| json!([merge("1", json!({"name": "z"})), data]);
    for (id, operations, kind, names) in [
        ("", json!([]), "mutation.empty_id", "UUID"),
        (
            "m",
            file(json!({"type": "upsert", "data": {"resource_type": "file", "resource": {"name": "x"}}})),
            "mutation.bad_operation",
            "optimistic[1]",
        ),
        (
            "m",
            file(json!({"type": "upsert", "data": {"resource_type": "file", "resource": 5}})),
            "mutation.bad_operation",
            "object",
        ),
        ("m", file(merge("1", json!([]))), "mutation.bad_operation", "object"),
        ("m", file(merge("1", json!({"id": "2"}))), "mutation.bad_operation", "keeps its id"),
        ("m", file(merge("", json!({}))), "mutation.bad_operation", "id is empty"),
        ("m", file(merge("1", json!({"size": 9_007_199_254_740_993_u64}))), "mutation.bad_operation", "size"),
    ] {
        let error = mutate(&mut cache, &mut host, id, operations).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(names), "{error}");
        assert_eq!((host.list(all), cache.pending().len()), (before.clone(), 0));
    }
    mutate(&mut cache, &mut host, "m", json!([])).unwrap();
    assert_eq!(mutate(&mut cache, &mut host, "m", json!([])).unwrap_err().kind(), "mutation.duplicate_id");
    assert_eq!(cache.ack("nobody", None).result.unwrap_err().kind(), "mutation.not_pending");
    assert_eq!(cache.reject("nobody", refused()).result.unwrap_err().kind(), "mutation.not_pending");
}
