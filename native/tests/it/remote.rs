//! Questions to a real engine whose answers stay live.

use std::sync::{Arc, Mutex};

use larder_native::query::Query;
use larder_native::remote::{Invalidation, Policy, RemoteQuery, RemoteState, RemoteStatus};
use larder_native::{Client, Config, LiveRemoteQuery, Registry, RemoteResult, Sink, merge};
use serde_json::json;
use tokio::time::timeout;

use crate::site::{File, PATIENCE, Site, client, files, shows};

fn search(text: &str) -> RemoteQuery {
    let input = json!({"text": text}).to_string();
    RemoteQuery::new("files.search", &input, Query::from("file").build().unwrap()).unwrap()
}

async fn until(found: &mut LiveRemoteQuery<File>, holds: impl Fn(&RemoteResult<File>) -> bool) {
    let reached = async {
        while !holds(&found.snapshot()) {
            assert!(found.changed().await, "the client is open");
        }
    };
    let in_time = timeout(PATIENCE, reached).await.is_ok();
    assert!(in_time, "{:?}", found.snapshot());
}

/// A client of an engine that has seen these files.
async fn seen(site: &Site, names: &[&str]) -> Client {
    let client = site.client().await;
    shows(&mut files(&client).await, names).await;
    client
}

fn names(result: &RemoteResult<File>) -> Vec<&str> {
    result.data.iter().map(|file| file.name.as_str()).collect()
}

#[tokio::test]
async fn an_answer_is_shown_in_the_backends_order_and_its_rows_stay_live() {
    let site = Site::holding(&["a note.txt", "note.txt", "other.txt"]).await;
    let client = seen(&site, &["a note.txt", "note.txt", "other.txt"]).await;
    let mut found = client.remote_query::<File>(&search("note")).await.unwrap();
    until(&mut found, |result| result.status == RemoteStatus::Ready && !result.is_fetching).await;
    let before = found.snapshot();
    assert_eq!(names(&before), ["note.txt", "a note.txt"], "the shortest path first");
    assert_eq!((before.total, before.complete, before.backend_total), (2, true, Some(2)));

    let id = before.data[0].id.clone();
    let optimistic = merge("file", &id, &json!({"name": "my note.txt", "path": "my note.txt"})).unwrap();
    client.mutate("files.rename", &json!({"id": id, "name": "my note.txt"}), [optimistic]).await.unwrap();
    until(&mut found, |result| names(result) == ["my note.txt", "a note.txt"]).await;
    assert!(Arc::ptr_eq(&before.data[1], &found.snapshot().data[1]), "the other row is the same object");
}

#[tokio::test]
async fn pages_come_one_behind_the_other_and_a_refetch_asks_for_all_of_them() {
    let site = Site::holding(&["note 1", "note 2", "note 3"]).await;
    let client = seen(&site, &["note 1", "note 2", "note 3"]).await;
    let request = RemoteQuery::parse(
        r#"{"method": "files.search", "input": {"text": "note", "limit": 2}, "from": "file"}"#,
    );
    let mut found = client.remote_query::<File>(&request.unwrap()).await.unwrap();
    until(&mut found, |result| result.has_next_page).await;
    assert_eq!(
        (names(&found.snapshot()), found.snapshot().backend_total),
        (vec!["note 1", "note 2"], Some(3))
    );
    found.fetch_next_page().await.unwrap();
    until(&mut found, |result| !result.has_next_page && result.data.len() == 3).await;
    site.write("note 0");
    // The engine takes a moment to see the file, so it is asked until it has.
    let asked = async {
        while found.snapshot().data.len() != 4 {
            found.refetch().await.unwrap();
            until(&mut found, |result| !result.is_fetching).await;
        }
    };
    timeout(PATIENCE, asked).await.unwrap();
    assert_eq!(names(&found.snapshot()), ["note 0", "note 1", "note 2", "note 3"]);
}

#[tokio::test]
async fn what_was_answered_is_there_for_the_next_who_asks_unless_it_asks_for_the_network_only() {
    let mut site = Site::holding(&["note"]).await;
    let client = seen(&site, &["note"]).await;
    let mut found = client.remote_query::<File>(&search("note")).await.unwrap();
    until(&mut found, |result| result.status == RemoteStatus::Ready).await;
    drop(found);
    site.stop().await;
    for (policy, shown, is_fetching) in [
        (Policy::CacheFirst, 1, false),
        (Policy::CacheOnly, 1, false),
        (Policy::StaleWhileRevalidate, 1, true),
        (Policy::NetworkOnly, 0, true),
    ] {
        let found = client.remote_query::<File>(&search("note").policy(policy)).await.unwrap();
        let result = found.snapshot();
        assert_eq!((result.data.len(), result.is_fetching), (shown, is_fetching), "{policy:?}");
    }
}

