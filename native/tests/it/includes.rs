//! Rows with their relations put in, decoded as a whole.

use std::sync::Arc;

use larder_native::query::{Query, asc};
use larder_native::registry::{RelationKind, ResourceType};
use larder_native::{Client, Config, LiveQuery, Registry};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, PartialEq, Deserialize)]
struct Tag {
    name: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Owner {
    id: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct File {
    name: String,
    tag_ids: Vec<String>,
    tags: Vec<Tag>,
    owner: Option<Owner>,
}

fn client() -> Client {
    let file = ResourceType::new("file").relation("tags", RelationKind::Many, "tag", "tag_ids").relation(
        "owner",
        RelationKind::One,
        "owner",
        "owner_id",
    );
    let registry = Registry::builder().resource(file).resource(ResourceType::new("tag"));
    let registry = registry.resource(ResourceType::new("owner")).build().unwrap();
    Client::open(registry, Config::default()).unwrap()
}

fn set(client: &Client, resource_type: &str, resource: serde_json::Value) {
    let data = json!({"resource_type": resource_type, "resource": resource});
    client.apply(json!({"ResourceChanged": data}).to_string()).wait().unwrap();
}

fn tag_names(files: &LiveQuery<File>) -> Vec<Vec<String>> {
    let names = |file: &Arc<File>| file.tags.iter().map(|tag| tag.name.clone()).collect();
    files.snapshot().data.iter().map(names).collect()
}

#[test]
fn a_changed_relation_makes_new_objects_of_the_rows_that_show_it_and_of_no_others() {
    let client = client();
    set(&client, "tag", json!({"id": "r", "name": "red"}));
    set(&client, "tag", json!({"id": "b", "name": "blue"}));
    set(&client, "owner", json!({"id": "o"}));
    set(&client, "file", json!({"id": "1", "name": "a", "tag_ids": ["b", "r", "gone"], "owner_id": "o"}));
    set(&client, "file", json!({"id": "2", "name": "b", "tag_ids": ["b"], "owner_id": null}));
    let query = Query::from("file").include("tags").include("owner").order_by(asc("name")).build().unwrap();
    let files = client.live_query::<File>(&query).wait().unwrap();
    assert_eq!(tag_names(&files), [vec!["blue", "red"], vec!["blue"]]);
    let before = files.snapshot();
    assert_eq!(before.data[0].tag_ids, ["b", "r", "gone"]);
    assert_eq!(before.data[0].owner, Some(Owner { id: "o".to_owned() }));
    assert_eq!(before.data[1].owner, None);

    set(&client, "tag", json!({"id": "r", "name": "dark red"}));
    assert_eq!(tag_names(&files), [vec!["blue", "dark red"], vec!["blue"]]);
    let after = files.snapshot();
    assert!(!Arc::ptr_eq(&before.data[0], &after.data[0]));
    assert!(Arc::ptr_eq(&before.data[1], &after.data[1]));
    drop(files);
    assert_eq!(client.stats().wait().unwrap().host_rows, 0);
}

#[test]
fn a_query_without_relations_shows_the_same_rows_as_they_are() {
    let client = client();
    set(&client, "tag", json!({"id": "r", "name": "red"}));
    set(&client, "file", json!({"id": "1", "name": "a", "tag_ids": ["r"]}));
    let with = Query::from("file").include("tags").include("owner").build().unwrap();
    let with = client.live_query::<serde_json::Value>(&with).wait().unwrap();
    let plain = Query::from("file").build().unwrap();
    let plain = client.live_query::<serde_json::Value>(&plain).wait().unwrap();
    let row = json!({"id": "1", "name": "a", "tag_ids": ["r"]});
    assert_eq!(*plain.snapshot().data[0], row);
    let tags = json!([{"id": "r", "name": "red"}]);
    let whole = json!({"id": "1", "name": "a", "tag_ids": ["r"], "tags": tags, "owner": null});
    assert_eq!(*with.snapshot().data[0], whole);
}
