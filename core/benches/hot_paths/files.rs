//! Files of about 500 bytes each, as text, and a cache full of them.

use std::fmt::Write;

use larder::query::Query;
use larder::registry::{RelationKind, ResourceType};
use larder::{Cache, Config, QueryId, Registry};

/// Files, which belong to folders and have tags.
pub fn registry() -> Registry {
    let file =
        ResourceType::new("file").version("version").relation("tags", RelationKind::Many, "tag", "tag_ids");
    let tag = ResourceType::new("tag").version("version");
    Registry::builder().resource(file).resource(tag).build().expect("the registry is right")
}

/// An empty cache.
pub fn empty() -> Cache {
    Cache::new(registry(), Config::default())
}

/// A name that is somewhere among the others.
fn plain_name(name: usize) -> String {
    format!("file {:06}.jpg", name * 7919 % 1_000_000)
}

/// A name as people give them: words out of a few hundred, a date, a number.
pub fn spoken_name(id: usize) -> String {
    const STARTS: [&str; 20] = [
        "va", "ho", "pro", "con", "re", "in", "de", "pa", "se", "co", "ma", "tra", "me", "sta", "li", "ba",
        "mo", "fi", "ca", "su",
    ];
    const ENDS: [&str; 20] = [
        "cation", "liday", "ject", "tract", "port", "voice", "sign", "per", "ries", "py", "nual", "vel",
        "eting", "tement", "st", "ckup", "del", "nal", "lendar", "mmary",
    ];
    let word = |seed: usize| {
        let pick = |from: &[&'static str; 20], at: usize| from.get(at % 20).copied().unwrap_or_default();
        format!("{}{}", pick(&STARTS, seed / 7), pick(&ENDS, seed / 131))
    };
    let (a, b) = (id.wrapping_mul(2_654_435_761), id.wrapping_mul(40_503));
    format!("{} {} 20{:02}-{:02} {id:05}.jpg", word(a), word(b), id % 25, id % 12)
}

fn file(id: usize, name: &str, version: usize) -> String {
    format!(
        r#"{{"id":"0190c0de-0000-7000-8000-{id:012x}","location_id":"0190c0de-0000-7000-8000-00000000ffff","parent_id":"folder {}","name":"{name}","extension":"jpg","kind":"image","is_dir":false,"size":{},"path":"library/folder {}/{name}","content_identity":{{"uuid":"4a2e963f-2fd3-5f25-90e6-80d1a626247b","kind":"image","content_hash":"4a2e963f2fd35f25","entry_count":1}},"favorite":false,"tag_ids":["t{}","t{}"],"modified_at":"2026-01-01T10:05:33Z","created_at":"2025-11-20T10:05:34.149522Z","version":{version}}}"#,
        id % 10_000,
        (id * 31 + version * 17) % 100_000,
        id % 100,
        id % 100,
        (id + 7) % 100,
    )
}

/// A file; those with ids 10,000 apart are in one folder.
pub fn row(id: usize, name: usize, version: usize) -> String {
    file(id, &plain_name(name), version)
}

/// An event of all these files.
pub fn batch(rows: impl Iterator<Item = String>) -> String {
    let mut text = String::from(r#"{"ResourceChangedBatch":{"resource_type":"file","resources":["#);
    for (index, row) in rows.enumerate() {
        write!(text, "{}{row}", if index == 0 { "" } else { "," }).expect("a string takes all");
    }
    text.push_str("]}}");
    text
}

/// An event of so many files.
pub fn plain_batch(count: usize) -> String {
    batch((0..count).map(|id| row(id, id, 1)))
}

/// An event of so many files with names that people give.
pub fn spoken_batch(count: usize) -> String {
    batch((0..count).map(|id| file(id, &spoken_name(id), 1)))
}

/// An event of one file.
pub fn change(id: usize, name: usize, version: usize) -> String {
    format!(r#"{{"ResourceChanged":{{"resource_type":"file","resource":{}}}}}"#, row(id, name, version))
}

/// An event of one tag.
pub fn tag(id: usize, version: usize) -> String {
    format!(
        r#"{{"ResourceChanged":{{"resource_type":"tag","resource":{{"id":"t{id}","name":"tag {version}","version":{version}}}}}}}"#
    )
}

/// A cache with so many files and all tags.
pub fn full(count: usize) -> Cache {
    let mut cache = empty();
    let _ = cache.apply(plain_batch(count));
    for id in 0..100 {
        let _ = cache.apply(tag(id, 1));
    }
    cache
}

/// A query, which must be right.
pub fn query(json: &str) -> Query {
    Query::parse(json).expect("the query is right")
}

/// Mounts a query.
pub fn mount(cache: &mut Cache, json: &str) -> QueryId {
    cache.mount(&query(json)).result.expect("the query is right")
}
