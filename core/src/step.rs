//! What goes into the cache and what comes out of it, one step at a time.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorInfo};
use crate::outbox::Rejection;
use crate::patch::Patch;
use crate::persist::Batch;
use crate::remote::RemoteState;
use crate::sync::{Cursor, Phase};

/// Bytes from outside: to be copied from, or to be kept.
#[derive(Debug, Clone)]
pub enum Input<'a> {
    /// The cache copies what it keeps.
    Borrowed(&'a [u8]),
    /// The cache may keep the buffer itself, which spares a large event one copy.
    Owned(Vec<u8>),
}

impl Input<'_> {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}

impl<'a> From<&'a [u8]> for Input<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Borrowed(bytes)
    }
}

impl<'a> From<&'a str> for Input<'a> {
    fn from(text: &'a str) -> Self {
        Self::Borrowed(text.as_bytes())
    }
}

impl From<Vec<u8>> for Input<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Owned(bytes)
    }
}

impl From<String> for Input<'_> {
    fn from(text: String) -> Self {
        Self::Owned(text.into_bytes())
    }
}

/// The outcome of one step: its result, and everything it wants delivered.
#[derive(Debug)]
#[must_use = "the patch and the effects must be delivered"]
pub struct Step<T> {
    /// What was asked for, or why not.
    pub result: Result<T, Error>,
    /// What changed for the mounted queries.
    pub patch: Option<Patch>,
    /// What to write to the storage in one go; the outcome is told with `persisted`. Only where there is a storage.
    pub batch: Option<Batch>,
    /// What the driver must do, in order.
    pub effects: Vec<Effect>,
}

/// Something for the driver to do.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// Send this text message over the socket.
    Send(String),
    /// Open a connection; then call `connected`, or `disconnected` if that fails.
    Connect,
    /// Close the connection, then call `disconnected`.
    Disconnect,
    /// Call `tick` at this time, in milliseconds of the clock that is passed in. Replaces the time set before.
    WakeAt(#[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))] u64),
    /// The status is another than before.
    Status(Status),
    /// A mutation is done: it was confirmed, or refused and its optimistic operations taken back.
    Settled {
        /// The mutation's id.
        id: String,
        /// Why it was refused; `None` if it was confirmed.
        rejection: Option<Rejection>,
    },
    /// The backend's answer to a question.
    Answer {
        /// The question's id.
        id: String,
        /// The answer.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
        data: Box<RawValue>,
    },
    /// The backend could not answer a question.
    Failed {
        /// The question's id.
        id: String,
        /// A stable name of the reason, for programs.
        kind: String,
        /// The reason, for people.
        message: String,
    },
    /// A mounted remote query stands otherwise than before.
    Remote(RemoteState),
    /// An event that carries no resources, for the app's listeners.
    Event(#[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))] Box<RawValue>),
    /// Read these values from the storage and pass them to `loaded`, or report with `load_failed`.
    Load {
        /// The keys.
        keys: Vec<String>,
    },
    /// The storage could not be read or written; the cache goes on in memory.
    Storage(ErrorInfo),
    /// A message in the stream was refused; the cache goes on without it.
    Refused(ErrorInfo),
}

/// How the cache stands to its storage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StorageState {
    /// There is none: the cache is in memory only.
    #[default]
    None,
    /// What was stored is being read back; results may lack rows.
    Restoring,
    /// What changes is stored.
    Ready,
    /// The storage could not be read or written; it is tried again with later changes.
    Failed,
}

/// How the cache stands to its backend and its storage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Status {
    /// Connected or not.
    pub phase: Phase,
    /// Whether what changes is stored.
    #[serde(default)]
    pub storage: StorageState,
    /// Mutations that are not settled.
    pub pending: u32,
    /// The library, once known.
    pub library: Option<String>,
    /// How far the backend's stream has been followed. Opaque: it is the same as another or not, and nothing else.
    #[cfg_attr(feature = "specta", specta(type = Option<String>))]
    pub cursor: Option<Cursor>,
}

/// What an event did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Applied {
    /// Rows that look different now.
    pub changed: u32,
    /// Resources that were older than what is cached.
    pub stale: u32,
    /// The event had been applied before.
    pub duplicate: bool,
    /// The event came too early and is held back until what is missing has come.
    pub held: bool,
}

