//! Layouts of packed rows, from the types.

use crate::fixture;
use larder_codegen::larder::registry::{FieldType, LayoutField};

fn layout(resource: &str) -> Vec<LayoutField> {
    let schema = fixture::library().unwrap();
    let found = schema.registry().types().iter().find(|declared| declared.name == resource).unwrap();
    found.layout.clone().unwrap()
}

fn field(name: &str) -> FieldType {
    layout("photo").into_iter().find(|field| field.name == name).unwrap().field_type
}

fn optional(inner: FieldType) -> FieldType {
    FieldType::Optional(Box::new(inner))
}

fn list(inner: FieldType) -> FieldType {
    FieldType::List(Box::new(inner))
}

#[test]
fn scalars_have_types_of_their_own() {
    assert_eq!(field("id"), FieldType::Uuid);
    assert_eq!(field("takenAt"), FieldType::Timestamp);
    assert_eq!(field("bytes"), FieldType::Int);
    assert_eq!(field("brightness"), FieldType::Float);
    assert_eq!(field("hidden"), FieldType::Bool);
    assert_eq!(field("state"), FieldType::Text);
}

#[test]
fn what_may_be_null_or_missing_is_optional_once() {
    assert_eq!(field("originalId"), optional(FieldType::Uuid));
    assert_eq!(field("caption"), optional(FieldType::Text));
    assert_eq!(field("keywords"), optional(list(FieldType::Text)));
}

#[test]
fn embedded_resources_are_their_ids() {
    assert_eq!(field("tags"), list(FieldType::Text));
    assert_eq!(field("cover"), optional(FieldType::Text));
    let photo = layout("comment").into_iter().find(|field| field.name == "photo").unwrap();
    assert_eq!(photo.field_type, FieldType::Uuid);
}

#[test]
fn structs_are_laid_out_within_and_flattened_ones_among_their_neighbours() {
    let FieldType::Map(size) = field("sizes") else { panic!("{:?}", field("sizes")) };
    let FieldType::Struct(fields) = *size else { panic!("{size:?}") };
    assert_eq!(fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["width", "height"]);
    assert_eq!(field("latitude"), optional(FieldType::Float));
    assert!(!layout("photo").iter().any(|field| field.name == "place"));
}

#[test]
fn what_has_no_fixed_shape_or_no_end_is_json() {
    for name in ["source", "event", "change", "value", "rating", "folders", "extra", "crop"] {
        assert_eq!(field(name), FieldType::Json, "{name}");
    }
    assert_eq!(field("faces"), list(FieldType::Json));
}

#[test]
fn the_layout_has_all_fields_that_serde_writes_and_in_its_order() {
    let names: Vec<String> = layout("tag").into_iter().map(|field| field.name).collect();
    let tag = fixture::Tag { slug: "red".into(), color: fixture::Color("#f00".into()) };
    let written = serde_json::to_string(&tag).unwrap();
    assert_eq!(written, format!(r##"{{"{}":"red","{}":"#f00"}}"##, names[0], names[1]));
    assert!(!layout("photo").iter().any(|field| field.name == "loaded"));
}
