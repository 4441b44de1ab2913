//! Types of fields that specta was told with `#[specta(type = …)]`.

#![allow(dead_code, reason = "the types are only looked at")]

use larder_codegen::larder::registry::FieldType;
use larder_codegen::{SwiftOptions, larder, schema, specta};
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::branded;

branded!(struct Checksum(String) as "Checksum");

/// Told in TypeScript's own words.
struct Pattern;

impl Type for Pattern {
    fn definition(_: &mut specta::Types) -> specta::datatype::DataType {
        specta::datatype::DataType::Reference(specta_typescript::define("`${string}*`"))
    }
}

#[derive(Serialize, Deserialize, Type, larder::Resource)]
struct Blob {
    id: String,
    #[specta(type = specta_typescript::Unknown)]
    anything: u8,
    #[specta(type = specta_typescript::BigInt)]
    offset: u64,
    #[specta(type = Option<specta_typescript::Number>)]
    ratio: Option<u64>,
    #[serde(with = "listed")]
    #[specta(type = specta_serde::Phased<Vec<String>, String>)]
    words: String,
    #[specta(type = Checksum)]
    checksum: String,
    #[specta(type = Pattern)]
    pattern: String,
}

mod listed {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(words: &str, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(words.split(' '))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        String::deserialize(from)
    }
}

#[test]
fn what_specta_was_told_holds_in_typescript() {
    let text = schema![Blob].unwrap().typescript().unwrap();
    for line in [
        "readonly anything: unknown;",
        "readonly offset: number;",
        "readonly ratio: number | null;",
        "readonly words: readonly string[];",
        "readonly checksum: string;",
        "readonly pattern: `${string}*`;",
    ] {
        assert!(text.contains(line), "`{line}` is not in:\n{text}");
    }
}

#[test]
fn what_specta_was_told_in_typescript_is_any_json_in_swift() {
    let schema = schema![Blob].unwrap();
    let text = schema.swift(&SwiftOptions::new()).unwrap();
    for line in [
        "public var anything: JSONValue",
        "public var offset: Int64",
        "public var ratio: Double?",
        "public var words: [String]",
        "public var checksum: String",
        "public var pattern: JSONValue",
    ] {
        assert!(text.contains(line), "`{line}` is not in:\n{text}");
    }
    let layout = schema.registry().types()[0].layout.clone().unwrap();
    let types: Vec<FieldType> = layout.into_iter().map(|field| field.field_type).collect();
    let words = FieldType::List(Box::new(FieldType::Text));
    let ratio = FieldType::Optional(Box::new(FieldType::Float));
    assert_eq!(
        types,
        [FieldType::Text, FieldType::Json, FieldType::Int, ratio, words, FieldType::Text, FieldType::Json]
    );
}