#[tokio::test]
async fn an_answer_that_was_invalidated_is_asked_for_again() {
    let site = Site::holding(&["note"]).await;
    let client = seen(&site, &["note"]).await;
    let request = search("note").policy(Policy::CacheFirst);
    let mut found = client.remote_query::<File>(&request).await.unwrap();
    until(&mut found, |result| result.status == RemoteStatus::Ready).await;
    site.write("note 2");
    let asked = async {
        while found.snapshot().data.len() != 2 {
            client.invalidate(&Invalidation::parse(r#"{"methods": ["files.*"]}"#).unwrap()).await.unwrap();
            until(&mut found, |result| !result.is_fetching).await;
        }
    };
    timeout(PATIENCE, asked).await.unwrap();
}

#[tokio::test]
async fn a_question_that_fails_says_why() {
    let site = Site::holding(&[]).await;
    let client = site.client().await;
    let request = RemoteQuery::new("no.such", "null", Query::from("file").build().unwrap()).unwrap();
    let mut found = client.remote_query::<File>(&request).await.unwrap();
    until(&mut found, |result| result.status == RemoteStatus::Failed).await;
    assert_eq!(found.snapshot().error.as_ref().unwrap().kind, "unknown_method");
    assert!(!found.snapshot().is_fetching && found.snapshot().data.is_empty());
}

#[tokio::test]
async fn a_remote_query_that_is_dropped_is_unmounted_with_its_last_clone() {
    let client = client();
    let found = client.remote_query::<File>(&search("a")).await.unwrap();
    let clone = found.clone();
    drop(found);
    assert_eq!(client.stats().await.unwrap().queries, 1);
    drop(clone);
    assert_eq!(client.stats().await.unwrap().queries, 0);
}

#[derive(Default)]
struct States(Mutex<Vec<RemoteState>>);

impl Sink for States {
    fn patch(&self, _: &[u8]) {}

    fn remote(&self, state: &RemoteState) {
        self.0.lock().unwrap().push(state.clone());
    }
}

#[tokio::test]
async fn a_host_with_a_mirror_of_its_own_is_told_how_its_remote_queries_stand() {
    let site = Site::holding(&["note"]).await;
    let states = Arc::new(States::default());
    let host =
        Client::open_with_sink(Registry::default(), Config::default(), Arc::clone(&states) as _).unwrap();
    let query = host.mount_remote(&search("note")).await.unwrap();
    host.connect(&site.url()).await.unwrap();
    let told = |what: fn(&RemoteState) -> bool| {
        let states = Arc::clone(&states);
        async move {
            while !states.0.lock().unwrap().last().is_some_and(what) {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
        }
    };
    timeout(PATIENCE, told(|state| state.status == RemoteStatus::Ready && !state.is_fetching)).await.unwrap();
    assert!(states.0.lock().unwrap().iter().all(|state| state.query == query.as_u32()));
    host.refetch(query).await.unwrap();
    assert!(
        states.0.lock().unwrap().iter().any(|state| state.status == RemoteStatus::Ready && state.is_fetching)
    );
    host.unmount(query).await.unwrap();
    assert_eq!(host.refetch(query).await.unwrap_err().kind(), "query.not_mounted");
}

#[tokio::test]
async fn a_search_that_is_shown_follows_the_disk_without_being_asked_for() {
    let mut site = Site::holding(&["note", "other"]).await;
    let client = seen(&site, &["note", "other"]).await;
    let mut found = client.remote_query::<File>(&search("note")).await.unwrap();
    until(&mut found, |result| names(result) == ["note"]).await;
    site.write("note 2");
    until(&mut found, |result| names(result) == ["note", "note 2"]).await;
    std::fs::remove_file(site.path("note")).unwrap();
    until(&mut found, |result| names(result) == ["note 2"]).await;

    site.stop().await;
    site.write("note 3");
    site.start().await;
    client.reachable(true).await.unwrap();
    until(&mut found, |result| names(result) == ["note 2", "note 3"]).await;
}
