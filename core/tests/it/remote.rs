//! Remote queries: a backend's answers as live lists.

mod asking;
mod model;
mod stored;

use larder::remote::{RemoteQuery, RemoteState};
use larder::{Cache, Config, Effect, QueryId, Registry};
use serde_json::{Value, json};

use crate::host::Host;

/// A cache that is connected, and the backend's side of it.
pub struct Desk {
    pub cache: Cache,
    pub host: Host,
    pub now_ms: u64,
    /// Effects looked at so far.
    seen: usize,
}

/// A question that the backend was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub id: String,
    pub method: String,
    pub input: Value,
}

impl Desk {
    pub fn offline(registry: Value, config: Config) -> Self {
        let spec = serde_json::from_value(registry).unwrap();
        let cache = Cache::new(Registry::from_spec(spec).unwrap(), config);
        Self { cache, host: Host::default(), now_ms: 1_000, seen: 0 }
    }

    /// Connected to a backend that has nothing.
    pub fn new() -> Self {
        let mut desk = Self::offline(
            json!({"types": [{"name": "file", "version": "v"}, {"name": "tag"}]}),
            Config::default(),
        );
        desk.connect();
        desk
    }

    pub fn connect(&mut self) {
        let now_ms = self.now_ms;
        self.host.deliver(self.cache.connect(now_ms)).unwrap();
        self.host.deliver(self.cache.connected(now_ms)).unwrap();
        self.frame("welcome", json!({"protocol": 1, "scope": "lib", "epoch": "e", "sequence": 0}));
        self.frame("resync", json!({"reason": "first", "sequence": 0}));
        self.frame("synced", json!({"sequence": 0}));
    }

    pub fn frame(&mut self, kind: &str, data: Value) {
        let text = json!({"type": kind, "data": data}).to_string();
        self.host.deliver(self.cache.receive(text.as_str(), self.now_ms)).unwrap();
    }

    pub fn answer(&mut self, asked: &Asked, data: Value) {
        self.frame("result", json!({"id": asked.id, "data": data}));
    }

    pub fn fail(&mut self, asked: &Asked, kind: &str) {
        self.frame("failed", json!({"id": asked.id, "kind": kind, "message": "because"}));
    }

    pub fn event(&mut self, event: Value) {
        self.host.deliver(self.cache.apply(event.to_string().as_str())).unwrap();
    }

    pub fn change(&mut self, row: Value) {
        self.event(json!({"ResourceChanged": {"resource_type": "file", "resource": row}}));
    }

    pub fn delete(&mut self, id: &str) {
        self.event(json!({"ResourceDeleted": {"resource_type": "file", "resource_id": id}}));
    }

    pub fn mount(&mut self, request: Value) -> QueryId {
        let request = RemoteQuery::parse(request.to_string()).unwrap();
        self.host.deliver(self.cache.mount_remote(&request, self.now_ms)).unwrap()
    }

    pub fn tick(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        self.host.deliver(self.cache.tick(now_ms)).unwrap();
    }

    /// What the backend was asked since the last look.
    pub fn asked(&mut self) -> Vec<Asked> {
        let new = self.host.effects[self.seen..].iter();
        let asked = new.filter_map(|effect| {
            let Effect::Send(frame) = effect else { return None };
            let frame: Value = serde_json::from_str(frame).unwrap();
            (frame["type"] == "query").then(|| Asked {
                id: frame["data"]["id"].as_str().unwrap().to_owned(),
                method: frame["data"]["method"].as_str().unwrap().to_owned(),
                input: frame["data"]["input"].clone(),
            })
        });
        let asked = asked.collect();
        self.seen = self.host.effects.len();
        asked
    }

    /// The one question that the backend was asked since the last look.
    pub fn asked_once(&mut self) -> Asked {
        let asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked[0].clone()
    }

    /// How a remote query stands, as the host was told last.
    pub fn state(&self, query: QueryId) -> RemoteState {
        let told = self.host.effects.iter().rev().find_map(|effect| match effect {
            Effect::Remote(state) if state.query == query.as_u32() => Some(state.clone()),
            _ => None,
        });
        told.unwrap()
    }

    /// The ids that the host shows.
    pub fn ids(&self, query: QueryId) -> Vec<String> {
        let rows = self.host.objects(query);
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// A file as the tests have them.
pub fn file(id: &str, version: u64, folder: &str) -> Value {
    json!({"id": id, "v": version, "folder": folder, "name": id})
}
