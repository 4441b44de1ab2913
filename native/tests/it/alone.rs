//! A client without a backend.

use std::sync::Arc;

use futures_util::StreamExt;
use larder_native::outbox::Rejection;
use larder_native::query::{Query, Window, asc};
use larder_native::registry::{ResourceType, UnknownTypes};
use larder_native::{Client, Config, Registry, remove, upsert};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, PartialEq, Deserialize)]
struct Tag {
    name: String,
}

fn open() -> Client {
    Client::open(Registry::default(), Config::default()).unwrap()
}

fn tags() -> Query {
    Query::from("tag").order_by(asc("name")).build().unwrap()
}

async fn tell(client: &Client, id: &str, name: &str) {
    let event = json!({"ResourceChanged": {"resource_type": "tag", "resource": {"id": id, "name": name}}});
    client.apply(event.to_string()).await.unwrap();
}

#[tokio::test]
async fn a_stream_begins_with_the_result_of_this_moment_and_ends_with_the_client() {
    let client = open();
    tell(&client, "1", "red").await;
    let live = client.live_query::<Tag>(&tags()).await.unwrap();
    let mut results = live.into_stream();
    assert_eq!(results.next().await.unwrap().data[0].name, "red");
    tell(&client, "1", "blue").await;
    assert_eq!(results.next().await.unwrap().data[0].name, "blue");
    assert_eq!(client.stats().await.unwrap().queries, 1);
    client.close().await.unwrap();
    assert_eq!(results.next().await, None);
}

#[tokio::test]
async fn a_stream_that_is_dropped_is_unmounted() {
    let client = open();
    drop(client.live_query::<Tag>(&tags()).await.unwrap().into_stream());
    assert_eq!(client.stats().await.unwrap().queries, 0);
}

#[tokio::test]
async fn a_mutation_is_settled_by_what_the_apps_own_transport_says() {
    let client = open();
    let live = client.live_query::<Tag>(&tags()).await.unwrap();
    let create = |id: &str| {
        let tag = json!({"id": id, "name": id});
        client.mutate("tags.create", &tag, [upsert("tag", &tag).unwrap()])
    };
    let (mut taken, mut refused) = (create("a"), create("b"));
    taken.shown().await.unwrap();
    refused.shown().await.unwrap();
    assert_eq!(live.snapshot().total, 2);
    client.ack(taken.id(), None).await.unwrap();
    taken.await.unwrap();
    let reason = Rejection { kind: "not_allowed".to_owned(), message: "No.".to_owned() };
    client.reject(refused.id(), reason).await.unwrap();
    let error = refused.await.unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), ("not_allowed", "No."));
    assert_eq!(live.snapshot().total, 0, "no event has confirmed either");
}

