//! Labels.

use larder::Resource;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::File;

/// A label that can be put on any number of files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Resource)]
#[resource(reverse(files, many = File, field = "tag_ids"))]
pub struct Tag {
    /// Chosen by the client that made the tag.
    pub id: String,
    /// What it says.
    #[resource(index)]
    pub name: String,
    /// `#` and six hexadecimal digits.
    pub color: String,
    /// Grows with each change.
    #[resource(version)]
    pub version: i64,
}
