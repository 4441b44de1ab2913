//! A mutation: a named action, and what it does to the screen at once.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A named user action with its optimistic operations.
///
/// ```
/// use larder::outbox::Mutation;
/// let rename: Mutation = serde_json::from_str(r#"{
///     "id": "m1", "name": "files.rename", "args": {"id": "f1", "name": "b.txt"},
///     "optimistic": [{"type": "merge", "data": {"resource_type": "file", "id": "f1", "fields": {"name": "b.txt"}}}]
/// }"#)?;
/// assert_eq!(rename.optimistic.len(), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Mutation {
    /// Unique for ever; the same id sent again has no second effect.
    pub id: String,
    /// Which action, e.g. `files.rename`.
    pub name: String,
    /// Its arguments, as the backend expects them.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
    pub args: Box<RawValue>,
    /// Edits of the same name with the same key replace each other while they have not been sent, e.g. the id of the field that
    /// the user is typing in: only the last is sent. For edits that set something to a value, not for those that add to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coalesce: Option<String>,
    /// What is visible until the backend has answered.
    #[serde(default, deserialize_with = "crate::wire::tagged::list")]
    #[cfg_attr(feature = "specta", specta(type = Vec<Operation>))]
    pub optimistic: Vec<Operation>,
}

/// One change to one entity, made over whatever is confirmed; data, so that it survives a restart.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum Operation {
    /// The entity is this, whether it was there or not.
    Upsert {
        /// E.g. `tag`.
        resource_type: String,
        /// The whole resource, with its id.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
        resource: Box<RawValue>,
    },
    /// These fields of the entity change; nothing happens where it is not there.
    Merge {
        /// E.g. `file`.
        resource_type: String,
        /// Which one.
        id: String,
        /// The fields; objects are merged member by member, arrays are replaced.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
        fields: Box<RawValue>,
    },
    /// The entity is not there.
    Delete {
        /// E.g. `file`.
        resource_type: String,
        /// Which one.
        id: String,
    },
}

/// Why a backend refused a mutation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Rejection {
    /// A stable name of the reason, for programs.
    pub kind: String,
    /// The reason, for people.
    pub message: String,
}

/// A mutation that is not settled yet, as the app sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PendingMutation {
    /// The mutation's id.
    pub id: String,
    /// Which action.
    pub name: String,
    /// How far it got.
    pub state: MutationState,
}

/// How far a mutation got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MutationState {
    /// Not sent yet.
    Queued,
    /// Sent, not answered.
    InFlight,
    /// Accepted; its event has not arrived yet.
    Acked,
    /// Not sent, because an earlier edit of the same entity was refused: `retry` sends it all the same, `discard` takes it back.
    Held,
}
