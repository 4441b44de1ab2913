//! How large what comes from outside may be.

use serde::{Deserialize, Serialize};

use crate::json::scan::ScanLimits;

/// How large what comes from outside may be; what is larger is refused with an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of one message. Default: 256 MiB.
    pub max_event_bytes: u32,
    /// Bytes of one string, as written. Default: 16 MiB.
    pub max_string_bytes: u32,
    /// Levels of nesting in one message. Default: 64.
    pub max_depth: u32,
    /// Resources in one event. Default: 1,000,000.
    pub max_entities: u32,
    /// Events held back while one before them is missing. Default: 256.
    pub max_held_events: u32,
    /// Resource types that were not declared but are stored. Default: 256.
    pub max_unknown_types: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_event_bytes: 256 << 20,
            max_string_bytes: 16 << 20,
            max_depth: 64,
            max_entities: 1_000_000,
            max_held_events: 256,
            max_unknown_types: 256,
        }
    }
}

/// Deeper nesting would put the stack at risk, whatever the configuration says.
const DEEPEST: u32 = 256;

impl Limits {
    pub(crate) fn scan(&self) -> ScanLimits {
        ScanLimits {
            max_depth: self.max_depth.min(DEEPEST),
            max_string_bytes: self.max_string_bytes as usize,
        }
    }
}
