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
}
