//! How much may be kept.

use serde::{Deserialize, Serialize};

use crate::wire::fields::Fields;

/// How much the cache keeps. What is not given has no limit.
///
/// Rows that something refers to stay whatever the budget says: those that match a mounted query, are shown inside of others, are
/// pinned, or have pending edits. Of the others, those that were not used for longest go: to the disk, if there is a storage, from where
/// they come back when a query needs them; otherwise altogether.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MemoryConfig {
    /// Bytes of rows in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub bytes: Option<u64>,
    /// Entities in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub entities: Option<u64>,
    /// Bytes of rows in the storage. Beyond it, those that are not in memory and were written longest ago are deleted there, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub disk_bytes: Option<u64>,
}

impl MemoryConfig {
    pub(crate) fn read(given: Fields<'_>) -> Result<Self, String> {
        given.only("bytes, entities, diskBytes")?;
        let count = |key: &str| {
            let is_given = given.has(key) && !given.is_null(key);
            if is_given { given.count(key).map(Some) } else { Ok(None) }
        };
        Ok(Self { bytes: count("bytes")?, entities: count("entities")?, disk_bytes: count("diskBytes")? })
    }

    /// Is there a limit to what is in memory?
    pub(crate) fn is_bounded(&self) -> bool {
        self.bytes.is_some() || self.entities.is_some()
    }

    /// Is that more than may be kept in memory?
    pub(crate) fn is_less_than(&self, bytes: usize, entities: usize) -> bool {
        self.bytes.is_some_and(|most| most < bytes as u64)
            || self.entities.is_some_and(|most| most < entities as u64)
    }
}
