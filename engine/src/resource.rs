//! The rows of the tables as resources: the JSON that clients see, and [`larder_library`] declares.

use chrono::DateTime;
use larder::Resource as _;
use larder_library::{Album, Conflict, ContentIdentity, Device, File, FileKind, Job, Location, Tag, Volume};
use serde_json::value::{RawValue, to_raw_value};

use crate::database::entity::device_status::{DeviceRole, DeviceState};
use crate::database::entity::job::{JobKind, JobState};
use crate::database::entity::location::ScanState;
use crate::database::entity::{
    album, content_identity, device, device_status, file, job, location, sync_conflict, tag, volume,
};
use uuid::Uuid;

/// Resource type of entries of a folder.
pub(crate) const FILE: &str = File::NAME;
/// Resource type of tags.
pub(crate) const TAG: &str = Tag::NAME;
/// Resource type of mirrored folders.
pub(crate) const LOCATION: &str = Location::NAME;
/// Resource type of machines.
pub(crate) const DEVICE: &str = Device::NAME;

/// Resource type of disks.
pub(crate) const VOLUME: &str = Volume::NAME;
/// Resource type of what is in files.
pub(crate) const CONTENT: &str = ContentIdentity::NAME;
/// Resource type of albums.
pub(crate) const ALBUM: &str = Album::NAME;
/// Resource type of changes that did not know of each other.
pub(crate) const CONFLICT: &str = Conflict::NAME;

/// Resource type of what the engine works at.
pub(crate) const JOB: &str = Job::NAME;

/// One resource as JSON text.
pub(crate) type Resource = Box<RawValue>;

pub(crate) fn file(row: file::Model, tag_ids: Vec<String>) -> serde_json::Result<Resource> {
    to_raw_value(&File {
        id: row.id,
        location_id: row.location_id,
        parent_id: row.parent_id,
        name: row.name,
        extension: row.extension,
        // A database that a later engine wrote may have kinds that this one does not know.
        kind: row.kind.parse().unwrap_or(FileKind::Unknown),
        is_dir: row.is_dir,
        size: row.size,
        path: row.path,
        modified_at: DateTime::from_timestamp_nanos(row.modified_ns),
        created_at: DateTime::from_timestamp_nanos(row.created_ns),
        content_id: row.content_id,
        favorite: row.favorite,
        tag_ids,
        version: row.version,
    })
}

pub(crate) fn tag(row: &tag::Model) -> serde_json::Result<Resource> {
    to_raw_value(&Tag {
        id: row.id.clone(),
        name: row.name.clone(),
        color: row.color.clone(),
        version: row.version,
    })
}

pub(crate) fn location(row: &location::Model) -> serde_json::Result<Resource> {
    to_raw_value(&Location {
        id: row.id,
        device_id: row.device_id,
        volume_id: row.volume_id,
        name: row.name.clone(),
        path: row.path.clone(),
        scan_state: match row.scan_state {
            ScanState::Scanning => larder_library::ScanState::Scanning,
            ScanState::Ready => larder_library::ScanState::Ready,
            ScanState::Missing => larder_library::ScanState::Missing,
        },
        file_count: row.file_count,
        version: row.version,
    })
}

pub(crate) fn volume(row: &volume::Model) -> serde_json::Result<Resource> {
    to_raw_value(&Volume {
        id: row.id,
        device_id: row.device_id,
        name: row.name.clone(),
        mount_point: row.mount_point.clone(),
        total_bytes: row.total_bytes,
        version: row.version,
    })
}

pub(crate) fn content(row: content_identity::Model, tag_ids: Vec<String>) -> serde_json::Result<Resource> {
    let content_identity::Model { id, hash, size, version, first_seen_ns: _ } = row;
    to_raw_value(&ContentIdentity { id, hash, size, tag_ids, version })
}

pub(crate) fn album(row: album::Model, file_ids: Vec<Uuid>) -> serde_json::Result<Resource> {
    let album::Model { id, name, cover_id, version } = row;
    to_raw_value(&Album { id, name, cover_id, file_ids, version })
}

pub(crate) fn conflict(row: sync_conflict::Model) -> serde_json::Result<Resource> {
    to_raw_value(&Conflict {
        id: row.resource_id(),
        field: (!row.field.is_empty()).then_some(row.field),
        model: row.model,
        record_id: row.record_id,
        kept: row.won,
        lost: row.lost,
        kept_by: row.won_device.to_string(),
        lost_by: row.lost_device.to_string(),
    })
}

