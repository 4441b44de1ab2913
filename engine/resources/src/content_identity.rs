//! What is in files.

use larder::Resource;
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::{File, Tag};

/// A content: the same bytes are the same one, in whatever files on whatever devices they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Resource)]
#[resource(reverse(files, many = File, field = "content_id"))]
pub struct ContentIdentity {
    /// Follows from the library and the content.
    pub id: Uuid,
    /// A BLAKE3 hash, in hexadecimal digits: of all of it, or for large files of its size and samples.
    #[resource(index)]
    pub hash: String,
    /// How many bytes it has.
    pub size: i64,
    /// The tags on it, in the order in which they were put on.
    #[resource(many = Tag, as = "tags")]
    pub tag_ids: Vec<String>,
    /// Grows with each change.
    #[resource(version)]
    pub version: i64,
}
