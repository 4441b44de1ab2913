//! A cursor belongs to one log of one engine; what another engine counts is never mixed with it.

use larder::outbox::{Mutation, MutationState};
use larder::registry::ResourceType;
use larder::{Cache, Config, Effect, QueryId, Registry};
use serde_json::{Value, json};

use crate::host::{Host, reached};

struct Client {
    cache: Cache,
    host: Host,
    all: QueryId,
}

impl Client {
    /// With one row, up to event 5 of log `one`.
    fn live() -> Self {
        let registry = Registry::builder().resource(ResourceType::new("file")).build().unwrap();
        let (mut cache, mut host) = (Cache::new(registry, Config::default()), Host::default());
        let all = host.mount(&mut cache, r#"{"from": "file"}"#);
        let mut client = Self { cache, host, all };
        client.meet("one", 5);
        client.receive(json!({"type": "resync", "data": {"reason": "first", "sequence": 5}}));
        client.change(5, "a", "old");
        client.receive(json!({"type": "synced", "data": {"sequence": 5}}));
        client.host.sent();
        client
    }

    /// Connects to an engine whose log has this name; returns what was sent.
    fn meet(&mut self, epoch: &str, sequence: u64) -> Vec<Value> {
        let step = self.cache.connected(0);
        self.host.deliver(step).unwrap();
        let data = json!({"protocol": 1, "scope": "lib", "epoch": epoch, "sequence": sequence});
        self.receive(json!({"type": "welcome", "data": data}));
        self.host.sent()
    }

    fn receive(&mut self, message: Value) -> Option<String> {
        let step = self.cache.receive(message.to_string(), 0);
        self.host.deliver(step).err().map(|error| error.kind().to_owned())
    }

    fn change(&mut self, sequence: u64, id: &str, name: &str) {
        let kind = json!({"type": "ResourceChanged", "data": {"resource_type": "file", "resource": {"id": id, "name": name}}});
        let envelope = json!({"id": "e", "library_id": "lib", "sequence": sequence});
        assert_eq!(self.receive(json!({"envelope": envelope, "kind": kind})), None);
    }

    fn lose(&mut self) {
        let step = self.cache.disconnected(0);
        self.host.deliver(step).unwrap();
        self.host.effects.clear();
    }

    fn names(&self) -> Vec<String> {
        self.host.column(self.all, "name")
    }
}

#[test]
fn another_engine_is_told_where_the_cursor_counts_and_its_copy_takes_the_place_of_what_was() {
    let mut client = Client::live();
    client.lose();
    let sent = client.meet("two", 3);
    assert_eq!(sent[0]["data"]["since"], 5);
    assert_eq!(sent[0]["data"]["epoch"], "one");
    assert_eq!(client.cache.status().cursor, None, "a cursor of one log is none in another");
    assert_eq!(client.names(), ["old"], "the screen stays as it is meanwhile");
    client.receive(json!({"type": "resync", "data": {"reason": "epoch_changed", "sequence": 3}}));
    client.change(3, "b", "new");
    assert_eq!(client.names(), ["old", "new"]);
    client.receive(json!({"type": "synced", "data": {"sequence": 3}}));
    assert_eq!((client.names(), client.cache.status().cursor), (vec!["new".to_owned()], reached(3)));
}

#[test]
fn events_of_another_log_are_not_applied_to_what_is_cached_of_the_first() {
    let mut client = Client::live();
    client.lose();
    client.meet("two", 6);
    // As if it went on where the other had ended.
    client.change(6, "a", "mixed");
    assert_eq!(client.names(), ["old"]);
    let refused = client.receive(json!({"type": "synced", "data": {"sequence": 6}}));
    assert_eq!(refused.as_deref(), Some("frame.no_copy"));
    assert!(client.host.effects.iter().any(|effect| matches!(effect, Effect::Disconnect)));
    client.lose();
    let sent = client.meet("two", 6);
    assert_eq!((sent[0]["data"].get("since"), client.names()), (None, vec!["old".to_owned()]));
    client.receive(json!({"type": "resync", "data": {"reason": "first", "sequence": 6}}));
    client.change(6, "a", "copied");
    client.receive(json!({"type": "synced", "data": {"sequence": 6}}));
    assert_eq!((client.names(), client.cache.status().cursor), (vec!["copied".to_owned()], reached(6)));
}

#[test]
fn an_edit_that_one_log_accepted_is_not_settled_by_what_another_counts_but_sent_again() {
    let mut client = Client::live();
    let optimistic =
        json!([{"type": "merge", "data": {"resource_type": "file", "id": "a", "fields": {"name": "mine"}}}]);
    let mutation = json!({"id": "m", "name": "rename", "args": null, "optimistic": optimistic}).to_string();
    let step = client.cache.mutate(Mutation::parse(&mutation).unwrap());
    client.host.deliver(step).unwrap();
    client.receive(json!({"type": "ack", "data": {"id": "m", "sequence": 9}}));
    assert_eq!(client.cache.pending()[0].state, MutationState::Acked);
    client.lose();

    let sent = client.meet("two", 20);
    assert_eq!(sent.last().unwrap()["data"]["id"], "m", "known by its id, if it was made there as well");
    client.receive(json!({"type": "resync", "data": {"reason": "epoch_changed", "sequence": 20}}));
    client.change(20, "a", "old");
    client.receive(json!({"type": "synced", "data": {"sequence": 20}}));
    assert_eq!((client.names(), client.cache.pending().len()), (vec!["mine".to_owned()], 1));
    assert!(client.host.settled().is_empty());
    client.receive(json!({"type": "ack", "data": {"id": "m", "sequence": 21}}));
    client.change(21, "a", "mine");
    assert_eq!(client.host.settled(), [("m".to_owned(), None)]);
    assert_eq!(client.names(), ["mine"]);
}