pub(crate) fn job(row: &job::Model) -> serde_json::Result<Resource> {
    use larder_library::JobKind as Kind;
    to_raw_value(&Job {
        id: row.id.clone(),
        kind: match row.kind {
            JobKind::Index => Kind::Index,
            JobKind::Identify => Kind::Identify,
            JobKind::Backfill => Kind::Backfill,
            JobKind::CatchUp => Kind::CatchUp,
            JobKind::Closure => Kind::Closure,
            JobKind::Evict => Kind::Evict,
            JobKind::Compact => Kind::Compact,
            JobKind::Copy => Kind::Copy,
        },
        state: state_of(row.state),
        device_id: row.device_id,
        location_id: row.location_id,
        folder_id: row.folder_id,
        name: row.name.clone(),
        done: row.done,
        total: row.total,
        started_ms: row.started_ms,
        updated_ms: row.updated_ms,
        problem_kind: row.problem_kind.clone(),
        problem: row.problem.clone(),
        version: row.version,
    })
}

/// How a job stands, as clients see it.
pub(crate) fn state_of(state: JobState) -> larder_library::JobState {
    use larder_library::JobState as State;
    match state {
        JobState::Queued => State::Queued,
        JobState::Running => State::Running,
        JobState::Paused => State::Paused,
        JobState::Done => State::Done,
        JobState::Failed => State::Failed,
    }
}

/// A device that nothing is known of but its row has not been met.
pub(crate) fn device(
    row: device::Model,
    status: Option<&device_status::Model>,
    removed: bool,
    unwanted: bool,
    unwanted_models: Vec<String>,
) -> serde_json::Result<Resource> {
    to_raw_value(&Device {
        id: row.id,
        name: row.name,
        is_self: status.is_some_and(|status| status.is_self),
        online: status.is_some_and(|status| status.online),
        state: match status.map_or(DeviceState::Uninitialized, |status| status.state) {
            DeviceState::Uninitialized => larder_library::DeviceState::Uninitialized,
            DeviceState::Backfilling => larder_library::DeviceState::Backfilling,
            DeviceState::CatchingUp => larder_library::DeviceState::CatchingUp,
            DeviceState::Ready => larder_library::DeviceState::Ready,
            DeviceState::Paused => larder_library::DeviceState::Paused,
        },
        role: match status.map_or(DeviceRole::Peer, |status| status.role) {
            DeviceRole::Leader => larder_library::DeviceRole::Leader,
            DeviceRole::Follower => larder_library::DeviceRole::Follower,
            DeviceRole::Peer => larder_library::DeviceRole::Peer,
        },
        pending: status.map_or(0, |status| status.pending),
        behind_since_ms: status.and_then(|status| status.behind_since_ms),
        problem: status.and_then(|status| status.problem.clone()),
        removed,
        files_wanted: !unwanted,
        unwanted_models,
        version: row.version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_files_is_the_text_that_clients_have_always_had() {
        let row = file::Model {
            id: Uuid::from_u128(1),
            location_id: Uuid::from_u128(2),
            parent_id: None,
            name: "a \"b\".JPG".to_owned(),
            extension: Some("jpg".to_owned()),
            kind: "image".to_owned(),
            is_dir: false,
            size: 7,
            path: "x/a \"b\".JPG".to_owned(),
            modified_ns: 951_827_696_789_999_999,
            created_ns: -1,
            content_id: None,
            metadata_id: None,
            inode: Some(4),
            favorite: true,
            version: 3,
        };
        let text = r#"{"id":"00000000-0000-0000-0000-000000000001","location_id":"00000000-0000-0000-0000-000000000002","parent_id":null,"name":"a \"b\".JPG","extension":"jpg","kind":"image","is_dir":false,"size":7,"path":"x/a \"b\".JPG","modified_at":"2000-02-29T12:34:56.789Z","created_at":"1969-12-31T23:59:59.999Z","content_id":null,"favorite":true,"tag_ids":["t1"],"version":3}"#;
        assert_eq!(file(row.clone(), vec!["t1".to_owned()]).unwrap().get(), text);

        let later = file::Model { kind: "hologram".to_owned(), ..row };
        assert!(file(later, Vec::new()).unwrap().get().contains(r#""kind":"unknown""#));
    }
}
