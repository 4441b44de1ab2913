//! Disks.

use larder::Resource;
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::{Device, Location};

/// A disk, or a part of one, that mirrored folders are on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Resource)]
#[resource(reverse(locations, many = Location, field = "volume_id"))]
pub struct Volume {
    /// Stays the same as long as it is in the same place.
    pub id: Uuid,
    /// The machine that it is in.
    #[resource(one = Device)]
    pub device_id: Uuid,
    /// The last name of where it is, or what the operating system calls it.
    pub name: String,
    /// Where it is in the folders of that machine.
    pub mount_point: String,
    /// How many bytes fit on it.
    pub total_bytes: i64,
    /// Grows with each change.
    #[resource(version)]
    pub version: i64,
}
