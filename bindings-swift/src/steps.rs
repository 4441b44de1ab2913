//! The core one step at a time, without a socket or a clock, for the golden scenarios.

use std::sync::{Mutex, PoisonError};

use larder::outbox::{Mutation, Rejection};
use larder::query::Query;
use larder::registry::RegistrySpec;
use larder::{Cache, Config, Effect, Registry, Step};
use serde::{Deserialize, Serialize};

use crate::client::parsed;
use crate::failure::Failure;

/// A cache, and nobody who drives it.
#[derive(uniffi::Object)]
pub struct Steps {
    cache: Mutex<Cache>,
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
    /// What changed.
    pub patch: Option<Vec<u8>>,
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
    /// An empty cache.
    #[uniffi::constructor]
    pub fn new(registry: &str, config: &str) -> Result<Self, Failure> {
        let registry = Registry::from_spec(parsed::<RegistrySpec>("registry.malformed", registry)?)?;
        let config: Config = parsed("config.malformed", config)?;
        Ok(Self { cache: Mutex::new(Cache::new(registry, config)) })
    }

    /// Takes the action of that name (`tests/scenarios/README.md`), with what it is given.
    pub fn take(&self, action: &str, input: &[u8], at_ms: u64) -> Result<StepOutcome, Failure> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(input).into_owned();
        let number = || parsed::<u32>("test.number", &text);
        Ok(match action {
            "apply" => outcome(cache.apply(input)),
            "mount" => match Query::parse(&text) {
                Ok(query) => outcome(map(cache.mount(&query), larder::QueryId::as_u32)),
                Err(error) => refused(error.kind()),
            },
            "unmount" => outcome(cache.unmount(number()?.into())),
            "mutate" => match parsed::<Mutation>("mutation.malformed", &text) {
                Ok(mutation) => outcome(cache.mutate(mutation)),
                Err(_) => refused("mutation.malformed"),
            },
            "ack" | "reject" => {
                let Outcome { id, sequence, reason } = parsed("test.outcome", &text)?;
                match reason {
                    None => outcome(cache.ack(&id, sequence)),
                    Some(reason) => outcome(cache.reject(&id, reason)),
                }
            }
            "pin" | "unpin" => {
                let Entity { resource_type, id } = parsed("test.entity", &text)?;
                let is_pinned = action == "pin";
                outcome(if is_pinned {
                    cache.pin(&resource_type, &id)
                } else {
                    cache.unpin(&resource_type, &id)
                })
            }
            "connect" => outcome(cache.connect(at_ms)),
            "connected" => outcome(cache.connected(at_ms)),
            "receive" => outcome(cache.receive(input, at_ms)),
            "disconnected" => outcome(cache.disconnected(at_ms)),
            "tick" => outcome(cache.tick(at_ms)),
            "disconnect" => outcome(cache.disconnect()),
            _ => return Err(Failure::new("test.action", format!("there is no action `{action}`"))),
        })
    }

    /// The status, the pending mutations and the counts, a JSON object.
    pub fn state(&self) -> String {
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let (status, pending, stats) = (cache.status(), cache.pending(), cache.stats());
        json(&serde_json::json!({"status": status, "pending": pending, "stats": stats}))
    }
}

fn map<T, U>(step: Step<T>, to: impl FnOnce(T) -> U) -> Step<U> {
    Step { result: step.result.map(to), patch: step.patch, batch: step.batch, effects: step.effects }
}

fn outcome<T: Serialize>(step: Step<T>) -> StepOutcome {
    StepOutcome {
        value: step.result.as_ref().ok().map(json),
        error: step.result.as_ref().err().map(|error| error.kind().to_owned()),
        effects: json::<Vec<Effect>>(&step.effects),
        patch: step.patch.map(|patch| patch.as_bytes().to_vec()),
    }
}

fn refused(kind: &str) -> StepOutcome {
    StepOutcome { value: None, error: Some(kind.to_owned()), effects: "[]".to_owned(), patch: None }
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
