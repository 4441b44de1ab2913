//! The text of each row, byte by byte: what engines have sent, clients of other versions read.

use larder_library::{Device, DeviceRole, DeviceState, File, FileKind, Location, ScanState, Tag};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// Reads a row and writes it again.
#[track_caller]
fn same_text<T: Serialize + DeserializeOwned>(text: &str) -> T {
    let row: T = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&row).unwrap(), text);
    row
}

#[test]
fn a_file_is_written_as_it_was_read() {
    let file: File = same_text(
        r#"{"id":"018f3c5e-0000-7000-8000-000000000001","location_id":"018f3c5e-0000-7000-8000-000000000002","parent_id":"018f3c5e-0000-7000-8000-000000000003","name":"Été.JPG","extension":"jpg","kind":"image","is_dir":false,"size":9007199254740991,"path":"a/Été.JPG","modified_at":"2026-11-21T10:00:00.000Z","created_at":"1969-12-31T23:59:59.999Z","content_id":"018f3c5e-0000-7000-8000-000000000004","favorite":true,"tag_ids":["holiday","t:2"],"version":3}"#,
    );
    assert_eq!(file.kind, FileKind::Image);
    assert_eq!(file.modified_at.timestamp(), 1_795_255_200);
    assert_eq!(file.created_at.timestamp_millis(), -1);
}

#[test]
fn the_mirrored_folder_itself_has_nulls_and_an_empty_path() {
    let root: File = same_text(
        r#"{"id":"018f3c5e-0000-7000-8000-000000000001","location_id":"018f3c5e-0000-7000-8000-000000000002","parent_id":null,"name":"Pictures","extension":null,"kind":"folder","is_dir":true,"size":0,"path":"","modified_at":"2026-11-21T10:00:00.120Z","created_at":"2026-11-21T10:00:00.120Z","content_id":null,"favorite":false,"tag_ids":[],"version":1}"#,
    );
    assert_eq!((root.parent_id, root.extension), (None, None));
}

#[test]
fn tags_locations_and_devices_are_written_as_they_were_read() {
    let tag: Tag = same_text(r##"{"id":"holiday","name":"Holiday","color":"#f0a020","version":1}"##);
    assert_eq!(tag.color, "#f0a020");
    let location: Location = same_text(
        r#"{"id":"018f3c5e-0000-7000-8000-000000000002","device_id":"018f3c5e-0000-7000-8000-000000000009","volume_id":null,"name":"Pictures","path":"/home/a/Pictures","scan_state":"ready","file_count":12,"version":5}"#,
    );
    assert_eq!(location.scan_state, ScanState::Ready);
    let device: Device = same_text(
        r#"{"id":"018f3c5e-0000-7000-8000-000000000009","name":"desk","is_self":false,"online":true,"state":"catching_up","role":"follower","pending":3,"behind_since_ms":1795255200000,"problem":null,"removed":false,"files_wanted":true,"unwanted_models":["tag"],"version":1}"#,
    );
    assert_eq!(
        (device.state, device.role, device.pending),
        (DeviceState::CatchingUp, DeviceRole::Follower, 3)
    );
}

#[test]
fn a_kind_is_shown_and_parsed_as_its_word() {
    assert_eq!(FileKind::Archive.to_string(), "archive");
    assert_eq!("archive".parse(), Ok(FileKind::Archive));
    let error = "hologram".parse::<FileKind>().unwrap_err().to_string();
    assert!(error.contains("`hologram`") && error.contains("`folder`"), "{error}");
}

#[test]
fn kinds_and_states_are_single_words() {
    fn words<T: Serialize + DeserializeOwned + Debug>(words: &[&str]) {
        for word in words {
            same_text::<T>(&format!("\"{word}\""));
        }
    }
    words::<FileKind>(&[
        "folder", "image", "video", "audio", "document", "code", "archive", "text", "unknown",
    ]);
    words::<ScanState>(&["scanning", "ready", "missing"]);
    words::<DeviceRole>(&["leader", "follower", "peer"]);
}
