//! The golden scenarios in `tests/scenarios`, which every language runs; their README says what the keys mean.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;

use larder::outbox::{Mutation, Rejection};
use larder::persist::Batch;
use larder::query::Query;
use larder::registry::RegistrySpec;
use larder::remote::{Invalidation, RemoteQuery, RemoteState};
use larder::{Cache, Config, Effect, Error, QueryId, Registry};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::disk::Disk;
use crate::host::Host;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    #[serde(rename = "about")]
    _about: String,
    registry: RegistrySpec,
    #[serde(default)]
    config: Config,
    #[serde(default)]
    storage: bool,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Step {
    #[serde(default)]
    about: String,
    at: Option<u64>,

    apply: Option<Value>,
    apply_bytes: Option<Vec<u8>>,
    mount: Option<Mount>,
    mount_remote: Option<Mount>,
    refetch: Option<String>,
    next_page: Option<String>,
    invalidate: Option<Value>,
    unmount: Option<String>,
    mutate: Option<Value>,
    ack: Option<Ack>,
    reject: Option<Reject>,
    retry: Option<String>,
    discard: Option<String>,
    pin: Option<Entity>,
    unpin: Option<Entity>,
    #[serde(default)]
    restart: bool,
    #[serde(default)]
    connect: bool,
    #[serde(default)]
    connected: bool,
    receive: Option<Value>,
    #[serde(default)]
    disconnected: bool,
    #[serde(default)]
    tick: bool,
    #[serde(default)]
    disconnect: bool,

    error: Option<String>,
    #[serde(default)]
    refused: Vec<String>,
    #[serde(default)]
    sent: Vec<Value>,
    #[serde(default)]
    settled: Vec<Value>,
    #[serde(default)]
    events: Vec<Value>,
    #[serde(default)]
    connection: Vec<String>,

    applied: Option<Applied>,
    #[serde(default)]
    shows: BTreeMap<String, Shows>,
    #[serde(default)]
    remote: BTreeMap<String, BTreeMap<String, Value>>,
    notified: Option<Vec<String>>,
    #[serde(default)]
    same: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    status: BTreeMap<String, Value>,
    pending: Option<Vec<Value>>,
    #[serde(default)]
    stats: BTreeMap<String, Value>,
    wake_at: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mount {
    name: String,
    query: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entity {
    #[serde(rename = "type")]
    resource_type: String,
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ack {
    id: String,
    sequence: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reject {
    id: String,
    kind: String,
    message: String,
}

#[derive(Deserialize, Default, Debug, PartialEq)]
#[serde(deny_unknown_fields, default)]
struct Applied {
    changed: u32,
    stale: u32,
    duplicate: bool,
    held: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shows {
    total: usize,
    complete: Option<bool>,
    aggregates: Option<Value>,
    data: Option<Vec<Value>>,
    ids: Option<Vec<String>>,
}

impl Step {
    fn actions(&self) -> usize {
        let given = [
            self.apply.is_some(),
            self.apply_bytes.is_some(),
            self.mount.is_some(),
            self.mount_remote.is_some(),
            self.refetch.is_some(),
            self.next_page.is_some(),
            self.invalidate.is_some(),
            self.unmount.is_some(),
            self.mutate.is_some(),
            self.ack.is_some(),
            self.reject.is_some(),
            self.retry.is_some(),
            self.discard.is_some(),
            self.pin.is_some(),
            self.unpin.is_some(),
            self.restart,
            self.receive.is_some(),
            self.connect,
            self.connected,
            self.disconnected,
            self.tick,
            self.disconnect,
        ];
        given.into_iter().filter(|is_given| *is_given).count()
    }
}

/// A query's result as a host language sees it.
type Objects = (usize, Vec<Rc<Value>>, Option<Rc<Value>>);

struct Run {
    registry: Registry,
    config: Config,
    cache: Cache,
    /// What outlives a restart, if the scenario has a storage.
    disk: Option<Disk>,
    host: Host,
    queries: BTreeMap<String, (QueryId, String)>,
    /// The id field of each type that does not call it `id`.
    id_fields: BTreeMap<String, String>,
    /// How remote queries stand, by their numbers.
    standing: BTreeMap<u32, RemoteState>,
    /// Mutations of this run of the app, which somebody waits for.
    made: BTreeSet<String>,
    now_ms: u64,
}

/// The text of an event or message: a JSON string is the text itself, anything else stands for its text.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Run {
    fn new(scenario: &Scenario) -> Self {
        let types = scenario.registry.types.iter();
        let registry = Registry::from_spec(scenario.registry.clone()).unwrap();
        let mut run = Self {
            id_fields: types.map(|each| (each.name.clone(), each.id.clone())).collect(),
            cache: Cache::new(registry.clone(), scenario.config.clone()),
            registry,
            config: scenario.config.clone(),
            disk: scenario.storage.then(Disk::default),
            host: Host::default(),
            queries: BTreeMap::new(),
            standing: BTreeMap::new(),
            made: BTreeSet::new(),
            now_ms: 0,
        };
        run.open();
        run.host.effects.clear();
        run
    }

    /// Has a new cache read what is stored.
    fn open(&mut self) {
        let Some(disk) = &self.disk else { return };
        let keys = disk.keys("");
        let step = self.cache.restore(&keys, self.now_ms);
        self.deliver(step).unwrap();
        loop {
            let asked = self.host.effects.iter().position(|effect| matches!(effect, Effect::Load { .. }));
            let Some(asked) = asked else { return };
            let Effect::Load { keys } = self.host.effects.remove(asked) else { return };
            let values = self.disk.as_ref().unwrap().read(&keys);
            let step = self.cache.loaded(values, self.now_ms);
            self.deliver(step).unwrap();
        }
    }

    /// Delivers a step; what it wants stored is stored at once.
    fn deliver<T>(&mut self, mut step: larder::Step<T>) -> Result<T, Error> {
        let mut batch: Option<Batch> = step.batch.take();
        let result = self.host.deliver(step);
        while let Some(written) = batch {
            self.disk.as_mut().unwrap().commit(&written);
            let mut told = self.cache.persisted(written.number(), Ok(()), self.now_ms);
            batch = told.batch.take();
            let mut patched = std::mem::take(&mut self.host.notified);
            self.host.deliver(told).unwrap();
            self.host.notified.append(&mut patched);
        }
        result
    }

    /// The app is closed, which stores what is left, and opened again.
    fn restart(&mut self) {
        let step = self.cache.flush(self.now_ms);
        self.deliver(step).unwrap();
        self.cache = Cache::new(self.registry.clone(), self.config.clone());
        (self.host, self.queries, self.standing, self.made) = Default::default();
        self.open();
    }

    fn named(&self, name: &str) -> QueryId {
        self.queries[name].0
    }

    /// Takes the one action of a step; returns what an event did.
    fn act(&mut self, step: &Step) -> Result<Option<Applied>, Error> {
        let now_ms = self.now_ms;
        let event = step.apply.as_ref().map(|event| text(event).into_bytes());
        if let Some(event) = event.or_else(|| step.apply_bytes.clone()) {
            let step = self.cache.apply(event.as_slice());
            let larder::Applied { changed, stale, duplicate, held } = self.deliver(step)?;
            return Ok(Some(Applied { changed, stale, duplicate, held }));
        }
        if let Some(Mount { name, query }) = &step.mount {
            let query = Query::parse(query.to_string())?;
            let step = self.cache.mount(&query);
            let id = self.deliver(step)?;
            self.call_it(name, id, query.resource_type());
        } else if let Some(Mount { name, query }) = &step.mount_remote {
            let request = RemoteQuery::parse(query.to_string())?;
            let step = self.cache.mount_remote(&request, now_ms);
            let id = self.deliver(step)?;
            self.call_it(name, id, request.query().resource_type());
        } else if let Some(name) = &step.refetch {
            let step = self.cache.refetch(self.named(name), now_ms);
            self.deliver(step)?;
        } else if let Some(name) = &step.next_page {
            let step = self.cache.fetch_next_page(self.named(name), now_ms);
            self.deliver(step)?;
        } else if let Some(what) = &step.invalidate {
            let step = self.cache.invalidate(&Invalidation::parse(&what.to_string())?, now_ms);
            self.deliver(step)?;
        } else if let Some(name) = &step.unmount {
            let (query, _) = self.queries.remove(name).unwrap();
            self.host.unmount(&mut self.cache, query);
        } else if let Some(mutation) = &step.mutate {
            let mutation = Mutation::parse(&mutation.to_string())?;
            self.made.insert(mutation.id.clone());
            let step = self.cache.mutate(mutation);
            self.deliver(step)?;
        } else if let Some(Ack { id, sequence }) = &step.ack {
            let step = self.cache.ack(id, *sequence);
            self.deliver(step)?;
        } else if let Some(Reject { id, kind, message }) = &step.reject {
            let reason = Rejection { kind: kind.clone(), message: message.clone() };
            let step = self.cache.reject(id, reason);
            self.deliver(step)?;
        } else if let Some(id) = &step.retry {
            let step = self.cache.retry(id);
            self.deliver(step)?;
        } else if let Some(Entity { resource_type, id }) = &step.pin {
            let step = self.cache.pin(resource_type, id);
            self.deliver(step)?;
        } else if let Some(Entity { resource_type, id }) = &step.unpin {
            let step = self.cache.unpin(resource_type, id);
            self.deliver(step)?;
        } else if let Some(id) = &step.discard {
            let step = self.cache.discard(id);
            self.deliver(step)?;
        } else if let Some(message) = &step.receive {
            // What is wrong with a message is an effect as well, and that is what a host sees.
            let step = self.cache.receive(text(message), now_ms);
            _ = self.deliver(step);
        } else if step.restart {
            self.restart();
        } else {
            let step = match step {
                Step { connect: true, .. } => self.cache.connect(now_ms),
                Step { connected: true, .. } => self.cache.connected(now_ms),
                Step { disconnected: true, .. } => self.cache.disconnected(now_ms),
                Step { tick: true, .. } => self.cache.tick(now_ms),
                _ => self.cache.disconnect(),
            };
            self.deliver(step)?;
        }
        Ok(None)
    }

    fn call_it(&mut self, name: &str, id: QueryId, resource_type: &str) {
        let other = self.queries.insert(name.to_owned(), (id, resource_type.to_owned()));
        assert!(other.is_none(), "`{name}` is mounted already");
    }

    fn results(&self) -> BTreeMap<String, Objects> {
        let results = self.queries.iter();
        results
            .map(|(name, (id, _))| {
                (name.clone(), (self.host.total(*id), self.host.objects(*id), self.host.aggregates(*id)))
            })
            .collect()
    }

    fn id(&self, query: &str, row: &Value) -> String {
        let resource_type = &self.queries[query].1;
        let id = &row[self.id_fields.get(resource_type).map_or("id", String::as_str)];
        id.as_str().map_or_else(|| id.to_string(), str::to_owned)
    }

    fn step(&mut self, step: &Step, at: &str) {
        assert_eq!(step.actions(), 1, "{at} a step is one action");
        self.now_ms = step.at.unwrap_or(self.now_ms);
        let before = self.results();
        let result = self.act(step);
        let after = self.results();

        let error = result.as_ref().err().map(|error| error.kind().to_owned());
        assert_eq!(error, step.error, "{at} error: {result:?}");
        if let Some(expected) = &step.applied {
            assert_eq!(result.unwrap().as_ref(), Some(expected), "{at} applied");
        }
        for (query, expected) in &step.shows {
            let (total, rows, aggregates) = &after[query];
            assert_eq!(*total, expected.total, "{at} total of {query}: {rows:?}");
            if let Some(complete) = expected.complete {
                assert_eq!(!self.host.is_partial(self.named(query)), complete, "{at} complete of {query}");
            }
            if let Some(expected) = &expected.aggregates {
                assert_eq!(aggregates.as_deref(), Some(expected), "{at} aggregates of {query}");
            }
            if let Some(data) = &expected.data {
                assert_eq!(
                    &rows.iter().map(|row| Value::clone(row)).collect::<Vec<_>>(),
                    data,
                    "{at} {query}"
                );
            }
            if let Some(ids) = &expected.ids {
                assert_eq!(
                    &rows.iter().map(|row| self.id(query, row)).collect::<Vec<_>>(),
                    ids,
                    "{at} {query}"
                );
            }
        }
        let known = after.iter().filter(|(query, _)| before.contains_key(*query));
        let notified: Vec<_> = known
            .filter(|(query, result)| is_other(&before[*query], result))
            .map(|(query, _)| query.clone())
            .collect();
        for query in &notified {
            let patched = self.host.notified.contains(&self.queries[query].0.as_u32());
            assert!(patched && error.is_none(), "{at} {query} changed");
        }
        if let Some(mut expected) = step.notified.clone() {
            expected.sort();
            assert_eq!(notified, expected, "{at} notified");
        }
        for (query, expected) in &step.same {
            let was = |row: &&Rc<Value>| before[query].1.iter().any(|old| Rc::ptr_eq(old, row));
            let same: Vec<_> = after[query].1.iter().filter(was).map(|row| self.id(query, row)).collect();
            assert_eq!(&same, expected, "{at} same objects in {query}");
        }
        self.effects(step, at);
        for (query, expected) in &step.remote {
            let state = json!(self.standing[&self.named(query).as_u32()]);
            for (key, expected) in expected {
                let found = if key == "error" { &state["error"]["kind"] } else { &state[key] };
                assert_eq!(found, expected, "{at} {key} of {query}");
            }
        }
        let status = json!(self.cache.status());
        for (key, expected) in &step.status {
            assert!(key != "cursor", "a host is not told of each move of the cursor");
            assert_eq!(&status[key], expected, "{at} status.{key}");
        }
        if let Some(expected) = &step.pending {
            assert_eq!(&json!(self.cache.pending()), &json!(expected), "{at} pending");
        }
        let stats = json!(self.cache.stats());
        for (key, expected) in &step.stats {
            assert_eq!(&stats[key], expected, "{at} stats.{key}");
        }
    }

    fn effects(&mut self, step: &Step, at: &str) {
        let (mut refused, mut sent, mut settled, mut events) = (vec![], vec![], vec![], vec![]);
        let (mut connection, mut wake_at) = (vec![], None);
        for effect in self.host.effects.drain(..) {
            match effect {
                Effect::Refused(error) | Effect::Storage(error) => refused.push(error.kind),
                Effect::Send(text) => sent.push(serde_json::from_str::<Value>(&text).unwrap()),
                Effect::Settled { id, .. } if !self.made.contains(&id) => {}
                Effect::Settled { id, rejection: None } => settled.push(json!({"id": id})),
                Effect::Settled { id, rejection: Some(reason) } => {
                    settled.push(json!({"id": id, "rejection": reason.kind}));
                }
                Effect::Event(event) => events.push(serde_json::from_str::<Value>(event.get()).unwrap()),
                Effect::Connect => connection.push("connect"),
                Effect::Disconnect => connection.push("disconnect"),
                Effect::WakeAt(at_ms) => wake_at = Some(at_ms),
                Effect::Remote(state) => _ = self.standing.insert(state.query, state),
                _ => {}
            }
        }
        assert_eq!(refused, step.refused, "{at} refused");
        assert_eq!(sent, step.sent, "{at} sent");
        assert_eq!(settled, step.settled, "{at} settled");
        assert_eq!(events, step.events, "{at} events");
        assert_eq!(connection, step.connection, "{at} connection");
        if step.wake_at.is_some() {
            assert_eq!(wake_at, step.wake_at, "{at} wakeAt");
        }
    }
}

fn is_other(before: &Objects, after: &Objects) -> bool {
    let is_same = |(old, new)| Rc::ptr_eq(old, new);
    let figures = |(_, _, aggregates): &Objects| aggregates.as_ref().map(Rc::as_ptr);
    before.0 != after.0
        || figures(before) != figures(after)
        || before.1.len() != after.1.len()
        || !before.1.iter().zip(&after.1).all(is_same)
}

#[test]
fn every_scenario_in_the_folder_holds() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/scenarios"));
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.file_name().unwrap() != "README.md");
    files.sort();
    let mut run = 0;
    for file in &files {
        let name = file.file_name().unwrap().to_str().unwrap();
        println!("{name}");
        let text = std::fs::read_to_string(file).unwrap();
        let scenario: Scenario =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut cache = Run::new(&scenario);
        for (number, step) in scenario.steps.iter().enumerate() {
            cache.step(step, &format!("{name}, steps[{number}] {}:", step.about));
        }
        run += 1;
    }
    assert_eq!(run, files.len());
    assert!(run >= 40, "{run} scenarios were run");
}
