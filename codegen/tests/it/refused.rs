//! What is refused, in words that name the place and the remedy.

#![allow(dead_code, reason = "the types are only looked at")]

use larder_codegen::larder::registry::{Resource, ResourceType};
use larder_codegen::{CodegenError, Schema, SwiftOptions, larder, schema, specta};
use serde::Serialize;
use specta::Type;
use std::collections::BTreeMap;

/// The error has this kind, and its message these words.
#[track_caller]
fn check(schema: Result<Schema, CodegenError>, kind: &str, words: &[&str]) {
    let error = schema.unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    for word in words {
        assert!(error.to_string().contains(word), "`{word}` is not in: {error}");
    }
}

/// A resource type that is declared by hand, by this expression.
macro_rules! by_hand {
    ($row:ty, $declared:expr) => {
        impl Resource for $row {
            const NAME: &'static str = "thing";

            fn resource_type() -> ResourceType {
                $declared
            }
        }
    };
}

#[test]
fn a_row_that_is_no_object_is_refused() {
    #[derive(Serialize, Type)]
    struct Thing(String);
    by_hand!(Thing, ResourceType::new("thing"));
    check(schema![Thing], "codegen.not_an_object", &["`Thing`", "`thing`", "named fields"]);
}

#[test]
fn fields_that_the_registry_names_must_be_there() {
    #[derive(Serialize, Type)]
    struct Thing {
        id: String,
    }
    by_hand!(Thing, ResourceType::new("thing").version("revision"));
    check(schema![Thing], "codegen.no_such_field", &["`Thing`", "`revision`", "version"]);
}

#[test]
fn an_id_is_text_or_an_integer() {
    #[derive(Serialize, Type)]
    struct Thing {
        id: Option<String>,
    }
    by_hand!(Thing, ResourceType::new("thing"));
    check(schema![Thing], "codegen.bad_id", &["`id` of `Thing`", "UUID"]);
}

#[test]
fn what_embeds_a_resource_has_its_type() {
    use larder::registry::RelationKind;

    #[derive(Serialize, Type)]
    struct Thing {
        id: String,
        part: u32,
    }
    by_hand!(Thing, ResourceType::new("thing").embedded("part", RelationKind::One, "thing"));
    check(schema![Thing], "codegen.bad_embedding", &["`part` of `Thing`", "`Vec`"]);
}

#[test]
fn relations_lead_to_types_of_the_schema() {
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: String,
        #[resource(one = "elsewhere")]
        other_id: String,
    }
    check(schema![Thing], "registry.unknown_relation_target", &["`other`", "`elsewhere`"]);
}

#[test]
fn json_that_a_function_writes_must_be_described() {
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: String,
        #[serde(serialize_with = "shout")]
        name: String,
    }
    fn shout<S: serde::Serializer>(name: &str, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&name.to_uppercase())
    }
    check(schema![Thing], "codegen.serde", &["Thing.name", "specta(type"]);
}

#[test]
fn flattened_maps_have_no_counterpart() {
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: String,
        #[serde(flatten)]
        rest: BTreeMap<String, String>,
    }
    check(schema![Thing], "codegen.unsupported", &["`Thing.rest`", "flatten"]);
}

#[test]
fn a_single_untagged_variant_has_no_counterpart() {
    #[derive(Serialize, Type)]
    enum Part {
        Known(u8),
        #[serde(untagged)]
        Other(String),
    }
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: String,
        part: Part,
    }
    check(schema![Thing], "codegen.unsupported", &["`Part::Other`", "untagged"]);
}

#[test]
fn two_types_with_one_name_are_told_apart_by_their_paths() {
    mod other {
        use super::*;

        #[derive(Serialize, Type)]
        pub struct Part {
            pub size: u8,
        }
    }
    #[derive(Serialize, Type)]
    struct Part {
        name: String,
    }
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: String,
        part: Part,
        other: other::Part,
    }
    check(schema![Thing], "codegen.same_name", &["refused::Part", "other::Part", "serde(rename"]);
}

#[test]
fn renaming_a_type_for_serde_renames_it() {
    #[derive(Serialize, Type)]
    #[serde(rename = "Piece")]
    struct Part {
        name: String,
    }
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: String,
        part: Part,
    }
    let text = schema![Thing].unwrap().typescript().unwrap();
    assert!(text.contains("readonly part: Piece;") && text.contains("export interface Piece {"), "{text}");
}

#[test]
fn names_that_swift_needs_are_refused_unless_renamed() {
    #[derive(Serialize, Type)]
    struct Date {
        day: u8,
    }
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: String,
        on: Date,
    }
    let schema = schema![Thing].unwrap();
    let error = schema.swift(&SwiftOptions::new()).unwrap_err();
    assert_eq!(error.kind(), "codegen.taken_name");
    assert!(
        error.to_string().contains("`Date`") && error.to_string().contains("SwiftOptions::rename"),
        "{error}"
    );
    let text = schema.swift(&SwiftOptions::new().rename("Date", "PlainDate")).unwrap();
    assert!(text.contains("public struct PlainDate") && text.contains("public var on: PlainDate"), "{text}");
    assert!(schema.typescript().unwrap().contains("readonly on: Date;"));
}

#[test]
fn two_fields_with_one_name_in_swift_are_refused() {
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: String,
        sub_title: String,
        #[serde(rename = "subTitle")]
        other: String,
    }
    let error = schema![Thing].unwrap().swift(&SwiftOptions::new()).unwrap_err();
    assert_eq!(error.kind(), "codegen.same_property");
    for word in ["`sub_title`", "`subTitle`", "`Thing`"] {
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn a_field_id_that_is_not_the_id_is_refused_in_swift() {
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: u32,
        #[resource(id)]
        slug: String,
    }
    let error = schema![Thing].unwrap().swift(&SwiftOptions::new()).unwrap_err();
    assert_eq!(error.kind(), "codegen.same_property");
    assert!(error.to_string().contains("`id` and `slug` of `Thing`"), "{error}");
}

#[test]
fn names_that_the_module_needs_are_refused_in_typescript() {
    #[derive(Serialize, Type, larder::Resource)]
    struct Resources {
        id: String,
    }
    let error = schema![Resources].unwrap().typescript().unwrap_err();
    assert_eq!(error.kind(), "codegen.taken_name");
    assert!(error.to_string().contains("`Resources`"), "{error}");
}

#[test]
fn what_serde_itself_would_refuse_is_refused() {
    #[derive(Serialize, Type)]
    #[serde(tag = "type")]
    enum Part {
        Number(u32),
    }
    #[derive(Serialize, Type, larder::Resource)]
    struct Thing {
        id: String,
        part: Part,
    }
    check(schema![Thing], "codegen.serde", &["Part"]);
}
