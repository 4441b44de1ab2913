//! The core one step at a time, without a socket or a clock, for the golden scenarios.

mod stored;

use std::sync::{Mutex, PoisonError};

use larder::outbox::{Mutation, Rejection};
use larder::query::Query;
use larder::registry::RegistrySpec;
use larder::remote::{Invalidation, RemoteQuery};
use larder::{Cache, Config, Effect, Patch, QueryId, Registry, Step};
use serde::{Deserialize, Serialize};
use stored::Stored;

use crate::client::parsed;
use crate::failure::Failure;

/// A cache, and nobody who drives it; what it wants stored is stored at once.
#[derive(uniffi::Object)]
pub struct Steps {
    state: Mutex<State>,
}

struct State {
    cache: Cache,
    registry: Registry,
    config: Config,
    stored: Option<Stored>,
}

/// What one step came to.
#[derive(uniffi::Record)]
pub struct StepOutcome {
    /// What was asked for, in JSON.
    pub value: Option<String>,
    /// The kind of what went wrong.
    pub error: Option<String>,
    /// Effects, a JSON array.
    pub effects: String,
    /// What changed, in the order in which it did.
    pub patches: Vec<Vec<u8>>,
}

#[derive(Deserialize)]
struct Outcome {
    id: String,
    sequence: Option<u64>,
    #[serde(flatten)]
    reason: Option<Rejection>,
}

#[derive(Deserialize)]
struct Entity {
    #[serde(rename = "type")]
    resource_type: String,
    id: String,
}

#[uniffi::export]
impl Steps {
    /// An empty cache, with a storage or without.
    #[uniffi::constructor]
    pub fn new(registry: &str, config: &str, has_storage: bool) -> Result<Self, Failure> {
        let registry = Registry::from_spec(parsed::<RegistrySpec>("registry.malformed", registry)?)?;
        let config: Config = parsed("config.malformed", config)?;
        let cache = Cache::new(registry.clone(), config.clone());
        let stored = has_storage.then(Stored::default);
        let mut state = State { cache, registry, config, stored };
        state.open(0);
        Ok(Self { state: Mutex::new(state) })
    }

    /// Takes the action of that name (`tests/scenarios/README.md`), with what it is given.
    pub fn take(&self, action: &str, input: &[u8], at_ms: u64) -> Result<StepOutcome, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(input).into_owned();
        let number = || parsed::<u32>("test.number", &text).map(QueryId::from);
        let cache = &mut state.cache;
        Ok(match action {
            "apply" => {
                let step = cache.apply(input);
                state.outcome(step, at_ms)
            }
            "mount" => match Query::parse(&text) {
                Ok(query) => {
                    let step = map(cache.mount(&query), QueryId::as_u32);
                    state.outcome(step, at_ms)
                }
                Err(error) => refused(error.kind()),
            },
            "mountRemote" => match RemoteQuery::parse(&text) {
                Ok(query) => {
                    let step = map(cache.mount_remote(&query, at_ms), QueryId::as_u32);
                    state.outcome(step, at_ms)
                }
                Err(error) => refused(error.kind()),
            },
            "invalidate" => match Invalidation::parse(&text) {
                Ok(what) => {
                    let step = cache.invalidate(&what, at_ms);
                    state.outcome(step, at_ms)
                }
                Err(error) => refused(error.kind()),
            },
            "mutate" => match parsed::<Mutation>("mutation.malformed", &text) {
                Ok(mutation) => {
                    let step = cache.mutate(mutation);
                    state.outcome(step, at_ms)
                }
                Err(_) => refused("mutation.malformed"),
            },
            "receive" => {
                let step = cache.receive(input, at_ms);
                state.outcome(step, at_ms)
            }
            "restart" => state.restart(at_ms),
            "pin" | "unpin" => {
                let Entity { resource_type, id } = parsed("test.entity", &text)?;
                let is_pinned = action == "pin";
                let step =
                    if is_pinned { cache.pin(&resource_type, &id) } else { cache.unpin(&resource_type, &id) };
                state.outcome(step, at_ms)
            }
            _ => {
                let step = match action {
                    "unmount" => cache.unmount(number()?),
                    "refetch" => cache.refetch(number()?, at_ms),
                    "nextPage" => cache.fetch_next_page(number()?, at_ms),
                    "retry" => cache.retry(&text),
                    "discard" => cache.discard(&text),
                    "connect" => cache.connect(at_ms),
                    "connected" => cache.connected(at_ms),
                    "disconnected" => cache.disconnected(at_ms),
                    "tick" => cache.tick(at_ms),
                    "disconnect" => cache.disconnect(),
                    "ack" | "reject" => {
                        let Outcome { id, sequence, reason } = parsed("test.outcome", &text)?;
                        match reason {
                            None => cache.ack(&id, sequence),
                            Some(reason) => cache.reject(&id, reason),
                        }
                    }
                    _ => return Err(Failure::new("test.action", format!("there is no action `{action}`"))),
                };
                state.outcome(step, at_ms)
            }
        })
    }

    /// The status, the pending mutations and the counts, a JSON object.
    pub fn state(&self) -> String {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (status, pending, stats) = (state.cache.status(), state.cache.pending(), state.cache.stats());
        json(&serde_json::json!({"status": status, "pending": pending, "stats": stats}))
    }
}

