//! Entries of folders.

use chrono::{DateTime, Utc};
use larder::Resource;
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::{ContentIdentity, FileKind, Location, Tag};

/// An entry of a folder: a file or a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Resource)]
#[resource(reverse(children, many = File, field = "parent_id"))]
pub struct File {
    /// Stays the same when the entry is renamed or moved.
    pub id: Uuid,
    /// The mirrored folder that it is in.
    #[resource(one = Location)]
    pub location_id: Uuid,
    /// The folder that it is in, or null for the mirrored folder itself.
    #[resource(one = File, index)]
    pub parent_id: Option<Uuid>,
    /// Its name, with the extension.
    #[resource(index)]
    pub name: String,
    /// What follows the last dot of the name, in lowercase. Null for folders and for names without one.
    pub extension: Option<String>,
    /// What it is, judged from the extension.
    #[resource(index)]
    pub kind: FileKind,
    /// Whether it is a folder.
    #[resource(index)]
    pub is_dir: bool,
    /// How many bytes it has; 0 for folders.
    #[resource(index)]
    pub size: i64,
    /// Where it is: the names from the mirrored folder down, with `/` between them. Empty for that folder itself.
    pub path: String,
    /// When its content was last changed.
    #[serde(with = "crate::timestamp")]
    #[specta(type = DateTime<Utc>)]
    #[resource(index)]
    pub modified_at: DateTime<Utc>,
    /// When it was made.
    #[serde(with = "crate::timestamp")]
    #[specta(type = DateTime<Utc>)]
    pub created_at: DateTime<Utc>,
    /// What is in it, or null as long as nobody has looked.
    #[resource(one = ContentIdentity, index)]
    pub content_id: Option<Uuid>,
    /// Whether it is marked as a favorite.
    #[resource(index)]
    pub favorite: bool,
    /// The tags on it, in the order in which they were put on.
    #[resource(many = Tag, as = "tags", index)]
    pub tag_ids: Vec<String>,
    /// Grows with each change.
    #[resource(version)]
    pub version: i64,
}
