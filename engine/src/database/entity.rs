//! The tables as SeaORM entities, one file each.

pub(crate) mod album;
pub(crate) mod album_entry;
pub(crate) mod applied_mutation;
pub(crate) mod content_identity;
pub(crate) mod content_tag;
pub(crate) mod content_tag_later;
pub(crate) mod device;
pub(crate) mod device_status;
pub(crate) mod file;
pub(crate) mod file_tag;
pub(crate) mod location;
pub(crate) mod meta;
pub(crate) mod removed_device;
pub(crate) mod sync_ack;
pub(crate) mod sync_change;
pub(crate) mod sync_conflict;
pub(crate) mod sync_log;
pub(crate) mod sync_mark;
pub(crate) mod sync_owned;
pub(crate) mod sync_peer;
pub(crate) mod sync_seen;
pub(crate) mod sync_shared;
pub(crate) mod sync_waiting;
pub(crate) mod tag;
pub(crate) mod user_metadata;
pub(crate) mod volume;
