//! The rows of the tables as resources: the JSON that clients see.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::database::entity::location::ScanState;
use crate::database::entity::{device, file, location, tag};
use crate::time::rfc3339;

/// Resource type of entries of a folder.
pub(crate) const FILE: &str = "file";
/// Resource type of tags.
pub(crate) const TAG: &str = "tag";
/// Resource type of mirrored folders.
pub(crate) const LOCATION: &str = "location";
/// Resource type of machines.
pub(crate) const DEVICE: &str = "device";

/// One resource as JSON text.
pub(crate) type Resource = Box<RawValue>;

#[derive(Serialize)]
struct FileRow<'a> {
    id: Uuid,
    location_id: Uuid,
    parent_id: Option<Uuid>,
    name: &'a str,
    extension: Option<&'a str>,
    kind: &'a str,
    is_dir: bool,
    size: i64,
    path: &'a str,
    modified_at: String,
    created_at: String,
    favorite: bool,
    tag_ids: &'a [String],
    version: i64,
}

pub(crate) fn file(row: &file::Model, tag_ids: &[String]) -> serde_json::Result<Resource> {
    to_raw_value(&FileRow {
        id: row.id,
        location_id: row.location_id,
        parent_id: row.parent_id,
        name: &row.name,
        extension: row.extension.as_deref(),
        kind: &row.kind,
        is_dir: row.is_dir,
        size: row.size,
        path: &row.path,
        modified_at: rfc3339(row.modified_ns),
        created_at: rfc3339(row.created_ns),
        favorite: row.favorite,
        tag_ids,
        version: row.version,
    })
}

#[derive(Serialize)]
struct TagRow<'a> {
    id: &'a str,
    name: &'a str,
    color: &'a str,
    version: i64,
}

pub(crate) fn tag(row: &tag::Model) -> serde_json::Result<Resource> {
    to_raw_value(&TagRow { id: &row.id, name: &row.name, color: &row.color, version: row.version })
}

#[derive(Serialize)]
struct LocationRow<'a> {
    id: Uuid,
    device_id: Uuid,
    name: &'a str,
    path: &'a str,
    scan_state: &'static str,
    file_count: i64,
    version: i64,
}

pub(crate) fn location(row: &location::Model) -> serde_json::Result<Resource> {
    to_raw_value(&LocationRow {
        id: row.id,
        device_id: row.device_id,
        name: &row.name,
        path: &row.path,
        scan_state: scan_state(row.scan_state),
        file_count: row.file_count,
        version: row.version,
    })
}

pub(crate) fn scan_state(state: ScanState) -> &'static str {
    match state {
        ScanState::Scanning => "scanning",
        ScanState::Ready => "ready",
        ScanState::Missing => "missing",
    }
}

#[derive(Serialize)]
struct DeviceRow<'a> {
    id: Uuid,
    name: &'a str,
    version: i64,
}

pub(crate) fn device(row: &device::Model) -> serde_json::Result<Resource> {
    to_raw_value(&DeviceRow { id: row.id, name: &row.name, version: row.version })
}
