//! Everything that a transaction can do. The events follow from this, so rows and events cannot disagree.

use serde_json::value::RawValue;
use uuid::Uuid;

use crate::database::entity::location::ScanState;
use crate::database::entity::{
    album, album_entry, content_identity, content_tag, device, device_status, file, file_tag, job, location,
    tag, user_metadata, volume,
};
use crate::sync::{Positions, Syncable};

impl Write {
    /// The shared model of which it writes a row, unless that is no choice of a user's.
    pub(crate) fn shared_model(&self) -> Option<&str> {
        Some(match self {
            Self::Favorite { .. } => user_metadata::Model::INFO.name,
            Self::Tag(_) | Self::DeleteTag(_) => tag::Model::INFO.name,
            Self::ApplyTag { .. } | Self::RemoveTag { .. } => file_tag::Model::INFO.name,
            Self::TagContent { .. } | Self::UntagContent { .. } | Self::TagContentLater { .. } => {
                content_tag::Model::INFO.name
            }
            Self::Album(_) | Self::DeleteAlbum(_) => album::Model::INFO.name,
            Self::AddToAlbum { .. } | Self::RemoveFromAlbum { .. } => album_entry::Model::INFO.name,
            // The name of the model is what the id of a conflict begins with.
            Self::Resolve { conflict, .. } => conflict.split('|').next()?,
            _ => return None,
        })
    }
}

/// One change to the tables.
#[derive(Debug)]
pub(crate) enum Write {
    /// Adds or replaces a machine.
    Device(device::Model),
    /// Adds or replaces a disk.
    Volume(volume::Model),
    /// Says which disk a location is on.
    LocationVolume { location: Uuid, volume: Uuid },
    /// Says how this engine stands with devices.
    DeviceStatus(Vec<device_status::Model>),
    /// Removes a machine from the library, for ever.
    RemoveDevice { device: Uuid, key: String },
    /// Adds a location.
    Location(location::Model),
    /// Says how a location is.
    ScanState { location: Uuid, state: ScanState },
    /// Adds entries, or brings what comes from the disk up to date in them. `favorite`, tags and `version` belong to the
    /// database: for entries that are there already they are left as they are, but `version` goes up by one.
    Files { rows: Vec<file::Model>, operation: &'static str },
    /// The same for very many: no event for each, but one for all of them.
    FilesInBulk { rows: Vec<file::Model>, mode: &'static str },
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
    /// Adds a content, if it is a new one.
    Content(content_identity::Model),
    /// Puts a tag on a content.
    TagContent { content: Uuid, tag: String },
    /// Takes a tag off a content.
    UntagContent { content: Uuid, tag: String },
    /// Puts a tag on the content of an entry once it is known which that is.
    TagContentLater { file: Uuid, tag: String },
    /// Adds an album, or changes its fields.
    Album(album::Model),
    /// Removes an album for ever. The entries in it stay where they are.
    DeleteAlbum(String),
    /// Puts an entry into an album.
    AddToAlbum { album: String, file: Uuid },
    /// Takes an entry out of an album.
    RemoveFromAlbum { album: String, file: Uuid },
    /// Writes one of the two values of a conflict on all devices.
    Resolve { conflict: String, keep_lost: bool },
    /// Says whether the files of another device are wanted here.
    Select { device: Uuid, wanted: bool },
    /// Says whether a shared model is wanted here. To let go of it, another device must have all of it, which is at these positions.
    SelectModel { model: String, wanted: bool, kept: Positions },
    /// Says how a job stands, with events of these names beside its row.
    Job { row: job::Model, events: Vec<&'static str> },
    /// Forgets jobs that ended.
    ForgetJobs(Vec<String>),
    /// Tells something that is not a resource.
    Notice { name: &'static str, data: Box<RawValue> },
}
