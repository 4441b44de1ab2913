//! What a struct declares.

use larder::Resource;
use larder::registry::{FieldMerge, MergePolicy, RegistryError, RelationKind, ResourceType};

#[derive(Resource)]
#[expect(dead_code, reason = "only what they declare matters here")]
struct ContentIdentity {
    id: String,
}

#[derive(Resource)]
#[resource(name = "file", merge = "deep")]
#[expect(dead_code, reason = "only what they declare matters here")]
struct Row {
    #[resource(id)]
    key: u64,
    /// Only data: the marked one is the id.
    id: Option<bool>,
    #[resource(version)]
    version: u64,
    name: String,
    #[resource(merge = "replace")]
    acl: Vec<String>,
    #[resource(merge = "union")]
    labels: Option<Vec<String>>,
    #[resource(one = "content_identity")]
    content_id: Option<String>,
    #[resource(many = "file", as = "links", merge = "union")]
    linked: Box<[u64]>,
}

#[test]
fn all_that_is_said_is_declared_and_nothing_else() {
    let expected = ResourceType::new("file")
        .id("key")
        .version("version")
        .merge(MergePolicy::Deep)
        .merge_field("acl", FieldMerge::Replace)
        .merge_field("labels", FieldMerge::Union)
        .merge_field("linked", FieldMerge::Union)
        .relation("content", RelationKind::One, "content_identity", "content_id")
        .relation("links", RelationKind::Many, "file", "linked");
    assert_eq!(Row::resource_type(), expected);
    assert_eq!(Row::NAME, "file");
}

#[test]
fn a_struct_that_says_nothing_has_the_defaults() {
    assert_eq!(ContentIdentity::resource_type(), ResourceType::new("content_identity"));
    assert_eq!(ContentIdentity::NAME, "content_identity");
}

#[test]
fn a_registry_is_a_list_of_structs_checked_against_each_other() {
    let registry = larder::registry![Row, ContentIdentity].unwrap();
    let names: Vec<&str> = registry.types().iter().map(|declared| declared.name.as_str()).collect();
    assert_eq!(names, ["file", "content_identity"]);
    assert!(larder::registry![].unwrap().types().is_empty());

    let error = larder::registry![Row].unwrap_err();
    assert!(matches!(error, RegistryError::UnknownRelationTarget { .. }), "{error}");
    let error = larder::registry![Row, ContentIdentity, Row].unwrap_err();
    assert_eq!(error, RegistryError::DuplicateType { resource_type: "file".to_owned() });
}