#[tokio::test]
async fn a_mutation_that_cannot_be_made_says_so_twice_and_shows_nothing() {
    let client = open();
    let mut broken = client.mutate("tags.remove", &json!({}), [remove("tag", "")]);
    assert_eq!(broken.shown().await.unwrap_err().kind(), "mutation.bad_operation");
    assert_eq!(broken.await.unwrap_err().kind(), "mutation.bad_operation");
    assert!(client.pending().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_row_that_does_not_fit_is_reported_once_and_left_out() {
    let client = open();
    let mut errors = client.errors();
    let live = client.live_query::<Tag>(&tags()).await.unwrap();
    tell(&client, "1", "red").await;
    client
        .apply(r#"{"ResourceChanged": {"resource_type": "tag", "resource": {"id": "2", "name": 5}}}"#)
        .await
        .unwrap();
    let again = client.live_query::<Tag>(&tags()).await.unwrap();
    for list in [&live, &again] {
        assert_eq!((list.snapshot().data.len(), list.snapshot().total), (1, 2));
    }
    client.close().await.unwrap();
    let error = errors.next().await.unwrap();
    assert_eq!(error.kind(), "row.mismatch");
    assert!(error.to_string().contains("Tag") && error.to_string().contains(r#""name": 5"#), "{error}");
    assert_eq!(errors.next().await, None);
}

#[tokio::test]
async fn a_change_outside_of_the_window_changes_the_total_only() {
    let client = open();
    for name in ["a", "b", "c"] {
        tell(&client, name, name).await;
    }
    let query = Query::from("tag").order_by(asc("name")).limit(1).build().unwrap();
    let live = client.live_query::<Tag>(&query).await.unwrap();
    let before = live.snapshot();
    tell(&client, "d", "d").await;
    let after = live.snapshot();
    assert!(Arc::ptr_eq(&before.data[0], &after.data[0]));
    assert_eq!((before.total, after.total), (3, 4));
    tell(&client, "d", "e").await;
    assert!(Arc::ptr_eq(&after, &live.snapshot()), "nothing that it shows has changed");
    live.set_window(Window::parse(r#"{"offset": 1, "limit": 2}"#).unwrap()).await.unwrap();
    let names: Vec<String> = live.snapshot().data.iter().map(|tag| tag.name.clone()).collect();
    assert_eq!(names, ["b", "c"]);
}

#[tokio::test]
async fn events_that_are_not_cached_are_handed_on() {
    let client = open();
    let mut events = client.events();
    let event = r#"{"JobProgress": {"id": "j1", "done": 3}}"#;
    client.apply(event).await.unwrap();
    assert_eq!(events.next().await.unwrap().get(), event);
}

#[test]
fn what_the_cache_refuses_has_the_kind_of_the_core() {
    let registry =
        Registry::builder().resource(ResourceType::new("file")).unknown_types(UnknownTypes::Refuse);
    let client = Client::open(registry.build().unwrap(), Config::default()).unwrap();
    assert_eq!(client.live_query::<Tag>(&tags()).wait().unwrap_err().kind(), "query.unknown_type");
    assert_eq!(client.apply("{").wait().unwrap_err().kind(), "event.malformed_json");
    assert_eq!(client.connect("http://127.0.0.1/").wait().unwrap_err().kind(), "connect.invalid_url");
}

#[test]
fn a_live_query_keeps_the_client_open_and_its_thread_ends_with_both() {
    let client = open();
    let live = client.live_query::<Tag>(&tags()).wait().unwrap();
    let mut status = client.watch_status();
    drop(client);
    assert_eq!(live.snapshot().total, 0);
    live.set_window(Window::parse(r#"{"limit": 1}"#).unwrap()).wait().unwrap();
    drop(live);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert!(!runtime.block_on(status.changed()), "the owner is gone");
}

#[tokio::test]
async fn an_entity_is_found_by_the_id_field_of_its_type_and_followed() {
    let mut tag = ResourceType::new("tag");
    tag.id = "key".to_owned();
    let client = Client::open(Registry::builder().resource(tag).build().unwrap(), Config::default()).unwrap();
    let mut red = client.entity::<Tag>("tag", "7").await.unwrap();
    assert_eq!(red.snapshot(), None);
    for name in ["red", "dark red"] {
        // An integer is the same id as its text.
        let resources = json!([{"key": 7, "name": name}, {"key": 8, "name": "blue"}]);
        let event = json!({"ResourceChangedBatch": {"resource_type": "tag", "resources": resources}});
        client.apply(event.to_string()).await.unwrap();
        assert!(red.changed().await);
        assert_eq!(red.snapshot().unwrap().name, name);
    }
    let unchanged = red.snapshot().unwrap();
    let event = json!({"ResourceChanged": {"resource_type": "tag", "resource": {"key": 8, "name": "green"}}});
    client.apply(event.to_string()).await.unwrap();
    assert!(Arc::ptr_eq(&unchanged, &red.snapshot().unwrap()));
    drop(red);
    assert_eq!(client.stats().await.unwrap().queries, 0);
}

#[derive(Debug)]
struct Unreadable;

impl<'de> Deserialize<'de> for Unreadable {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        std::panic::resume_unwind(Box::new("a decoder of the app panics"))
    }
}

#[tokio::test]
async fn a_decoder_that_panics_closes_the_client_and_nobody_waits_for_ever() {
    let client = open();
    let (mut errors, mut status) = (client.errors(), client.watch_status());
    let waiting = client.query::<String>("echo", &json!("hello"));
    let mut live = client.live_query::<Unreadable>(&tags()).await.unwrap();
    let event = r#"{"ResourceChanged": {"resource_type": "tag", "resource": {"id": "1"}}}"#;
    assert_eq!(client.apply(event).await.unwrap_err().kind(), "client.closed");
    assert_eq!(waiting.await.unwrap_err().kind(), "client.closed");
    assert!(!live.changed().await && !status.changed().await);
    assert!(errors.next().await.is_none());
    client.close().await.unwrap();
}
