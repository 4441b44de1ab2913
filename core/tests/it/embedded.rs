//! Whole resources inside of others become rows of their own.

use larder::query::Query;
use larder::registry::{FieldMerge, MergePolicy, RelationKind, ResourceType};
use larder::{Cache, Config, QueryId, Registry};
use serde_json::{Value as Json, json};

use crate::host::Host;

struct Rig {
    cache: Cache,
    host: Host,
}

impl Rig {
    fn new() -> Self {
        let file = ResourceType::new("file")
            .embedded("tags", RelationKind::Many, "tag")
            .embedded("place", RelationKind::One, "place")
            .merge_field("tags", FieldMerge::Union);
        let place = ResourceType::new("place")
            .embedded("owner", RelationKind::One, "person")
            .merge(MergePolicy::Deep);
        let registry = Registry::builder()
            .resource(file)
            .resource(ResourceType::new("tag").version("version"))
            .resource(place)
            .resource(ResourceType::new("person"))
            .build()
            .unwrap();
        Self { cache: Cache::new(registry, Config::default()), host: Host::default() }
    }

    fn try_put(&mut self, resource: &Json) -> Result<u32, larder::Error> {
        let event = json!({"ResourceChanged": {"resource_type": "file", "resource": resource}});
        self.host.deliver(self.cache.apply(event.to_string())).map(|applied| applied.changed)
    }

    fn put(&mut self, resource: &Json) -> u32 {
        self.try_put(resource).unwrap()
    }

    fn mount(&mut self, query: &Json) -> QueryId {
        self.host.mount(&mut self.cache, &query.to_string())
    }
}

#[test]
fn what_is_inside_becomes_rows_and_the_row_keeps_ids() {
    let mut rig = Rig::new();
    let files = rig.mount(&json!({"from": "file"}));
    let whole = rig.mount(&json!({
        "from": "file", "include": {"tags": true, "place": {"include": {"owner": true}}}
    }));
    let tags = rig.mount(&json!({"from": "tag"}));
    let file = json!({
        "id": "f", "name": "a \" [{", "tags": [{"id": "t1", "name": "red"}, "t2", {"id": 3, "name": "x"}],
        "place": {"id": "p", "owner": {"id": "o", "name": "Ann"}}, "size": 1
    });
    assert_eq!(rig.put(&file), 5, "a file, two tags, a place and a person");
    let kept = json!({"id": "f", "name": "a \" [{", "tags": ["t1", "t2", 3], "place": "p", "size": 1});
    assert_eq!(rig.host.list(files), [kept]);
    assert_eq!(rig.host.list(tags), [json!({"id": 3, "name": "x"}), json!({"id": "t1", "name": "red"})]);
    let shown = &rig.host.list(whole)[0];
    assert_eq!(shown["tags"], json!([{"id": "t1", "name": "red"}, {"id": 3, "name": "x"}]));
    assert_eq!(shown["place"], file["place"]);
}

#[test]
fn what_is_inside_follows_the_rules_of_its_own_type() {
    let mut rig = Rig::new();
    rig.put(
        &json!({"id": "f", "tags": [{"id": "t", "name": "new", "version": 2}], "place": {"id": "p", "a": 1}}),
    );
    rig.put(
        &json!({"id": "g", "tags": [{"id": "t", "name": "old", "version": 1}], "place": {"id": "p", "b": 2}}),
    );
    let tags = rig.mount(&json!({"from": "tag"}));
    let places = rig.mount(&json!({"from": "place"}));
    assert_eq!(rig.host.column(tags, "name"), ["new"], "an older version is ignored");
    assert_eq!(rig.host.list(places), [json!({"id": "p", "a": 1, "b": 2})], "places merge");
    rig.put(&json!({"id": "f", "tags": [{"id": "u", "name": "u"}]}));
    let files = rig.mount(&json!({"from": "file", "where": {"id": "f"}}));
    assert_eq!(rig.host.list(files)[0]["tags"], json!(["t", "u"]), "the ids are united as the field says");
}

#[test]
fn the_same_tag_in_many_files_of_a_batch_is_one_row() {
    let mut rig = Rig::new();
    let file = |id: u32| json!({"id": id.to_string(), "tags": [{"id": "t", "name": "red"}]});
    let resources: Vec<Json> = (0..100).map(file).collect();
    let event = json!({"ResourceChangedBatch": {"resource_type": "file", "resources": resources}});
    let applied = rig.host.deliver(rig.cache.apply(event.to_string())).unwrap();
    assert_eq!((applied.changed, rig.cache.stats().entities), (101, 101));
}

