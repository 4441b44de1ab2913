//! Changes that did not know of each other.

use larder::Resource;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Two devices changed the same thing, and neither knew of the other's change. One of them counts on all devices; a device that saw
/// both keeps what the other said until somebody chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Resource)]
pub struct Conflict {
    /// For the action that resolves it.
    pub id: String,
    /// The model of the row, such as `tag`.
    #[resource(index)]
    pub model: String,
    /// The row.
    pub record_id: String,
    /// The field, or null if it is about the whole row.
    pub field: Option<String>,
    /// The value that counts, as JSON text.
    pub kept: String,
    /// The other value, as JSON text.
    pub lost: String,
    /// Which device wrote the value that counts.
    pub kept_by: String,
    /// Which device wrote the other.
    pub lost_by: String,
}
