//! What an engine is working at.

use larder::Resource;
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::{Device, File, Location};

/// Work that an engine does for a while. There is one row for each kind and whatever it is about, which says how it stands with the newest
/// run, or how that ended; copies have a row for each time somebody asked for one, which is kept for a week. Jobs are the engine's own: other devices have others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Resource)]
pub struct Job {
    /// The kind, and what it is about.
    pub id: String,
    /// What is done.
    #[resource(index)]
    pub kind: JobKind,
    /// How it stands.
    #[resource(index)]
    pub state: JobState,
    /// The other device that it is done with.
    #[resource(one = Device)]
    pub device_id: Option<Uuid>,
    /// The location that it is about.
    #[resource(one = Location)]
    pub location_id: Option<Uuid>,
    /// The folder that it puts something into.
    #[resource(one = File)]
    pub folder_id: Option<Uuid>,
    /// The name of what it puts there: of a file, or of a folder with all that is in it.
    pub name: Option<String>,
    /// How much is done.
    pub done: i64,
    /// How much there is to do, or null while that is not known.
    pub total: Option<i64>,
    /// When the run began, in milliseconds since 1970.
    pub started_ms: i64,
    /// When it was seen to go on last, in milliseconds since 1970.
    pub updated_ms: i64,
    /// What is in its way, or why it failed: a stable name such as `not_reachable`, `disk_full`, `target_exists`, `called_off`.
    pub problem_kind: Option<String>,
    /// The same in words for people.
    pub problem: Option<String>,
    /// Grows with each change.
    #[resource(version)]
    pub version: i64,
}

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum JobKind {
    /// Looks at all of a folder. Counts entries that differ.
    Index,
    /// Looks into files whose content is not known. Counts files.
    Identify,
    /// Gets everything from another device. Counts changes and rows.
    Backfill,
    /// Gets from another device what happened while this one was away. Counts changes.
    CatchUp,
    /// Makes anew which folder is in which. Counts folders.
    Closure,
    /// Takes away files that are not wanted here any more. Counts files.
    Evict,
    /// Throws away what nobody needs any more. Counts what is gone.
    Compact,
    /// Copies a file or a folder, also from another device. Counts bytes.
    Copy,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum JobState {
    /// It waits for its turn.
    Queued,
    /// It goes on.
    Running,
    /// It was broken off, and goes on from there when it can.
    Paused,
    /// It is done.
    Done,
    /// It cannot be done.
    Failed,
}