#[test]
fn a_bad_resource_inside_refuses_the_event_by_its_place() {
    let mut rig = Rig::new();
    let mut refusal = |file: Json| {
        let error = rig.try_put(&file).unwrap_err();
        assert_eq!(rig.cache.stats().entities, 0, "nothing has changed");
        format!("{} {error}", error.kind())
    };
    let error = refusal(json!({"id": "f", "tags": [{"id": "t"}, {"name": "red"}]}));
    assert!(error.contains("event.missing_field") && error.contains("resource.tags[1].id"), "{error}");
    let error = refusal(json!({"id": "f", "tags": [null]}));
    assert!(error.contains("event.wrong_type") && error.contains("tags[0]"), "{error}");
    let error = refusal(json!({"id": "f", "tags": {"id": "t"}}));
    assert!(error.contains("event.wrong_type") && error.contains("resource.tags"), "{error}");
    let error = refusal(json!({"id": "f", "place": [{"id": "p"}]}));
    assert!(error.contains("event.wrong_type") && error.contains("resource.place"), "{error}");
    let error = refusal(json!({"id": "f", "place": {"id": "p", "owner": {"id": 1.5}}}));
    assert!(error.contains("resource.place.owner.id"), "{error}");
    let error = refusal(json!({"id": "f", "tags": [{"id": "t", "version": "x"}]}));
    assert!(error.contains("tags[0].version"), "{error}");
}

#[test]
fn resources_inside_count_as_entities_of_the_event() {
    let config = serde_json::from_str(r#"{"limits": {"maxEntities": 3}}"#).unwrap();
    let mut rig = Rig::new();
    rig.cache = Cache::new(
        Registry::builder()
            .resource(ResourceType::new("file").embedded("tags", RelationKind::Many, "tag"))
            .resource(ResourceType::new("tag"))
            .build()
            .unwrap(),
        config,
    );
    let file =
        |tags: u32| json!({"id": "f", "tags": (0..tags).map(|id| json!({"id": id})).collect::<Vec<_>>()});
    rig.put(&file(2));
    assert_eq!(rig.try_put(&file(3)).unwrap_err().kind(), "event.too_many_entities");
}

#[test]
fn an_optimistic_edit_may_carry_whole_resources() {
    let mut rig = Rig::new();
    rig.put(&json!({"id": "f", "tags": []}));
    let files = rig.mount(&json!({"from": "file", "include": {"tags": true}}));
    let edit = json!({"id": "m", "name": "tag", "args": null, "optimistic": [{"type": "merge", "data": {
        "resource_type": "file", "id": "f", "fields": {"tags": [{"id": "t", "name": "red"}]}
    }}]});
    rig.host.deliver(rig.cache.mutate(serde_json::from_value(edit).unwrap())).unwrap();
    assert_eq!(rig.host.list(files)[0]["tags"], json!([{"id": "t", "name": "red"}]));
    rig.host.deliver(rig.cache.ack("m", None)).unwrap();
    assert_eq!(rig.host.list(files)[0]["tags"], json!([]));
    let bad = json!({"id": "n", "name": "tag", "args": null, "optimistic": [{"type": "merge", "data": {
        "resource_type": "file", "id": "f", "fields": {"tags": [{"name": "red"}]}
    }}]});
    let error = rig.host.deliver(rig.cache.mutate(serde_json::from_value(bad).unwrap())).unwrap_err();
    assert!(error.to_string().contains("tags[0].id"), "{error}");
}

#[test]
fn a_relation_that_holds_resources_is_the_field_they_are_in() {
    let spec = r#"{"types": [{"name": "file", "relations": {"tags": {"to": "file", "kind": "many", "field": "labels", "holds": "resources"}}}]}"#;
    let error = Registry::from_spec(serde_json::from_str(spec).unwrap()).unwrap_err();
    assert_eq!(error.kind(), "registry.bad_embedding");
    assert!(error.to_string().contains("`labels`"), "{error}");
    assert!(Query::parse(r#"{"from": "file", "include": {"tags": true}}"#).is_ok());
}
