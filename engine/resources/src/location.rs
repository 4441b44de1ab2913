//! Mirrored folders.

use larder::Resource;
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::{Device, File, Volume};

/// A folder on disk that is mirrored, with all that is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Resource)]
#[resource(reverse(files, many = File, field = "location_id"))]
pub struct Location {
    /// Stays the same as long as the folder is mirrored.
    pub id: Uuid,
    /// The machine that it is on.
    #[resource(one = Device)]
    pub device_id: Uuid,
    /// The disk that it is on, or null where that is not known.
    #[resource(one = Volume)]
    pub volume_id: Option<Uuid>,
    /// The folder's name.
    pub name: String,
    /// Where it is on that machine, from the root of the disk.
    pub path: String,
    /// How well its files are known to agree with the disk.
    pub scan_state: ScanState,
    /// How many files are in it, at any depth, without folders.
    pub file_count: i64,
    /// Grows with each change.
    #[resource(version)]
    pub version: i64,
}

/// How well the files of a location are known to agree with the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ScanState {
    /// They are being compared.
    Scanning,
    /// They agree, and changes are followed as they happen.
    Ready,
    /// The folder is not there; they are as it was seen last.
    Missing,
}
