//! A new resource type is one struct: what it takes is here, and what uses it is in `tests/typescript` and the Swift tests.

use crate::golden::{keep_swift, keep_typescript};
use larder_codegen::{SwiftOptions, larder, schema, specta};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::path::Path;
use uuid::Uuid;

/// Tracks in an order.
#[derive(Serialize, Deserialize, Type, larder::Resource)]
struct Album {
    id: Uuid,
    /// What it is called.
    #[resource(index)]
    title: String,
    year: Option<i32>,
    /// Who made it.
    #[resource(embedded)]
    artists: Vec<Artist>,
    #[resource(version)]
    version: i64,
}

/// Somebody who makes music.
#[derive(Serialize, Deserialize, Type, larder::Resource)]
#[resource(reverse(albums, many = "album", field = "artists"))]
struct Artist {
    id: Uuid,
    name: String,
}

#[test]
fn a_new_resource_type_is_one_struct_and_generated_code() {
    let schema = schema![Album, Artist].unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    keep_typescript(&schema, &here.join("tests/typescript/music/generated.ts"));
    let swift = here.join("../bindings-swift/Tests/LarderTests/Generated/Music.swift");
    keep_swift(&schema, &swift, &SwiftOptions::new().registry_name("Music"));
}
