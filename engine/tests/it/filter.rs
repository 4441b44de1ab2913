//! Subscriptions to some types only.

use std::time::Duration;

use serde_json::json;

use crate::site::Site;

#[tokio::test]
async fn a_filtered_subscription_names_the_sequence_before() {
    let site = Site::holding(&["a.txt"]).await;
    let mut all = site.client().await;
    let mut tags = site.connect().await;
    tags.subscribe_to(Some(&["tag"])).await;
    assert!(tags.replica.rows.is_empty(), "the copy is filtered too");
    let start = tags.replica.cursor;

    let id = all.replica.id("a.txt");
    all.mutate("files.favorite", json!({"id": id, "favorite": true})).await.unwrap();
    let first = all.mutate("tags.create", json!({"id": "t", "name": "T", "color": "#000000"})).await.unwrap();
    all.mutate("tags.apply", json!({"file_id": id, "tag_id": "t"})).await.unwrap();
    let second =
        all.mutate("tags.create", json!({"id": "u", "name": "U", "color": "#000000"})).await.unwrap();
    tags.until("both tags are here", |replica| replica.of("tag").count() == 2).await;

    let envelopes: Vec<_> = tags
        .replica
        .events
        .iter()
        .map(|event| (event["envelope"]["previous"].as_u64(), event["envelope"]["sequence"].as_u64()))
        .collect();
    assert_eq!(envelopes, [(Some(start), Some(first)), (Some(first), Some(second))]);

    // The same on the way through a catch-up.
    let mut late = site.connect().await.continuing(tags.replica.clone());
    late.replica.cursor = start;
    late.replica.rows.clear();
    late.replica.events.clear();
    late.subscribe_to(Some(&["tag"])).await;
    assert_eq!(late.replica.rows, tags.replica.rows);
    assert_eq!(late.replica.cursor, second);
    assert_eq!(late.replica.resyncs, ["first"]);
}

#[tokio::test]
async fn who_cannot_see_the_event_of_a_mutation_hears_that_it_is_past() {
    let site = Site::holding(&["a.txt"]).await;
    let all = site.client().await;
    let mut tags = site.connect().await;
    tags.subscribe_to(Some(&["tag"])).await;
    let args = json!({"id": all.replica.id("a.txt"), "favorite": true});
    let sequence = tags.mutate("files.favorite", args).await.unwrap();
    tags.until("the cursor is past it", |replica| replica.cursor >= sequence).await;
    assert!(tags.replica.events.is_empty());
    tags.mutate("tags.create", json!({"id": "t", "name": "T", "color": "#000000"})).await.unwrap();
    tags.until("what follows is no gap", |replica| replica.of("tag").count() == 1).await;
}

#[tokio::test]
async fn an_unfiltered_subscription_names_none() {
    let site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    client.mutate("tags.create", json!({"id": "t", "name": "T", "color": "#000000"})).await.unwrap();
    client.idle(Duration::from_millis(50)).await;
    assert!(client.replica.events.iter().all(|event| event["envelope"].get("previous").is_none()));
}
