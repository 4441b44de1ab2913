//! What comes from outside may be anything: an error that says what is wrong, and nothing else changes.

use larder::registry::{ResourceType, UnknownTypes};
use larder::{Cache, Config, Error, Registry};

use crate::host::{Host, sequence_of};

fn cache() -> Cache {
    let registry = Registry::builder()
        .resource(ResourceType::new("file").version("version"))
        .unknown_types(UnknownTypes::Refuse)
        .build()
        .unwrap();
    let mut config = Config::default();
    config.limits.max_entities = 1000;
    Cache::new(registry, config)
}

const GOOD: &str = r#"{"envelope":{"id":"e0","sequence":1},"kind":{"type":"ResourceChanged","data":{"resource_type":"file","resource":{"id":"f1","name":"a","version":1}}}}"#;

fn changed(resource: &str) -> Vec<u8> {
    format!(r#"{{"envelope":{{"id":"bad","sequence":2}},"kind":{{"type":"ResourceChanged","data":{{"resource_type":"file","resource":{resource}}}}}}}"#)
        .into_bytes()
}

/// A bad event, the kind of its error, and what the message must name.
fn table() -> Vec<(&'static str, Vec<u8>, &'static str, &'static str)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let mut truncated: Vec<_> = Vec::new();
    for end in [0, 1, 40, 90, GOOD.len() - 1] {
        truncated.push(("truncated", text(&GOOD[..end]), "event.malformed_json", ""));
    }
    let mut invalid_utf8 = changed(r#"{"id":"f1","name":"xx"}"#);
    let at = invalid_utf8.windows(2).position(|pair| pair == b"xx").unwrap();
    invalid_utf8[at] = 0xff;
    let bomb = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bomb_of_objects = format!("{}1{}", r#"{"a":"#.repeat(500), "}".repeat(500));
    let batch = |resources: &str| {
        text(&format!(r#"{{"ResourceChangedBatch":{{"resource_type":"file","resources":{resources}}}}}"#))
    };
    let many = format!("[{}]", vec![r#"{"id":"x"}"#; 1001].join(","));
    let mut table = vec![
        ("two values", text(&format!("{GOOD}{GOOD}")), "event.malformed_json", "end of the text"),
        ("not JSON", text("ResourceChanged"), "event.malformed_json", ""),
        ("a byte order mark", text(&format!("\u{feff}{GOOD}")), "event.malformed_json", ""),
        ("single quotes", changed("{'id':'f1'}"), "event.malformed_json", "resource"),
        ("a trailing comma", changed(r#"{"id":"f1",}"#), "event.malformed_json", "resource"),
        (
            "a lone surrogate",
            changed(r#"{"id":"f1","name":"\ud800"}"#),
            "event.malformed_json",
            "kind.data.resource.name",
        ),
        ("a control character", changed("{\"id\":\"f1\",\"name\":\"a\nb\"}"), "event.malformed_json", "name"),
        ("NaN", changed(r#"{"id":"f1","size":NaN}"#), "event.malformed_json", "size"),
        ("invalid UTF-8", invalid_utf8, "event.not_utf8", "byte"),
        (
            "a depth bomb of arrays",
            changed(&format!(r#"{{"id":"f1","a":{bomb}}}"#)),
            "event.too_deep",
            "maxDepth",
        ),
        ("a depth bomb of objects", changed(&bomb_of_objects), "event.too_deep", "maxDepth"),
        ("a depth bomb alone", text(&bomb), "event.too_deep", "maxDepth"),
        (
            "a string of 64 MB",
            changed(&format!(r#"{{"id":"f1","name":"{}"}}"#, "x".repeat(64 << 20))),
            "event.string_too_long",
            "kind.data.resource.name",
        ),
        (
            "duplicate keys",
            changed(r#"{"id":"f1","name":"a","name":"b"}"#),
            "event.duplicate_key",
            "kind.data.resource.name",
        ),
        (
            "duplicate keys, spelled differently",
            changed(r#"{"id":"f1","a":1,"\u0061":2}"#),
            "event.duplicate_key",
            "resource",
        ),
        (
            "duplicate keys further in",
            changed(r#"{"id":"f1","a":{"b":1,"b":2}}"#),
            "event.duplicate_key",
            "kind.data.resource.a.b",
        ),
        (
            "a number beyond 2^53",
            changed(r#"{"id":"f1","size":9007199254740993}"#),
            "event.unsafe_number",
            "kind.data.resource.size",
        ),
        (
            "a number beyond all doubles",
            changed(r#"{"id":"f1","size":1e999}"#),
            "event.unsafe_number",
            "kind.data.resource.size",
        ),
        ("a missing id", changed(r#"{"name":"a"}"#), "event.missing_field", "kind.data.resource.id"),
        ("a null id", changed(r#"{"id":null}"#), "event.wrong_type", "kind.data.resource.id"),
        ("an empty id", changed(r#"{"id":""}"#), "event.wrong_type", "kind.data.resource.id"),
        ("an id that is an object", changed(r#"{"id":{}}"#), "event.wrong_type", "kind.data.resource.id"),
        ("an id that is a fraction", changed(r#"{"id":1.5}"#), "event.wrong_type", "kind.data.resource.id"),
        (
            "a version that is text",
            changed(r#"{"id":"f1","version":"2"}"#),
            "event.wrong_type",
            "kind.data.resource.version",
        ),
        (
            "a negative version",
            changed(r#"{"id":"f1","version":-1}"#),
            "event.wrong_type",
            "kind.data.resource.version",
        ),
        ("a resource that is text", changed(r#""f1""#), "event.wrong_type", "kind.data.resource"),
        ("a resource that is null", changed("null"), "event.wrong_type", "kind.data.resource"),
        ("a batch that is an object", batch("{}"), "event.malformed_json", "expected an array"),
        (
            "a batch with one bad row",
            batch(r#"[{"id":"f1","name":"z"},{"id":"f2"},{"nme":"f3"}]"#),
            "event.missing_field",
            "resources[2].id",
        ),
        ("a batch that is too large", batch(&many), "event.too_many_entities", "maxEntities"),
        (
            "an unknown kind",
            text(r#"{"envelope":{"id":"bad"},"kind":{"type":"ResourceExploded","data":{}}}"#),
            "event.unknown_kind",
            "ResourceExploded",
        ),
        (
            "an unknown kind of the second dialect",
            text(r#"{"ResourceExploded":{}}"#),
            "event.unknown_kind",
            "ResourceExploded",
        ),
        ("an unknown name", text(r#""Explode""#), "event.unknown_kind", "Explode"),
        ("no kind", text(r#"{"envelope":{"id":"bad"}}"#), "event.missing_field", "kind"),
        ("a kind without a type", text(r#"{"kind":{"data":{}}}"#), "event.missing_field", "kind.type"),
        ("a kind whose type is a number", text(r#"{"kind":{"type":7}}"#), "event.wrong_type", "kind.type"),
        ("a kind that is a number", text(r#"{"kind":7}"#), "event.malformed_json", "kind"),
        (
            "an envelope that is text",
            text(r#"{"envelope":"e","kind":{"type":"Refresh"}}"#),
            "event.wrong_type",
            "envelope",
        ),
        (
            "a sequence that is text",
            text(r#"{"envelope":{"sequence":"2"},"kind":{"type":"Refresh"}}"#),
            "event.wrong_type",
            "envelope.sequence",
        ),
        (
            "a sequence beyond 2^53",
            text(r#"{"envelope":{"sequence":9007199254740993},"kind":{"type":"Refresh"}}"#),
            "event.unsafe_number",
            "envelope.sequence",
        ),
        (
            "no resource type",
            text(r#"{"ResourceChanged":{"resource":{"id":"f1"}}}"#),
            "event.missing_field",
            "ResourceChanged.resource_type",
        ),
        (
            "no resource",
            text(r#"{"ResourceChanged":{"resource_type":"file"}}"#),
            "event.missing_field",
            "ResourceChanged.resource",
        ),
        (
            "no resources",
            text(r#"{"ResourceChangedBatch":{"resource_type":"file","resource":{"id":"f1"}}}"#),
            "event.missing_field",
            "resources",
        ),
        (
            "a refused resource type",
            text(r#"{"ResourceChanged":{"resource_type":"spaceship","resource":{"id":"1"}}}"#),
            "event.unknown_type",
            "spaceship",
        ),
        (
            "an empty resource type",
            text(r#"{"ResourceChanged":{"resource_type":"","resource":{"id":"1"}}}"#),
            "event.wrong_type",
            "resource_type",
        ),
        (
            "a deletion without an id",
            text(r#"{"ResourceDeleted":{"resource_type":"file"}}"#),
            "event.missing_field",
            "resource_id",
        ),
        (
            "a deletion of an array",
            text(r#"{"ResourceDeleted":{"resource_type":"file","resource_id":[1]}}"#),
            "event.wrong_type",
            "resource_id",
        ),
        (
            "metadata that is a list",
            text(r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"f1"},"metadata":[]}}"#),
            "event.wrong_type",
            "metadata",
        ),
        (
            "metadata with wrong fields",
            text(
                r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"f1"},"metadata":{"no_merge_fields":"a"}}}"#,
            ),
            "event.wrong_type",
            "no_merge_fields",
        ),
        ("an array", text("[]"), "event.wrong_type", "event"),
        ("an empty object", text("{}"), "event.missing_field", "kind"),
        ("a number", text("12"), "event.wrong_type", "event"),
    ];
    table.append(&mut truncated);
    table
}

#[test]
fn a_bad_event_is_an_error_that_names_the_fault_and_changes_nothing() {
    for (name, event, kind, names) in table() {
        let mut cache = cache();
        let mut host = Host::default();
        let files = host.mount(&mut cache, r#"{"from":"file","orderBy":[{"name":"asc"}]}"#);
        host.deliver(cache.apply(GOOD)).unwrap();
        let before = (host.list(files), host.patches, cache.stats().entities, cache.stats().row_bytes);

        let error = host.deliver(cache.apply(event.as_slice())).expect_err(name);
        assert_eq!(error.kind(), kind, "{name}: {error}");
        assert!(error.to_string().contains(names), "{name}: {error}");
        assert!(error.to_string().len() < 400, "{name}: the message is short");
        assert_eq!(
            (host.list(files), host.patches, cache.stats().entities, cache.stats().row_bytes),
            before,
            "{name}"
        );
        assert_eq!(cache.stats().events_refused, 1, "{name}");

        // The next good event works, both after an event that had its turn in the stream and after one that had none.
        let sequence = sequence_of(&cache.status().cursor.unwrap()) + 1;
        let next =
            GOOD.replace("\"sequence\":1", &format!("\"sequence\":{sequence}")).replace("\"a\"", "\"b\"");
        assert_eq!(host.deliver(cache.apply(next.as_str())).unwrap().changed, 1, "{name}");
        assert_eq!(host.column(files, "name"), ["b"], "{name}");
    }
}

#[test]
fn an_owned_buffer_is_refused_just_the_same() {
    for (name, event, kind, _) in table() {
        let error = cache().apply(event).result.expect_err(name);
        assert_eq!(error.kind(), kind, "{name}");
    }
}

#[test]
fn a_message_that_is_too_large_is_refused_before_it_is_read() {
    let mut config = Config::default();
    config.limits.max_event_bytes = 1000;
    let mut cache = Cache::new(Registry::default(), config);
    let error = cache.apply(vec![0xff; 1001]).result.unwrap_err();
    assert_eq!(error.kind(), "event.too_large");
}

#[test]
fn an_error_names_the_event_it_is_about() {
    let error = cache().apply(changed(r#"{"name":"x"}"#)).result.unwrap_err();
    assert!(matches!(&error, Error::Event { event: Some(event), .. } if event == "bad"));
    assert_eq!(error.to_string(), "event `bad`: `kind.data.resource.id` is missing");
}

#[test]
fn undeclared_types_are_stored_and_counted_up_to_a_limit() {
    let mut config = Config::default();
    config.limits.max_unknown_types = 2;
    let mut cache = Cache::new(Registry::default(), config);
    let event =
        |name: &str| format!(r#"{{"ResourceChanged":{{"resource_type":"{name}","resource":{{"id":"1"}}}}}}"#);
    cache.apply(event("a")).result.unwrap();
    cache.apply(event("b")).result.unwrap();
    assert_eq!(cache.stats().unknown_types, 2);
    assert_eq!(cache.apply(event("c")).result.unwrap_err().kind(), "event.too_many_types");
    cache.apply(event("a")).result.unwrap();
    assert_eq!(cache.stats().entities, 2);
}