/// What the cache holds, and the work it has done since it was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// Entities in memory.
    pub entities: u32,
    /// Entities that are known and not in memory: on disk, or with the backend only.
    pub evicted: u32,
    /// How many of those only the backend has.
    pub lost: u32,
    /// Entities in memory that have to stay there: they match a mounted query, are shown in others, are pinned, or have pending edits.
    pub referenced: u32,
    /// There is more in memory than the budget allows, because all of it has to stay, or is not on disk yet.
    pub over_budget: bool,
    /// Entities by their types.
    pub types: Vec<TypeStats>,
    /// Mutations that are not settled.
    pub pending: u32,
    /// Bytes of rows in the storage.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub disk_bytes: u64,
    /// Bytes of their rows.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub row_bytes: u64,
    /// Bytes of the buffers that rows are in, waste included.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub buffer_bytes: u64,
    /// Bytes of columns, ordered lists and indexes.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub index_bytes: u64,
    /// Results of remote queries, those that nobody shows included.
    pub results: u32,
    /// Bytes of their questions and ids.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub result_bytes: u64,
    /// Mounted queries.
    pub queries: u32,
    /// Distinct filters and orders among them.
    pub views: u32,
    /// Indexes built for the values and words that queries ask for.
    pub indexes: u32,
    /// How many have been built since the cache was made.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub indexes_built: u64,
    /// How many of those have been dropped, because no query used them for a while.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub indexes_dropped: u64,
    /// Rows that the host holds objects for.
    pub host_rows: u32,
    /// Resource types that were not declared.
    pub unknown_types: u32,
    /// Events applied.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub events_applied: u64,
    /// Messages refused.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub events_refused: u64,
    /// Rows that mounting queries looked at.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub rows_scanned: u64,
    /// How often a changed row was tried on a view.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub views_evaluated: u64,
    /// Rows put into patches.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub rows_sent: u64,
    /// Rows with relations put in, put into patches as links between rows.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub nodes_sent: u64,
    /// Query changes put into patches.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub queries_sent: u64,
    /// Rows put away because there were too many, or because they expired.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub rows_evicted: u64,
    /// Rows brought back from disk.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub rows_reloaded: u64,
    /// Rows looked at to find some to put away.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub rows_weighed: u64,
}

/// What the cache holds of one resource type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct TypeStats {
    /// Its name.
    pub resource_type: String,
    /// Entities in memory.
    pub entities: u32,
    /// Entities that are known and not in memory.
    pub evicted: u32,
}

/// What a query costs, and how its rows are found.
///
/// Equal queries, and those that differ only in what part they show, share one view: the rows that match, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// How the rows were found when the view was made: `ids` that the filter names, an index of `values` or of `words`, or a `scan` of
    /// all rows.
    pub found_by: &'static str,
    /// How many rows were looked at then.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub rows_scanned: u64,
    /// The field by whose value a row that changes finds the view; without one, every row that changes is tried on it.
    pub route: Option<String>,
    /// How often a row that changed was tried on the view since.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub times_evaluated: u64,
    /// How many rows match.
    pub matches: u32,
    /// How many of them come before the window.
    pub first: u32,
    /// How many of them the window shows.
    pub shown: u32,
    /// How many mounted queries have the view, each with a window of its own; 0 if it was made for this explanation only.
    pub mounted: u32,
    /// Bytes of the rows' order.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub view_bytes: u64,
    /// The columns of the fields that the filter and the order read.
    pub columns: Vec<ColumnCost>,
    /// The indexes that it uses, or keeps for queries like it.
    pub indexes: Vec<IndexCost>,
}

/// The values of one field, kept by row, for all queries that read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ColumnCost {
    /// The field.
    pub field: String,
    /// Bytes.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub bytes: u64,
}

/// Rows by the values or words of one field, for all queries that ask for some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct IndexCost {
    /// `values` or `words`.
    pub kind: &'static str,
    /// Whose rows.
    pub resource_type: String,
    /// The field.
    pub field: String,
    /// Bytes.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub bytes: u64,
}
