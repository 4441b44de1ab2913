//! The golden scenarios in `tests/scenarios`, which every language runs; their README says what the keys mean.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use larder::outbox::{Mutation, Rejection};
use larder::query::Query;
use larder::registry::RegistrySpec;
use larder::{Cache, Config, Effect, Error, QueryId, Registry};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::host::Host;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    #[serde(rename = "about")]
    _about: String,
    registry: RegistrySpec,
    #[serde(default)]
    config: Config,
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
    unmount: Option<String>,
    mutate: Option<Value>,
    ack: Option<Ack>,
    reject: Option<Reject>,
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
            self.unmount.is_some(),
            self.mutate.is_some(),
            self.ack.is_some(),
            self.reject.is_some(),
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
    cache: Cache,
    host: Host,
    queries: BTreeMap<String, (QueryId, String)>,
    /// The id field of each type that does not call it `id`.
    id_fields: BTreeMap<String, String>,
    now_ms: u64,
}

/// The text of an event or message: a JSON string is the text itself, anything else stands for its text.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Run {
    fn new(scenario: &Scenario) -> Self {
        let types = scenario.registry.types.iter();
        Self {
            id_fields: types.map(|each| (each.name.clone(), each.id.clone())).collect(),
            cache: Cache::new(
                Registry::from_spec(scenario.registry.clone()).unwrap(),
                scenario.config.clone(),
            ),
            host: Host::default(),
            queries: BTreeMap::new(),
            now_ms: 0,
        }
    }

    /// Takes the one action of a step; returns what an event did.
    fn act(&mut self, step: &Step) -> Result<Option<Applied>, Error> {
        let Self { cache, host, queries, now_ms, .. } = self;
        let event = step.apply.as_ref().map(|event| text(event).into_bytes());
        if let Some(event) = event.or_else(|| step.apply_bytes.clone()) {
            let larder::Applied { changed, stale, duplicate, held } =
                host.deliver(cache.apply(event.as_slice()))?;
            return Ok(Some(Applied { changed, stale, duplicate, held }));
        }
        if let Some(Mount { name, query }) = &step.mount {
            let query = Query::parse(query.to_string())?;
            let id = host.deliver(cache.mount(&query))?;
            let other = queries.insert(name.clone(), (id, query.resource_type().to_owned()));
            assert!(other.is_none(), "`{name}` is mounted already");
        } else if let Some(name) = &step.unmount {
            host.unmount(cache, queries.remove(name).unwrap().0);
        } else if let Some(mutation) = &step.mutate {
            host.deliver(cache.mutate(Mutation::parse(&mutation.to_string())?))?;
        } else if let Some(Ack { id, sequence }) = &step.ack {
            host.deliver(cache.ack(id, *sequence))?;
        } else if let Some(Reject { id, kind, message }) = &step.reject {
            let reason = Rejection { kind: kind.clone(), message: message.clone() };
            host.deliver(cache.reject(id, reason))?;
        } else if let Some(message) = &step.receive {
            // What is wrong with a message is an effect as well, and that is what a host sees.
            _ = host.deliver(cache.receive(text(message), *now_ms));
        } else if step.connect {
            host.deliver(cache.connect(*now_ms))?;
        } else if step.connected {
            host.deliver(cache.connected(*now_ms))?;
        } else if step.disconnected {
            host.deliver(cache.disconnected(*now_ms))?;
        } else if step.tick {
            host.deliver(cache.tick(*now_ms))?;
        } else if step.disconnect {
            host.deliver(cache.disconnect())?;
        }
        Ok(None)
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
                Effect::Refused(error) => refused.push(error.kind),
                Effect::Send(text) => sent.push(serde_json::from_str::<Value>(&text).unwrap()),
                Effect::Settled { id, rejection: None } => settled.push(json!({"id": id})),
                Effect::Settled { id, rejection: Some(reason) } => {
                    settled.push(json!({"id": id, "rejection": reason.kind}));
                }
                Effect::Event(event) => events.push(serde_json::from_str::<Value>(event.get()).unwrap()),
                Effect::Connect => connection.push("connect"),
                Effect::Disconnect => connection.push("disconnect"),
                Effect::WakeAt(at_ms) => wake_at = Some(at_ms),
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
