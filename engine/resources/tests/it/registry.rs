//! The registry that apps of every language get.

use larder::registry::{Holds, RelationKind};

/// Each relation in words: `file.tags → many tag by tag_ids`.
fn relations() -> Vec<String> {
    let mut found = Vec::new();
    for declared in larder_library::registry().types() {
        for (name, relation) in &declared.relations {
            let kind = match relation.kind {
                RelationKind::One => "one",
                RelationKind::Many => "many",
            };
            let by = if relation.holds == Holds::Reverse { "whose" } else { "by" };
            found.push(format!("{}.{name} → {kind} {} {by} {}", declared.name, relation.to, relation.field));
        }
    }
    found
}

#[test]
fn every_type_is_there_with_its_version() {
    let registry = larder_library::registry();
    let versions: Vec<_> =
        registry.types().iter().map(|declared| (&*declared.name, declared.version.as_deref())).collect();
    let version = Some("version");
    let expected = ["file", "tag", "location", "device", "volume", "content_identity", "album"];
    // A conflict never changes: it comes and goes.
    assert_eq!(versions[..7], expected.map(|name| (name, version)));
    assert_eq!(versions[7..], [("conflict", None), ("job", version)]);
}

#[test]
fn relations_lead_both_ways() {
    let expected = [
        "file.children → many file whose parent_id",
        "file.content → one content_identity by content_id",
        "file.location → one location by location_id",
        "file.parent → one file by parent_id",
        "file.tags → many tag by tag_ids",
        "tag.files → many file whose tag_ids",
        "location.device → one device by device_id",
        "location.files → many file whose location_id",
        "location.volume → one volume by volume_id",
        "device.locations → many location whose device_id",
        "volume.device → one device by device_id",
        "volume.locations → many location whose volume_id",
        "content_identity.files → many file whose content_id",
        "content_identity.tags → many tag by tag_ids",
        "album.cover → one file by cover_id",
        "album.files → many file by file_ids",
        "job.device → one device by device_id",
        "job.folder → one file by folder_id",
        "job.location → one location by location_id",
    ];
    assert_eq!(relations(), expected);
}

#[test]
fn what_is_indexed_are_fields_that_rows_have() {
    let file = r#"{"id":"018f3c5e-0000-7000-8000-000000000001","location_id":"018f3c5e-0000-7000-8000-000000000002","parent_id":null,"name":"a","extension":null,"kind":"text","is_dir":false,"size":0,"path":"a","modified_at":"2026-11-21T10:00:00.120Z","created_at":"2026-11-21T10:00:00.120Z","content_id":null,"favorite":false,"tag_ids":[],"version":1}"#;
    let file: larder_library::File = serde_json::from_str(file).unwrap();
    let row = serde_json::to_value(&file).unwrap();
    let registry = larder_library::registry();
    let declared = registry.types().iter().find(|declared| declared.name == "file").unwrap();
    assert!(!declared.index.is_empty());
    for path in &declared.index {
        assert!(row.get(path).is_some(), "{path}");
    }
}
