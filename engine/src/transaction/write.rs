//! Everything that a transaction can do. The events follow from this, so rows and events cannot disagree.

use serde_json::value::RawValue;
use uuid::Uuid;

use crate::database::entity::location::ScanState;
use crate::database::entity::{device, file, location, tag};

/// One change to the tables.
#[derive(Debug)]
pub(crate) enum Write {
    /// Adds or replaces a machine.
    Device(device::Model),
    /// Adds a location.
    Location(location::Model),
    /// Says how a location is.
    ScanState { location: Uuid, state: ScanState },
    /// Adds entries, or brings what comes from the disk up to date in them. `favorite`, tags and `version` belong to the
    /// database: for entries that are there already they are left as they are, but `version` goes up by one.
    Files { rows: Vec<file::Model>, operation: &'static str },
    /// Takes entries off their paths for the rest of the transaction, so that others may move there. No event.
    Vacate(Vec<Uuid>),
    /// Removes entries and their tags.
    DeleteFiles(Vec<Uuid>),
    /// Marks an entry.
    Favorite { file: Uuid, favorite: bool },
    /// Adds a tag, or gives one another name and color.
    Tag(tag::Model),
    /// Removes a tag for ever, also from all entries.
    DeleteTag(String),
    /// Puts a tag on an entry.
    ApplyTag { file: Uuid, tag: String },
    /// Takes a tag off an entry.
    RemoveTag { file: Uuid, tag: String },
    /// Tells something that is not a resource.
    Notice { name: &'static str, data: Box<RawValue> },
}
