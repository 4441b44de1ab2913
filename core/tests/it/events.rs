//! Events of both dialects, and what they do to the rows.

use larder::registry::{FieldMerge, MergePolicy, ResourceType};
use larder::{Cache, Config, Effect, Registry};
use serde_json::{Value, json};

use crate::host::Host;

const SAMPLE: &str = include_str!("../../../tests/golden/spacedrive-event-sample.json");

fn cache(file: ResourceType) -> Cache {
    Cache::new(Registry::builder().resource(file).build().unwrap(), Config::default())
}

fn changed(resource: Value) -> String {
    json!({"ResourceChanged": {"resource_type": "file", "resource": resource}}).to_string()
}

#[test]
fn a_real_spacedrive_event_is_read_as_it_is() {
    let mut cache = cache(ResourceType::new("file").merge(MergePolicy::Deep));
    let mut host = Host::default();
    let folder = "/var/folders/97/kz1bsl6s5s5343pr3syfp90m0000gn/T/.tmp7xnA3u/test_location";
    let children = host.mount(
        &mut cache,
        &json!({
            "from": "file",
            "where": {"alternate_paths": {"some": {"Physical.path": {"childOf": folder}}}},
            "orderBy": [{"name": "asc"}],
        })
        .to_string(),
    );
    let text = host
        .mount(&mut cache, r#"{"from":"file","where":{"content_identity.kind":"text","size":{"gte":20}}}"#);
    assert_eq!(host.deliver(cache.apply(SAMPLE)).unwrap().changed, 5);
    assert_eq!(host.column(children, "name"), ["direct_child1", "direct_child2"]);
    assert_eq!(host.total(text), 3);
    let sample: Value = serde_json::from_str(SAMPLE).unwrap();
    assert_eq!(
        host.list(children)[1],
        sample["ResourceChangedBatch"]["resources"][0],
        "a row is what the event said"
    );
    assert_eq!(host.deliver(cache.apply(SAMPLE)).unwrap().changed, 0, "the same again changes nothing");
}

#[test]
fn every_spelling_of_an_event_means_the_same() {
    let resource = json!({"id": "1", "name": "a"});
    let data = json!({"resource_type": "file", "resource": resource});
    let batch = json!({"resource_type": "file", "resources": [resource]});
    let spellings = [
        json!({"envelope": {"id": "e", "sequence": 1}, "kind": {"type": "ResourceChanged", "data": data}}).to_string(),
        json!({"kind": {"type": "ResourceBatchChanged", "data": batch}}).to_string(),
        json!({"ResourceChanged": data}).to_string(),
        json!({"ResourceChangedBatch": batch}).to_string(),
        json!({"Event": {"ResourceChanged": data}}).to_string(),
        format!(r#"{{"kind":{{"data":{data},"type":"ResourceChanged"}},"envelope":{{}}}}"#),
        r#" { "ResourceChanged" : { "resource" : { "id" : "1" , "name" : "a" } , "resource_type" : "file" } } "#.to_owned(),
        r#"{"ResourceChanged":{"resource":{"\u0069d":"\u0031","name":"a"},"resource_type":"fil\u0065"}}"#.to_owned(),
    ];
    for spelling in spellings {
        let mut cache = cache(ResourceType::new("file"));
        let mut host = Host::default();
        let one = host.mount(&mut cache, r#"{"from":"file","where":{"id":"1"}}"#);
        host.deliver(cache.apply(spelling.as_str())).unwrap();
        assert_eq!(host.column(one, "name"), ["a"], "{spelling}");
    }
}

#[test]
fn events_without_resources_are_handed_on_unchanged() {
    let mut cache = Cache::new(Registry::builder().event("VolumeAdded").build().unwrap(), Config::default());
    for event in [
        r#"{"envelope":{"id":"1"},"kind":{"type":"JobProgress","data":{"resources":5,"percent":40}}}"#,
        r#"{"kind":{"type":"BulkOperationCompleted","data":{"resource_type":"file","affected_count":3,"operation_token":"t","hints":{}}}}"#,
        r#"{"kind":{"type":"Refresh"}}"#,
        r#"{"VolumeAdded":{"id":7}}"#,
        r#""Refresh""#,
        r#""CoreStarted""#,
        r#"{"Event":"CoreStarted"}"#,
    ] {
        let step = cache.apply(event);
        assert!(step.result.is_ok(), "{event}: {:?}", step.result);
        let [Effect::Event(handed_on)] = &step.effects[..] else { panic!("{event}: {:?}", step.effects) };
        assert_eq!(handed_on.get(), event);
    }
}

#[test]
fn a_deletion_takes_the_row_out_and_an_unknown_one_does_nothing() {
    let mut cache = cache(ResourceType::new("file"));
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file"}"#);
    host.deliver(cache.apply(changed(json!({"id": "1"})))).unwrap();
    host.deliver(cache.apply(changed(json!({"id": "2"})))).unwrap();
    let delete =
        |id: &str| json!({"ResourceDeleted": {"resource_type": "file", "resource_id": id}}).to_string();
    assert_eq!(host.deliver(cache.apply(delete("1"))).unwrap().changed, 1);
    assert_eq!(host.deliver(cache.apply(delete("1"))).unwrap().changed, 0);
    assert_eq!(host.deliver(cache.apply(delete("7"))).unwrap().changed, 0);
    assert_eq!(host.column(all, "id"), ["2"]);
    assert_eq!((cache.stats().entities, host.held()), (1, 1));
    host.deliver(cache.apply(changed(json!({"id": "1", "again": true})))).unwrap();
    assert_eq!(host.column(all, "id"), ["1", "2"]);
}

#[test]
fn a_replacing_type_takes_the_resource_whole() {
    let mut cache = cache(ResourceType::new("file"));
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file"}"#);
    host.deliver(cache.apply(changed(json!({"id": "1", "a": {"x": 1}, "b": 1})))).unwrap();
    host.deliver(cache.apply(changed(json!({"id": "1", "a": {"y": 2}})))).unwrap();
    assert_eq!(host.list(all), [json!({"id": "1", "a": {"y": 2}})]);
}

#[test]
fn a_merging_type_keeps_what_the_event_does_not_name() {
    let mut cache = cache(ResourceType::new("file").merge(MergePolicy::Deep));
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file","where":{"a.x":1}}"#);
    host.deliver(cache.apply(changed(json!({"id": "1", "a": {"x": 1}, "path": {"p": 1}, "tags": [1, 2]}))))
        .unwrap();
    let partial = json!({"ResourceChanged": {
        "resource_type": "file",
        "resource": {"id": "1", "a": {"y": 2}, "path": {"q": 2}, "tags": [3]},
        "metadata": {"no_merge_fields": ["path"]},
    }});
    host.deliver(cache.apply(partial.to_string())).unwrap();
    assert_eq!(host.list(all), [json!({"id": "1", "a": {"x": 1, "y": 2}, "path": {"q": 2}, "tags": [3]})]);
}

#[test]
fn a_field_with_a_policy_of_its_own_does_not_follow_its_type() {
    let file = ResourceType::new("file")
        .merge_field("tags", FieldMerge::Union)
        .merge_field("meta", FieldMerge::Deep);
    let mut cache = cache(file);
    let mut host = Host::default();
    let tagged = host.mount(&mut cache, r#"{"from":"file","where":{"tags":{"contains":"b"}}}"#);
    let first = json!({"id": "1", "tags": ["a"], "meta": {"x": 1}, "note": "n"});
    host.deliver(cache.apply(changed(first))).unwrap();
    assert_eq!(host.total(tagged), 0);

    host.deliver(cache.apply(changed(json!({"id": "1", "tags": ["b", "a"], "meta": {"y": 2}})))).unwrap();
    assert_eq!(host.list(tagged), [json!({"id": "1", "tags": ["a", "b"], "meta": {"x": 1, "y": 2}})]);

    let again = changed(json!({"id": "1", "tags": ["b"]}));
    assert_eq!(host.deliver(cache.apply(again)).unwrap().changed, 0, "nothing in it is new");
}

#[test]
fn no_merge_fields_wins_over_the_policy_of_the_field() {
    let mut cache = cache(ResourceType::new("file").merge_field("tags", FieldMerge::Union));
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file"}"#);
    host.deliver(cache.apply(changed(json!({"id": "1", "tags": ["a", "b"]})))).unwrap();
    let whole = json!({"ResourceChanged": {
        "resource_type": "file",
        "resource": {"id": "1", "tags": ["c"]},
        "metadata": {"no_merge_fields": ["tags"]},
    }});
    host.deliver(cache.apply(whole.to_string())).unwrap();
    assert_eq!(host.list(all), [json!({"id": "1", "tags": ["c"]})]);
}

#[test]
fn the_rows_of_one_batch_follow_the_policies_of_their_fields_each() {
    let mut cache = cache(ResourceType::new("file").merge_field("tags", FieldMerge::Union));
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file"}"#);
    let rows = json!([{"id": "1", "tags": ["a"]}, {"id": "2", "tags": []}, {"id": "1", "tags": ["b"]}]);
    let batch = json!({"ResourceChangedBatch": {"resource_type": "file", "resources": rows}});
    host.deliver(cache.apply(batch.to_string())).unwrap();
    assert_eq!(host.list(all), [json!({"id": "1", "tags": ["a", "b"]}), json!({"id": "2", "tags": []})]);
}

#[test]
fn a_resource_older_than_the_cached_one_is_ignored() {
    let mut cache = cache(ResourceType::new("file").version("v"));
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file"}"#);
    host.deliver(cache.apply(changed(json!({"id": "1", "v": 3, "name": "new"})))).unwrap();
    let applied = host.deliver(cache.apply(changed(json!({"id": "1", "v": 2, "name": "old"})))).unwrap();
    assert_eq!((applied.changed, applied.stale), (0, 1));
    host.deliver(cache.apply(changed(json!({"id": "1", "v": 3, "name": "same version"})))).unwrap();
    assert_eq!(host.column(all, "name"), ["same version"]);
    host.deliver(cache.apply(changed(json!({"id": "1", "name": "no version"})))).unwrap();
    assert_eq!(host.column(all, "name"), ["no version"]);
    // A row that was deleted and comes back starts afresh.
    host.deliver(cache.apply(r#"{"ResourceDeleted":{"resource_type":"file","resource_id":"1"}}"#)).unwrap();
    host.deliver(cache.apply(changed(json!({"id": "1", "v": 1, "name": "reborn"})))).unwrap();
    assert_eq!(host.column(all, "name"), ["reborn"]);
}

#[test]
fn an_entity_answers_to_its_alternate_ids() {
    let mut cache = cache(ResourceType::new("file"));
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file"}"#);
    host.deliver(cache.apply(changed(json!({"id": "content-1", "name": "twin"})))).unwrap();
    let with_alias = json!({"ResourceChanged": {
        "resource_type": "file",
        "resource": {"id": "file-1", "name": "a"},
        "metadata": {"alternate_ids": ["content-1", "file-1", "content-2"]},
    }});
    host.deliver(cache.apply(with_alias.to_string())).unwrap();
    assert_eq!(host.column(all, "id"), ["file-1"], "what stood under the other id is the same entity");
    host.deliver(cache.apply(changed(json!({"id": "content-1", "name": "b"})))).unwrap();
    host.deliver(cache.apply(changed(json!({"name": "c", "id": "content-2"})))).unwrap();
    assert_eq!(host.list(all), [json!({"id": "file-1", "name": "c"})]);
    let gone = r#"{"ResourceDeleted":{"resource_type":"file","resource_id":"content-2"}}"#;
    host.deliver(cache.apply(gone)).unwrap();
    assert_eq!(host.total(all), 0);
    host.deliver(cache.apply(changed(json!({"id": "content-1", "name": "free again"})))).unwrap();
    assert_eq!(host.column(all, "id"), ["content-1"]);
}

#[test]
fn integer_ids_are_the_same_as_their_text() {
    let mut cache = cache(ResourceType::new("file").id("key"));
    let mut host = Host::default();
    let by_text = host.mount(&mut cache, r#"{"from":"file","where":{"key":"7"}}"#);
    let by_number = host.mount(&mut cache, r#"{"from":"file","where":{"key":7}}"#);
    host.deliver(cache.apply(changed(json!({"key": 7, "name": "a"})))).unwrap();
    host.deliver(cache.apply(changed(json!({"key": "7", "name": "b"})))).unwrap();
    host.deliver(cache.apply(changed(json!({"key": 8, "name": "c"})))).unwrap();
    assert_eq!(cache.stats().entities, 2);
    assert_eq!(
        (host.column(by_text, "name"), host.column(by_number, "name")),
        (vec!["b".to_owned()], vec!["b".to_owned()])
    );
    host.deliver(cache.apply(r#"{"ResourceDeleted":{"resource_type":"file","resource_id":7}}"#)).unwrap();
    assert_eq!((host.total(by_text), host.total(by_number)), (0, 0));
}

#[test]
fn keys_that_mean_something_in_javascript_are_just_keys() {
    let mut cache = cache(ResourceType::new("file"));
    let mut host = Host::default();
    let all = host.mount(
        &mut cache,
        r#"{"from":"file","where":{"__proto__":{"eq":"x"}},"orderBy":[{"constructor":"asc"}]}"#,
    );
    let event = r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"__proto__","__proto__":"x","constructor":1}}}"#;
    host.deliver(cache.apply(event)).unwrap();
    assert_eq!(host.column(all, "id"), ["__proto__"]);
}

#[test]
fn rows_of_changing_shapes_are_read_right() {
    let mut cache = cache(ResourceType::new("file"));
    let mut host = Host::default();
    let all = host.mount(
        &mut cache,
        r#"{"from":"file","where":{"meta.size":{"gte":0}},"orderBy":[{"meta.size":"asc"}]}"#,
    );
    for size in 0..200_u32 {
        // Different keys, orders, nestings and lengths, again and again.
        let resource = match size % 7 {
            0 => json!({"id": format!("{size}"), "meta": {"size": size, "a": 1}}),
            1 => {
                json!({"meta": {"a": [1, {"size": 9}], "size": size}, "id": format!("{size}"), "x": {"meta": {"size": 1}}})
            }
            2 => {
                json!({"id": format!("{size}"), "meta": {"size": size}, "size": 3, "tags": [{"meta": {"size": 5}}]})
            }
            3 => json!({"a": null, "b": null, "id": format!("{size}"), "meta": {"b": {}, "size": size}}),
            4 => json!({"id": format!("{size}"), "meta": [size]}),
            5 => json!({"id": format!("{size}"), format!("key{size}"): 1, "meta": {"size": size}}),
            _ => {
                json!({"id": format!("{size}"), "meta": {"size": size, "nested": {"size": 1, "meta": {"size": 2}}}})
            }
        };
        host.deliver(cache.apply(changed(resource))).unwrap();
    }
    let expected: Vec<String> = (0..200).filter(|size| size % 7 != 4).map(|size| size.to_string()).collect();
    assert_eq!(host.column(all, "id"), expected);
}

#[test]
fn a_large_batch_whose_first_row_is_out_of_date_brings_the_others() {
    let mut cache = cache(ResourceType::new("file").version("v"));
    let row = |id: &str, version: u64| json!({"id": id, "v": version, "text": "x".repeat(40_000)});
    let batch = |rows: &[Value]| {
        json!({"ResourceChangedBatch": {"resource_type": "file", "resources": rows}}).to_string()
    };
    cache.apply(batch(&[row("1", 5)])).result.unwrap();
    // The cache keeps the buffer of an event that is given to it.
    let applied = cache.apply(batch(&[row("1", 4), row("2", 1), row("3", 1)])).result.unwrap();
    assert_eq!((applied.changed, applied.stale), (2, 1));
    let mut host = Host::default();
    let files = host.mount(&mut cache, r#"{"from":"file"}"#);
    assert_eq!(host.list(files), [row("1", 5), row("2", 1), row("3", 1)]);
}

#[test]
fn an_id_far_into_its_row_and_a_very_large_version_are_found() {
    let mut cache = cache(ResourceType::new("file").version("version"));
    let mut host = Host::default();
    let all = host.mount(&mut cache, r#"{"from":"file","orderBy":[{"name":"asc"}]}"#);
    let long = "x".repeat(70_000);
    let row = |name: &str, version: u64| {
        let row = format!(r#"{{"text":"{long}","id":"far","name":"{name}","version":{version}}}"#);
        format!(r#"{{"ResourceChangedBatch":{{"resource_type":"file","resources":[{row}]}}}}"#)
    };
    let large = u64::from(u32::MAX);
    // Of the older ones, whichever way they are too old, nothing is taken.
    for (name, version, changed) in
        [("a", large + 7, 1), ("b", large + 6, 0), ("c", 1, 0), ("d", large, 0), ("e", large + 8, 1)]
    {
        assert_eq!(host.deliver(cache.apply(row(name, version))).unwrap().changed, changed, "{name}");
    }
    assert_eq!(host.column(all, "name"), ["e"]);
    let gone = r#"{"ResourceDeleted":{"resource_type":"file","resource_id":"far"}}"#;
    assert_eq!(host.deliver(cache.apply(gone)).unwrap().changed, 1);
    assert_eq!(host.deliver(cache.apply(row("again", 2))).unwrap().changed, 1);
}
