//! How a cache is set up.

use serde::{Deserialize, Serialize};

use crate::wire::Limits;

/// How a cache is set up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Config {
    /// How large what comes from outside may be.
    pub limits: Limits,
    /// Only these resource types are subscribed to; without it, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe_to: Option<Vec<String>>,
    /// How rows are written into patches.
    pub row_encoding: RowEncoding,
}

/// How rows are written into patches; PROTOCOL.md, section 3.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RowEncoding {
    /// As JSON text.
    #[default]
    Json,
    /// Field by field, as the `layout` of the resource type says. It needs the feature `packed` of the crate: built
    /// without it, the cache writes JSON, and each patch says so.
    Packed,
}
