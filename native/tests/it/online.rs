//! A client and an engine, connected.

use std::sync::Arc;
use std::time::Duration;

use larder_native::{LiveQuery, Phase, merge};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::site::{File, PATIENCE, Site, client, files, names, reaches, shows};

#[tokio::test]
async fn a_client_shows_what_is_in_the_folder() {
    let site = Site::holding(&["a.txt", "b.txt"]).await;
    let client = site.client().await;
    let mut files = files(&client).await;
    shows(&mut files, &["a.txt", "b.txt"]).await;
    assert_eq!(files.snapshot().total, 2);
    reaches(&client, Phase::Live).await;
}

#[tokio::test]
async fn a_file_that_is_made_on_the_disk_appears_and_leaves_the_others_alone() {
    let site = Site::holding(&["a.txt", "c.txt"]).await;
    let client = site.client().await;
    let mut files = files(&client).await;
    shows(&mut files, &["a.txt", "c.txt"]).await;
    let before = files.snapshot();
    site.write("b.txt");
    shows(&mut files, &["a.txt", "b.txt", "c.txt"]).await;
    let after = files.snapshot();
    assert!(Arc::ptr_eq(&before.data[0], &after.data[0]));
    assert!(Arc::ptr_eq(&before.data[1], &after.data[2]));
}

async fn rename(
    client: &larder_native::Client,
    files: &LiveQuery<File>,
    from: &str,
    to: &str,
) -> larder_native::MutationHandle {
    let id = files.snapshot().data.iter().find(|file| file.name == from).unwrap().id.clone();
    let optimistic = merge("file", &id, &json!({"name": to, "path": to})).unwrap();
    let mut rename = client.mutate("files.rename", &json!({"id": id, "name": to}), [optimistic]);
    rename.shown().await.unwrap();
    rename
}

#[tokio::test]
async fn a_rename_is_shown_at_once_and_then_done_on_the_disk() {
    let site = Site::holding(&["a.txt"]).await;
    let client = site.client().await;
    let mut files = files(&client).await;
    shows(&mut files, &["a.txt"]).await;
    let rename = rename(&client, &files, "a.txt", "b.txt").await;
    assert_eq!(names(&files.snapshot()), ["b.txt"]);
    rename.await.unwrap();
    assert_eq!(names(&files.snapshot()), ["b.txt"]);
    assert!(site.path("b.txt").exists() && !site.path("a.txt").exists());
    assert!(client.pending().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_rename_that_is_refused_is_undone_and_says_why() {
    let site = Site::holding(&["a.txt", "b.txt"]).await;
    let client = site.client().await;
    let mut files = files(&client).await;
    shows(&mut files, &["a.txt", "b.txt"]).await;
    let error = rename(&client, &files, "a.txt", "b.txt").await.await.unwrap_err();
    assert_eq!(error.kind(), "target_exists");
    assert_eq!(names(&files.snapshot()), ["a.txt", "b.txt"], "the outcome is there when it is told");
    assert!(site.path("a.txt").exists());
}

#[tokio::test]
async fn two_clients_see_each_others_renames() {
    let site = Site::holding(&["a.txt"]).await;
    let (one, other) = (site.client().await, site.client().await);
    let (mut here, mut there) = (files(&one).await, files(&other).await);
    shows(&mut here, &["a.txt"]).await;
    shows(&mut there, &["a.txt"]).await;
    rename(&one, &here, "a.txt", "b.txt").await.await.unwrap();
    shows(&mut there, &["b.txt"]).await;
    rename(&other, &there, "b.txt", "c.txt").await.await.unwrap();
    shows(&mut here, &["c.txt"]).await;
}

#[tokio::test]
async fn a_question_that_the_backend_does_not_know_fails_with_its_kind() {
    let site = Site::holding(&[]).await;
    let client = site.client().await;
    let answer = client.query::<serde_json::Value>("no.such.method", &json!(null));
    let error = timeout(PATIENCE, answer).await.unwrap().unwrap_err();
    assert!(matches!(error, larder_native::Error::Backend { .. }), "{error:?}");
}

#[tokio::test]
async fn a_live_query_that_is_dropped_is_unmounted_with_its_last_clone() {
    let site = Site::holding(&["a.txt"]).await;
    let client = site.client().await;
    let mut files = files(&client).await;
    shows(&mut files, &["a.txt"]).await;
    let clone = files.clone();
    drop(files);
    assert_eq!(client.stats().await.unwrap().queries, 1);
    drop(clone);
    let stats = client.stats().await.unwrap();
    assert_eq!((stats.queries, stats.host_rows), (0, 0));
    assert!(stats.entities > 0);
}

#[tokio::test]
async fn what_is_dropped_before_it_was_mounted_is_unmounted_too() {
    let client = client();
    drop(client.live_query::<File>(&crate::site::listing()));
    let unmounted = async {
        while client.stats().await.unwrap().queries > 0 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, unmounted).await.unwrap();
}

#[tokio::test]
async fn a_wrong_token_is_reported_without_repeating_it() {
    let site = Site::holding(&[]).await;
    let client = client();
    let mut errors = client.errors();
    client.connect(&site.url().replace("test-token", "wrong-token")).await.unwrap();
    let error = timeout(PATIENCE, errors.next()).await.unwrap().unwrap();
    assert_eq!(error.kind(), "connect.failed");
    assert!(error.to_string().contains("403") && !error.to_string().contains("wrong-token"), "{error}");
}

#[tokio::test]
async fn closing_ends_the_connection_and_keeps_the_last_result() {
    let site = Site::holding(&["a.txt"]).await;
    let client = site.client().await;
    let mut files = files(&client).await;
    shows(&mut files, &["a.txt"]).await;
    client.close().await.unwrap();
    assert_eq!(names(&files.snapshot()), ["a.txt"]);
    assert_eq!(client.status().phase, Phase::Offline);
    let ended = async { while files.changed().await {} };
    timeout(PATIENCE, ended).await.unwrap();
    assert_eq!(client.stats().await.unwrap_err().kind(), "client.closed");
    client.close().await.unwrap();
}
