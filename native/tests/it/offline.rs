//! A connection that is lost, comes back, or is not wanted.

use std::time::Duration;

use larder_native::{Phase, merge};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::site::{PATIENCE, Site, client, files, names, reaches, shows};

#[tokio::test]
async fn a_client_catches_up_after_the_engine_was_away() {
    let mut site = Site::holding(&["a.txt"]).await;
    let client = site.client().await;
    let mut files = files(&client).await;
    shows(&mut files, &["a.txt"]).await;
    reaches(&client, Phase::Live).await;
    site.stop().await;
    reaches(&client, Phase::Offline).await;
    assert_eq!(names(&files.snapshot()), ["a.txt"]);
    site.write("b.txt");
    site.start().await;
    shows(&mut files, &["a.txt", "b.txt"]).await;
    reaches(&client, Phase::Live).await;
}

#[tokio::test]
async fn an_edit_made_offline_arrives_when_there_is_a_connection() {
    let mut site = Site::holding(&["a.txt"]).await;
    let client = site.client().await;
    let mut files = files(&client).await;
    shows(&mut files, &["a.txt"]).await;
    site.stop().await;
    reaches(&client, Phase::Offline).await;

    let id = files.snapshot().data[0].id.clone();
    let optimistic = merge("file", &id, &json!({"name": "b.txt", "path": "b.txt"})).unwrap();
    let mut rename = client.mutate("files.rename", &json!({"id": id, "name": "b.txt"}), [optimistic]);
    rename.shown().await.unwrap();
    assert_eq!(names(&files.snapshot()), ["b.txt"]);
    assert_eq!(client.status().pending, 1);
    assert!(site.path("a.txt").exists());

    site.start().await;
    timeout(PATIENCE, rename.into_future()).await.unwrap().unwrap();
    assert!(site.path("b.txt").exists() && !site.path("a.txt").exists());
    assert_eq!((names(&files.snapshot()), client.status().pending), (vec!["b.txt"], 0));
}

#[tokio::test]
async fn a_connection_that_was_given_up_can_be_made_again() {
    let site = Site::holding(&["a.txt"]).await;
    let client = site.client().await;
    let mut files = files(&client).await;
    shows(&mut files, &["a.txt"]).await;
    assert_eq!(client.connect(&site.url()).await.unwrap_err().kind(), "connect.already_connected");
    client.disconnect().await.unwrap();
    assert_eq!(client.status().phase, Phase::Offline);
    site.write("b.txt");
    client.connect(&site.url()).await.unwrap();
    shows(&mut files, &["a.txt", "b.txt"]).await;
}

/// A place where nobody answers as an engine would, and where attempts can be counted.
async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/ws", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn nothing_is_tried_while_there_is_no_network_and_at_once_when_there_is() {
    let (listener, url) = listener().await;
    let client = client();
    client.reachable(false).await.unwrap();
    client.connect(&url).await.unwrap();
    // Longer than the longest first pause.
    assert!(timeout(Duration::from_millis(400), listener.accept()).await.is_err());
    assert_eq!(client.status().phase, Phase::Offline);
    client.reachable(true).await.unwrap();
    drop(timeout(PATIENCE, listener.accept()).await.unwrap().unwrap());
    client.reachable(false).await.unwrap();
    reaches(&client, Phase::Offline).await;
    assert!(timeout(Duration::from_millis(400), listener.accept()).await.is_err());
}

#[tokio::test]
async fn a_lost_connection_is_tried_again_each_time_with_a_new_address() {
    let (listener, url) = listener().await;
    let client = client();
    let mut errors = client.errors();
    let mut attempts = 0;
    let next = move || {
        attempts += 1;
        if attempts == 1 { "no address".to_owned() } else { url.clone() }
    };
    client.connect_with(next).await.unwrap();
    for _ in 0..2 {
        drop(timeout(PATIENCE, listener.accept()).await.unwrap().unwrap());
    }
    let first = timeout(PATIENCE, errors.next()).await.unwrap().unwrap();
    let second = timeout(PATIENCE, errors.next()).await.unwrap().unwrap();
    assert_eq!((first.kind(), second.kind()), ("connect.invalid_url", "connect.failed"));
}

#[tokio::test]
async fn an_attempt_that_was_given_up_for_want_of_a_network_is_made_once_when_there_is_one() {
    let (listener, url) = listener().await;
    let client = client();
    client.connect(&url).await.unwrap();
    let _unanswered = timeout(PATIENCE, listener.accept()).await.unwrap().unwrap();
    assert_eq!(client.status().phase, Phase::Connecting);
    client.reachable(false).await.unwrap();
    reaches(&client, Phase::Offline).await;
    client.reachable(true).await.unwrap();
    let _unanswered = timeout(PATIENCE, listener.accept()).await.unwrap().unwrap();
    // Longer than the longest first pause: a second attempt would come within it.
    assert!(timeout(Duration::from_millis(400), listener.accept()).await.is_err());
    assert_eq!(client.status().phase, Phase::Connecting);
}
