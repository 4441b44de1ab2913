//! A host may take what changed in a row instead of the row.

use larder::registry::ResourceType;
use larder::{Cache, Config, Registry, RowEncoding};

use crate::host::Host;

fn event(size: u32, more: &str) -> String {
    let text = "a text that is there only to make the row as long as rows are, that is some hundred bytes";
    format!(
        r#"{{"ResourceChanged":{{"resource_type":"file","resource":{{"id":"1","name":"a","text":"{text}","size":{size}{more}}}}}}}"#
    )
}

fn cache(row_encoding: RowEncoding) -> (Cache, Host, larder::QueryId) {
    let registry = Registry::builder().resource(ResourceType::new("file")).build().unwrap();
    let mut cache = Cache::new(registry, Config { row_encoding, ..Config::default() });
    let mut host = Host::default();
    host.deliver(cache.apply(event(1, ""))).unwrap();
    let query = host.mount(&mut cache, r#"{"from":"file"}"#);
    (cache, host, query)
}

/// Rows, members and bytes that one event brings.
fn brought(cache: &mut Cache, host: &mut Host, event: String) -> (usize, usize, usize) {
    let before = (host.rows_received, host.members_received, host.bytes_received);
    host.deliver(cache.apply(event)).unwrap();
    (host.rows_received - before.0, host.members_received - before.1, host.bytes_received - before.2)
}

#[test]
fn only_the_member_that_changed_crosses() {
    let (mut cache, mut host, query) = cache(RowEncoding::Changes);
    assert_eq!(
        brought(&mut cache, &mut host, event(2, "")),
        (1, 1, 12 * 4 + 2 * 4 + 10 * 4 + r#"[{"size":2}]"#.len())
    );
    assert_eq!(host.list(query)[0]["size"], 2);
    assert_eq!(host.list(query)[0]["name"], "a");
}

#[test]
fn a_row_with_other_members_crosses_whole() {
    let (mut cache, mut host, query) = cache(RowEncoding::Changes);
    assert_eq!(brought(&mut cache, &mut host, event(2, r#","more":true"#)).1, 0);
    assert_eq!(host.list(query)[0]["more"], true);
    assert_eq!(brought(&mut cache, &mut host, event(3, "")).1, 0);
    assert!(host.list(query)[0].get("more").is_none());
}

#[test]
fn an_edit_and_what_confirms_it_are_put_over_the_row_that_the_host_holds() {
    let (mut cache, mut host, query) = cache(RowEncoding::Changes);
    let edit = r#"{"id":"m","name":"edit","args":null,"optimistic":[{"type":"merge","data":{"resource_type":"file","id":"1","fields":{"name":"b"}}}]}"#;
    host.deliver(cache.mutate(serde_json::from_str(edit).unwrap())).unwrap();
    assert_eq!((host.rows_received, host.members_received), (2, 1));
    // It takes the layer away and brings the row in one step.
    let data = event(5, "").replacen(r#"{"ResourceChanged":"#, "", 1);
    let kind = format!(r#"{{"type":"ResourceChanged","data":{data}"#);
    let confirming = format!(r#"{{"envelope":{{"id":"e","mutation_id":"m"}},"kind":{kind}}}"#);
    host.deliver(cache.apply(confirming)).unwrap();
    let row = &host.list(query)[0];
    assert_eq!((&row["size"], &row["name"]), (&5.into(), &"a".into()));
    assert_eq!(row.as_object().unwrap().len(), 4);
}

#[test]
fn whole_rows_cross_unless_changes_are_asked_for() {
    let (mut cache, mut host, query) = cache(RowEncoding::Json);
    assert_eq!(brought(&mut cache, &mut host, event(2, "")).1, 0);
    assert_eq!(host.list(query)[0]["size"], 2);
}
