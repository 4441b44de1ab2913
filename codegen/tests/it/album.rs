//! A new resource type is one struct: what it takes is here. What uses it, typed, is in `tests/typescript/music` and in
//! `bindings-swift/Tests/LarderCodegenTests`.

use crate::golden::{in_swift_tests, in_typescript_tests, keep_swift, keep_typescript};
use larder_codegen::{SwiftOptions, larder, schema, specta};
use serde::{Deserialize, Serialize};
use specta::Type;
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
    keep_typescript(&schema, &in_typescript_tests("music/generated.ts"));
    keep_swift(&schema, &in_swift_tests("Music.swift"), &SwiftOptions::new().registry_name("Music"));
}
