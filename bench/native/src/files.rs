//! Files of about 500 bytes.

use larder_native::Registry;
use larder_native::query::Query;
use larder_native::registry::ResourceType;
use serde::Deserialize;

/// How many there are.
pub const ROWS: usize = 100_000;

/// A file as an app declares it.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoding them is what is measured")]
pub struct File {
    id: String,
    device_id: String,
    parent_id: Option<String>,
    /// What the window is in order of.
    pub name: String,
    extension: Option<String>,
    kind: String,
    is_dir: bool,
    size: i64,
    path: String,
    content_identity: Option<ContentIdentity>,
    favorite: bool,
    tag_ids: Vec<String>,
    modified_at: String,
    created_at: String,
    version: i64,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "decoding them is what is measured")]
struct ContentIdentity {
    uuid: String,
    kind: String,
    content_hash: String,
    entry_count: i64,
}

/// The registry of the files.
pub fn registry() -> Registry {
    Registry::builder().resource(ResourceType::new("file").version("version")).build().expect("it is right")
}

/// The name of the file of a number; no two are equal.
pub fn name(number: usize) -> String {
    format!("file {:07}.jpg", number * 7919 % 1_000_003)
}

/// A file with its id, as JSON.
pub fn row(number: usize, version: usize) -> (String, String) {
    let id = format!("0190c0de-0000-7000-8000-{number:012x}");
    let json = format!(
        r#"{{"id":"{id}","device_id":"0190c0de-0000-7000-8000-00000000ffff","parent_id":"folder {}","name":"{name}","extension":"jpg","kind":"image","is_dir":false,"size":{},"path":"library/folder {}/{name}","content_identity":{{"uuid":"4a2e963f-2fd3-5f25-90e6-80d1a626247b","kind":"image","content_hash":"4a2e963f2fd35f25","entry_count":1}},"favorite":false,"tag_ids":["t{}","t{}"],"modified_at":"2026-01-01T10:05:33Z","created_at":"2025-11-20T10:05:34.149522Z","version":{version}}}"#,
        number % 100,
        (number * 31 + version) % 100_000,
        number % 100,
        number % 100,
        number % 7,
        name = name(number),
    );
    (id, json)
}

/// All of them.
pub fn rows() -> impl Iterator<Item = (String, String)> {
    (0..ROWS).map(|number| row(number, 1))
}

/// One event of all of them.
pub fn batch() -> String {
    let rows: Vec<String> = rows().map(|(_, json)| json).collect();
    format!(r#"{{"ResourceChangedBatch":{{"resource_type":"file","resources":[{}]}}}}"#, rows.join(","))
}

/// What is on the screen.
pub fn window() -> Query {
    Query::parse(r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":100}"#).expect("it is right")
}
