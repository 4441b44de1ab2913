//! The canonical event, as an engine writes it.
//!
//! Clients do not read events through these types: the rows of an event are never turned into a tree (see [`super::decode`]).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// One event of a scope's stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Event {
    /// Who, when, where in the stream.
    pub envelope: Envelope,
    /// What happened.
    pub kind: EventKind,
}

/// Who, when and where in the stream an event is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Envelope {
    /// Unique id of the event.
    pub id: String,
    /// RFC 3339; informational, order comes from `sequence`.
    pub timestamp: String,
    /// The scope.
    pub library_id: String,
    /// Counts by one within a scope and epoch, from 1.
    #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
    pub sequence: u64,
    /// The mutation whose outcome this is; on the last event of that mutation only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutation_id: Option<String>,
    /// The sequence before this one in a filtered subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub previous: Option<u64>,
}

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "type", content = "data")]
#[non_exhaustive]
pub enum EventKind {
    /// One resource was created or changed.
    ResourceChanged {
        /// E.g. `file`.
        resource_type: String,
        /// The resource, or for merging types the changed part of it.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
        resource: Box<RawValue>,
        /// How to apply it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metadata: Option<Metadata>,
    },
    /// Several resources of one type were created or changed.
    ResourceBatchChanged {
        /// E.g. `file`.
        resource_type: String,
        /// The resources.
        #[cfg_attr(feature = "specta", specta(type = Vec<specta_typescript::Unknown>))]
        resources: Vec<Box<RawValue>>,
        /// What made them change, e.g. `index`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operation: Option<String>,
        /// How to apply them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metadata: Option<Metadata>,
    },
    /// One resource is gone.
    ResourceDeleted {
        /// E.g. `file`.
        resource_type: String,
        /// Its id.
        resource_id: String,
    },
    /// Many resources changed; the event carries none of them.
    BulkOperationCompleted {
        /// E.g. `file`.
        resource_type: String,
        /// How many changed.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Number))]
        affected_count: u64,
        /// Names the operation.
        operation_token: String,
        /// What a client may want to ask again.
        #[cfg_attr(feature = "specta", specta(type = specta_typescript::Unknown))]
        hints: Box<RawValue>,
    },
    /// Everything is stale.
    Refresh,
}

/// How to apply the resources of an event.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Metadata {
    /// Replace these top-level fields whole even where the type merges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_merge_fields: Vec<String>,
    /// The one entity of this event also answers to these ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternate_ids: Vec<String>,
    /// Paths that the event is about: texts, or objects that have a text `path` at any depth. Results of remote queries that
    /// depend on them are stale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "specta", specta(type = Vec<specta_typescript::Unknown>))]
    pub affected_paths: Vec<Box<RawValue>>,
}
