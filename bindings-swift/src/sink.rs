//! The way out: what Swift is told.

use std::sync::Arc;

use larder_native::remote::RemoteState;
use larder_native::{Error, QueryId, Sink, Status};

use crate::failure::Failure;

/// What Swift is told, in the order of `larder_native::Sink`. Swift notes it down and returns; it calls nothing from here.
#[uniffi::export(with_foreign)]
pub trait SwiftSink: Send + Sync {
    /// A query is mounted.
    fn mounted(&self, query: u32);
    /// A query is mounted no longer.
    fn unmounted(&self, query: u32);
    /// A patch: `length` bytes at `address`, there until this returns.
    fn patch(&self, address: u64, length: u64);
    /// The status is another.
    fn status(&self, status: ClientStatus);
    /// A remote query stands otherwise than before.
    fn remote(&self, standing: RemoteStanding);
    /// A mutation is done, or was refused.
    fn settled(&self, id: String, failure: Option<Failure>);
    /// The backend's answer to a question.
    fn answered(&self, id: String, json: String);
    /// The backend's refusal to answer one.
    fn unanswered(&self, id: String, failure: Failure);
    /// An event that is not cached.
    fn event(&self, json: String);
    /// Something is wrong that nobody waits for.
    fn error(&self, failure: Failure);
    /// The client is closed.
    fn closed(&self);
}

/// How the cache stands to its backend.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ClientStatus {
    /// Its name as in PROTOCOL.md.
    pub phase: String,
    /// How it stands to its storage, a name as in PROTOCOL.md.
    pub storage: String,
    /// Mutations that are not settled.
    pub pending: u32,
    /// The library, once known.
    pub library: Option<String>,
    /// How far the stream has been followed.
    pub cursor: Option<String>,
}

impl From<&Status> for ClientStatus {
    fn from(status: &Status) -> Self {
        let Status { phase, pending, library, cursor, storage } = status.clone();
        let cursor = cursor.map(|cursor| cursor.to_string());
        Self { phase: word(&phase), storage: word(&storage), pending, library, cursor }
    }
}

/// How a mounted remote query stands; its rows are in patches.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RemoteStanding {
    /// The query.
    pub query: u32,
    /// Whether there is a result, a name as in the core.
    pub status: String,
    /// The backend is being asked, or will be.
    pub is_fetching: bool,
    /// The result has expired, or was invalidated.
    pub is_stale: bool,
    /// Why the last question failed.
    pub error: Option<Failure>,
    /// The backend has more.
    pub has_next_page: bool,
    /// How many entities the whole result has, if the backend says so.
    pub backend_total: Option<u64>,
}

impl From<&RemoteState> for RemoteStanding {
    fn from(state: &RemoteState) -> Self {
        let error = state.error.as_ref().map(|error| Failure::new(&error.kind, error.message.clone()));
        Self {
            query: state.query,
            status: word(&state.status),
            is_fetching: state.is_fetching,
            is_stale: state.is_stale,
            error,
            has_next_page: state.has_next_page,
            backend_total: state.backend_total,
        }
    }
}

/// The name that an enum's value has in JSON.
fn word(value: &impl serde::Serialize) -> String {
    let word = serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned));
    word.unwrap_or_default()
}

/// Hands on to Swift.
pub(crate) struct Told(pub Arc<dyn SwiftSink>);

impl Sink for Told {
    fn mounted(&self, query: QueryId) {
        self.0.mounted(query.as_u32());
    }

    fn unmounted(&self, query: QueryId) {
        self.0.unmounted(query.as_u32());
    }

    fn patch(&self, bytes: &[u8]) {
        self.0.patch(bytes.as_ptr() as u64, bytes.len() as u64);
    }

    fn status(&self, status: &Status) {
        self.0.status(status.into());
    }

    fn remote(&self, state: &RemoteState) {
        self.0.remote(state.into());
    }

    fn settled(&self, id: &str, outcome: Result<(), &Error>) {
        self.0.settled(id.to_owned(), outcome.err().map(Failure::from));
    }

    fn answered(&self, id: &str, answer: Result<&str, &Error>) {
        match answer {
            Ok(json) => self.0.answered(id.to_owned(), json.to_owned()),
            Err(error) => self.0.unanswered(id.to_owned(), error.into()),
        }
    }

    fn event(&self, json: &str) {
        self.0.event(json.to_owned());
    }

    fn error(&self, error: &Error) {
        self.0.error(error.into());
    }

    fn closed(&self) {
        self.0.closed();
    }
}
