//! Control frames between a client and an engine; resource events travel beside them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::EventError;

/// The protocol version this crate speaks, sent in `subscribe` and `welcome`.
pub const PROTOCOL_VERSION: u32 = 1;

/// A message from a client to an engine, one JSON text message each.
///
/// ```
/// use larder::wire::ClientFrame;
/// let frame = ClientFrame::parse(r#"{"type":"catch_up","data":{"since":41}}"#)?;
/// assert!(matches!(frame, ClientFrame::CatchUp { since: 41 }));
/// # Ok::<(), larder::wire::EventError>(())
/// ```
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum ClientFrame {
    /// First message of a connection: what the client wants and what it already has.
    Subscribe(Subscribe),
    /// A gap was seen: everything after `since` is wanted again.
    CatchUp {
        /// The cursor of the client.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
        since: u64,
    },
    /// Do this action once; the same id sent again has no second effect.
    Mutate {
        /// Chosen by the client, unique for ever.
        id: String,
        /// Which action, e.g. `files.rename`.
        name: String,
        /// Its arguments; their shape belongs to the action.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
        args: Box<RawValue>,
    },
    /// Ask the backend a question.
    Query {
        /// Chosen by the client, unique within the connection.
        id: String,
        /// Which question, e.g. `engine.status`.
        method: String,
        /// Its input; the shape belongs to the method.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
        input: Box<RawValue>,
    },
    /// Tell when the answer to this question is another than what was seen last: with `changed`.
    Watch {
        /// Chosen by the client, unique within the connection.
        id: String,
        /// The question's method.
        method: String,
        /// Its input.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
        input: Box<RawValue>,
        /// The `watch` of the newest answer.
        seen: String,
    },
    /// Tell of it no more.
    Unwatch {
        /// The id of the `watch`.
        id: String,
    },
    /// Is the engine still there?
    Ping {},
}

impl ClientFrame {
    /// Reads a frame, whichever of its keys comes first.
    ///
    /// # Errors
    /// [`EventError::MalformedFrame`] with what the parser says.
    pub fn parse(text: &str) -> Result<Self, EventError> {
        super::tagged::from_str(text)
            .map_err(|error| EventError::MalformedFrame { message: error.to_string() })
    }
}

/// What a client asks of the stream when it connects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Subscribe {
    /// [`PROTOCOL_VERSION`] of the client.
    pub protocol: u32,
    /// The library to subscribe to; without one, the engine's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The cursor reached so far; without one, the client has nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub since: Option<u64>,
    /// The log that `since` counts in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
    /// Only these resource types; without it, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<String>>,
}

/// A message from an engine to a client, other than an event.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answer to `subscribe`.
    Welcome {
        /// [`PROTOCOL_VERSION`] of the engine.
        protocol: u32,
        /// The library this connection is about.
        scope: String,
        /// The log that sequences count in.
        epoch: String,
        /// The newest sequence.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
        sequence: u64,
    },
    /// The events up to the next `synced` are a whole copy as of `sequence`.
    Resync {
        /// Why the events since the client's cursor would not do.
        reason: ResyncReason,
        /// The state that the copy shows.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
        sequence: u64,
    },
    /// Copy or catch-up is complete up to `sequence`.
    Synced {
        /// Everything up to here has been sent.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
        sequence: u64,
    },
    /// The mutation took effect.
    Ack {
        /// The mutation's id.
        id: String,
        /// The sequence of its event.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
        sequence: u64,
    },
    /// The mutation was refused and had no effect.
    Reject {
        /// The mutation's id.
        id: String,
        /// A stable name of the reason, for programs.
        kind: String,
        /// The reason, for people.
        message: String,
    },
    /// Answer to `query`.
    Result {
        /// The query's id.
        id: String,
        /// The answer; its shape belongs to the method.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
        data: Box<RawValue>,
    },
    /// The query failed.
    Failed {
        /// The query's id.
        id: String,
        /// A stable name of the reason, for programs.
        kind: String,
        /// The reason, for people.
        message: String,
    },
    /// What is watched is another than before: ask again.
    Changed {
        /// The id of the `watch`.
        id: String,
    },
    /// Answer to `ping`.
    Pong {},
    /// The connection did something wrong and is about to be closed.
    Error {
        /// A stable name of the reason, for programs.
        kind: String,
        /// The reason, for people.
        message: String,
    },
}

/// Why an engine sends a whole copy instead of the events since the client's cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResyncReason {
    /// The client had no cursor.
    First,
    /// The cursor counts in another log.
    EpochChanged,
    /// The log no longer reaches back to the cursor.
    LogCompacted,
    /// A copy is cheaper than the events in between.
    TooFarBehind,
    /// A reason that this version does not know.
    Other,
}
