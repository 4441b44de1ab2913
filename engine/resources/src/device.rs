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
    /// Whether it is the one that the engine runs on.
    pub is_self: bool,
    /// Whether the engine is connected to it; for its own machine, whether it may connect to others.
    pub online: bool,
    /// What it is doing about the library, as far as this engine knows.
    pub state: DeviceState,
    /// What it is if one of the devices leads the others, as far as this engine knows.
    pub role: DeviceRole,
    /// How many changes that this engine knows of have not come there.
    pub pending: i64,
    /// Since when that is so, in milliseconds since 1970. Null when it has everything.
    pub behind_since_ms: Option<i64>,
    /// Why there is no connection, in words for people.
    pub problem: Option<String>,
    /// Whether it was removed from the library: no device speaks to it again.
    pub removed: bool,
    /// Whether its files are wanted where the engine runs. Those of its own device always are.
    pub files_wanted: bool,
    /// The shared models that the engine's own device does without, with all that depends on them; of other devices none is told.
    pub unwanted_models: Vec<String>,
    /// Grows with each change.
    #[resource(version)]
    pub version: i64,
}

/// What a device is doing about the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeviceState {
    /// It has never met another one.
    Uninitialized,
    /// It is being given everything for the first time. What changes meanwhile waits for what it refers to.
    Backfilling,
    /// It is being given what happened while it was away.
    CatchingUp,
    /// It has everything.
    Ready,
    /// Somebody took it offline.
    Paused,
}

/// What a device is where one leads the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeviceRole {
    /// It leads: all others give it what they have written, and get from it what everybody wrote.
    Leader,
    /// Another device leads.
    Follower,
    /// No device leads: all talk to each other.
    Peer,
}
