//! Albums.

use larder::Resource;
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::File;

/// Files that somebody put together, from any folder of any device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Resource)]
pub struct Album {
    /// Chosen by the client that made the album.
    pub id: String,
    /// What it is called.
    #[resource(index)]
    pub name: String,
    /// The file that stands for it, or null.
    #[resource(one = File)]
    pub cover_id: Option<Uuid>,
    /// The files in it, in the order in which they were put in.
    #[resource(many = File, as = "files", index)]
    pub file_ids: Vec<Uuid>,
    /// Grows with each change.
    #[resource(version)]
    pub version: i64,
}