impl State {
    /// Has the cache read what is stored.
    fn open(&mut self, at_ms: u64) -> StepOutcome {
        let Some(stored) = &self.stored else { return refused("test.no_storage") };
        let mut step = self.cache.restore(&stored.keys(), at_ms);
        let mut before = Vec::new();
        loop {
            let asked = step.effects.iter().find_map(|effect| match effect {
                Effect::Load { keys } => Some(keys.clone()),
                _ => None,
            });
            let (Some(keys), Some(stored)) = (asked, &self.stored) else { break };
            let values = stored.read(&keys);
            before.append(&mut step.effects);
            self.outcome(step, at_ms);
            step = self.cache.loaded(values, at_ms);
        }
        before.append(&mut step.effects);
        step.effects = before;
        self.outcome(step, at_ms)
    }

    /// The app is closed, which stores what is left, and opened again.
    fn restart(&mut self, at_ms: u64) -> StepOutcome {
        let step = self.cache.flush(at_ms);
        self.outcome(step, at_ms);
        self.cache = Cache::new(self.registry.clone(), self.config.clone());
        self.open(at_ms)
    }

    fn outcome<T: Serialize>(&mut self, step: Step<T>, at_ms: u64) -> StepOutcome {
        let (mut effects, mut patches, mut batch) = (step.effects, Vec::new(), step.batch);
        patches.extend(step.patch.as_ref().map(|patch| Patch::as_bytes(patch).to_vec()));
        while let (Some(written), Some(stored)) = (batch.take(), &mut self.stored) {
            stored.commit(&written);
            let told = self.cache.persisted(written.number(), Ok(()), at_ms);
            effects.extend(told.effects);
            patches.extend(told.patch.as_ref().map(|patch| Patch::as_bytes(patch).to_vec()));
            batch = told.batch;
        }
        StepOutcome {
            value: step.result.as_ref().ok().map(json),
            error: step.result.as_ref().err().map(|error| error.kind().to_owned()),
            effects: json::<Vec<Effect>>(&effects),
            patches,
        }
    }
}

fn map<T, U>(step: Step<T>, to: impl FnOnce(T) -> U) -> Step<U> {
    Step { result: step.result.map(to), patch: step.patch, batch: step.batch, effects: step.effects }
}

fn refused(kind: &str) -> StepOutcome {
    StepOutcome { value: None, error: Some(kind.to_owned()), effects: "[]".to_owned(), patches: Vec::new() }
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
