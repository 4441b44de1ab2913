//! Machines.

use larder::Resource;
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::Location;

/// A machine that holds locations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Resource)]
#[resource(reverse(locations, many = Location, field = "device_id"))]
pub struct Device {
    /// Stays the same when the machine is renamed.
    pub id: Uuid,
    /// The machine's name.
    pub name: String,
    /// Grows with each change.
    #[resource(version)]
    pub version: i64,
}
