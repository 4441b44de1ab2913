//! One more mirror joins a cache that has one: it gets what the first holds, and follows from there.

use larder::query::Query;
use larder::registry::{RelationKind, ResourceType};
use larder::{Cache, Config, Error, QueryId, Registry, Step};
use serde_json::json;

use crate::host::Host;

/// Two mirrors of one cache.
struct Pair {
    cache: Cache,
    first: Host,
    second: Host,
}

impl Pair {
    fn both<T>(&mut self, step: impl FnOnce(&mut Cache) -> Step<T>) -> Result<T, Error> {
        let step = step(&mut self.cache);
        if let Some(patch) = &step.patch {
            self.second.notified.clear();
            self.second.apply(patch);
        }
        self.first.deliver(step)
    }

    fn put(&mut self, resource_type: &str, resource: serde_json::Value) {
        let event = json!({"ResourceChanged": {"resource_type": resource_type, "resource": resource}});
        self.both(|cache| cache.apply(event.to_string())).unwrap();
    }

    fn mount(&mut self, query: &str) -> QueryId {
        let query = Query::parse(query).unwrap();
        self.both(|cache| cache.mount(&query)).unwrap()
    }
}

const TAGGED: &str =
    r#"{"from": "file", "include": {"tags": {"include": {"files": true}}}, "orderBy": [{"name": "asc"}]}"#;

/// A cache of two tagged files, of which the first mirror shows everything and the second nothing yet.
fn joined() -> (Pair, QueryId) {
    let registry = Registry::builder()
        .resource(ResourceType::new("file").relation("tags", RelationKind::Many, "tag", "tag_ids"))
        .resource(ResourceType::new("tag").reverse("files", RelationKind::Many, "file", "tag_ids"))
        .build()
        .unwrap();
    let mut cache = Cache::new(registry, Config::default());
    let mut first = Host::default();
    for (kind, row) in [
        ("tag", json!({"id": "t", "name": "red"})),
        ("file", json!({"id": "a", "name": "a", "tag_ids": ["t"]})),
        ("file", json!({"id": "b", "name": "b", "tag_ids": []})),
    ] {
        let event = json!({"ResourceChanged": {"resource_type": kind, "resource": row}});
        first.deliver(cache.apply(event.to_string())).unwrap();
    }
    let shown = first.mount(&mut cache, TAGGED);
    let mut second = Host::default();
    second.deliver(cache.resend()).unwrap();
    (Pair { cache, first, second }, shown)
}

#[test]
fn what_is_sent_again_is_all_that_the_host_holds_and_no_query() {
    let (mut pair, _) = joined();
    assert_eq!(pair.second.held(), pair.first.held());
    assert!(pair.second.notified.is_empty());
    assert_eq!(pair.second.nodes_received, pair.first.nodes_received);

    let received = pair.second.rows_received;
    let again = pair.mount(TAGGED);
    assert_eq!(pair.second.rows_received, received, "the rows are there already");
    assert_eq!(pair.second.list(again), pair.first.list(again));
    assert_eq!(pair.second.list(again)[0]["tags"][0]["files"][0]["name"], "a");
}

#[test]
fn both_mirrors_follow_alike_from_there() {
    let (mut pair, shown) = joined();
    let again = pair.mount(TAGGED);
    pair.first.unmount(&mut pair.cache, shown);
    pair.put("tag", json!({"id": "t", "name": "blue"}));
    pair.put("file", json!({"id": "b", "name": "0", "tag_ids": ["t"]}));
    pair.put("file", json!({"id": "c", "name": "c", "tag_ids": ["t"]}));
    assert_eq!(pair.first.column(again, "name"), ["0", "a", "c"]);
    assert_eq!(pair.second.list(again), pair.first.list(again));
    assert_eq!(pair.second.held(), pair.first.held());
}

#[test]
fn nothing_held_is_nothing_to_send() {
    let mut cache = Cache::new(Registry::default(), Config::default());
    assert!(cache.resend().patch.is_none());
}
