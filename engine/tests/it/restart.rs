//! The engine stops, things happen, it comes back: clients go on where they were.

use std::fs;

use serde_json::json;

use crate::site::Site;

#[tokio::test]
async fn what_changed_in_between_is_caught_up_from_the_cursor() {
    let mut site = Site::holding(&[
        "same.txt",
        "edited.txt",
        "removed.txt",
        "renamed.txt",
        "folder/in/deep.txt",
        "x/moved.txt",
    ])
    .await;
    let mut client = site.client().await;
    let id = client.replica.id("renamed.txt");
    client.mutate("tags.create", json!({"id": "t", "name": "Keep", "color": "#123456"})).await.unwrap();
    client.mutate("tags.apply", json!({"file_id": id, "tag_id": "t"})).await.unwrap();
    let before = client.replica.clone();
    site.stop().await;

    site.write("edited.txt", "now longer than it was");
    fs::remove_file(site.path("removed.txt")).unwrap();
    site.rename("renamed.txt", "other name.txt");
    site.rename("folder", "another folder");
    fs::create_dir(site.path("new")).unwrap();
    site.rename("x/moved.txt", "new/moved.txt");
    site.write("created.txt", "");
    site.start().await;

    let mut client = site.connect().await.continuing(before.clone());
    client.subscribe().await;
    let expected = site.listing();
    client
        .until("all of it is caught up", |replica| replica.is_ready() && replica.listing() == expected)
        .await;
    assert_eq!(client.replica.resyncs, ["first"], "no copy was needed");
    client.assert_sound().await;

    for (old, new) in [
        ("same.txt", "same.txt"),
        ("edited.txt", "edited.txt"),
        ("renamed.txt", "other name.txt"),
        ("folder", "another folder"),
        ("folder/in/deep.txt", "another folder/in/deep.txt"),
        ("x/moved.txt", "new/moved.txt"),
    ] {
        assert_eq!(before.id(old), client.replica.id(new), "{old} is {new} now");
    }
    assert_eq!(client.replica.file("other name.txt").unwrap()["tag_ids"], json!(["t"]));
    assert_eq!(client.replica.file("same.txt").unwrap()["version"], 1, "what did not change is no event");

    let fresh = site.client().await;
    client.until("it is the same as a copy", |replica| replica.rows == fresh.replica.rows).await;
}

#[tokio::test]
async fn a_file_that_got_the_number_of_a_deleted_one_is_a_new_file() {
    let mut site = Site::holding(&["a.txt"]).await;
    let client = site.client().await;
    let id = client.replica.id("a.txt");
    site.stop().await;
    // Many file systems give the number away again at once.
    fs::remove_file(site.path("a.txt")).unwrap();
    site.write("b.txt", "b.txt");
    site.start().await;
    let client = site.client().await;
    assert_ne!(client.replica.id("b.txt"), id);
}

#[tokio::test]
async fn a_client_behind_the_log_gets_a_copy() {
    let mut site = Site::with(|config| config.log.max_events = 20, |site| site.write("a.txt", "")).await;
    let mut client = site.client().await;
    let old = client.replica.clone();
    let id = client.replica.id("a.txt");
    for number in 0..30 {
        client.mutate("files.favorite", json!({"id": id, "favorite": number % 2 == 0})).await.unwrap();
    }
    let status = client.query("engine.status", json!({})).await.unwrap();
    let kept = status["sequence"].as_u64().unwrap() - status["oldest_sequence"].as_u64().unwrap() + 1;
    assert!((1..=20).contains(&kept), "{kept} events are kept");

    for restart in [false, true] {
        if restart {
            site.stop().await;
            site.start().await;
        }
        let mut behind = site.connect().await.continuing(old.clone());
        behind.subscribe().await;
        assert_eq!(behind.replica.resyncs, ["first", "log_compacted"]);
        let fresh = site.client().await;
        behind.until("it is the same as a copy", |replica| replica.rows == fresh.replica.rows).await;
    }

    // In the middle of a connection too.
    client.idle(std::time::Duration::from_millis(50)).await;
    let mut asks = site.client().await;
    asks.replica.synced = false;
    asks.send(json!({"type": "catch_up", "data": {"since": 1}})).await;
    asks.until("it has a copy", |replica| replica.synced).await;
    assert_eq!(asks.replica.resyncs, ["first", "log_compacted"]);
}

#[tokio::test]
async fn a_client_far_behind_gets_a_copy_when_that_is_less() {
    let site = Site::with(|config| config.log.catch_up_slack = 50, |site| site.write("a.txt", "")).await;
    let mut client = site.client().await;
    let id = client.replica.id("a.txt");
    let near = client.replica.clone();
    for number in 0..40 {
        client.mutate("files.favorite", json!({"id": id, "favorite": number % 2 == 0})).await.unwrap();
    }
    let mut close = site.connect().await.continuing(near.clone());
    close.subscribe().await;
    assert_eq!(close.replica.resyncs, ["first"]);
    for number in 0..40 {
        client.mutate("files.favorite", json!({"id": id, "favorite": number % 2 == 0})).await.unwrap();
    }
    let mut far = site.connect().await.continuing(near);
    far.subscribe().await;
    assert_eq!(far.replica.resyncs, ["first", "too_far_behind"]);
    assert_eq!(far.replica.rows, client.replica.rows);
}

#[tokio::test]
async fn a_new_database_is_a_new_epoch_of_the_same_library() {
    let mut site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("a.txt");
    client.mutate("files.favorite", json!({"id": id, "favorite": true})).await.unwrap();
    let old = client.replica.clone();
    site.stop().await;
    fs::remove_file(site.database()).unwrap();
    site.write("b.txt", "");
    site.start().await;

    let mut client = site.connect().await.continuing(old.clone());
    client.subscribe().await;
    client.until("the folder is scanned", |replica| replica.is_ready()).await;
    assert_eq!(client.replica.resyncs, ["first", "epoch_changed"]);
    assert_eq!(client.replica.scope, old.scope);
    assert_ne!(client.replica.epoch, old.epoch);
    assert_eq!(client.replica.listing(), ["a.txt", "b.txt"]);
}

#[tokio::test]
async fn a_cursor_beyond_the_log_means_another_log() {
    let site = Site::holding(&["a.txt"]).await;
    let client = site.client().await;
    let mut ahead = client.replica.clone();
    ahead.cursor += 100;
    let mut client = site.connect().await.continuing(ahead);
    client.subscribe().await;
    assert_eq!(client.replica.resyncs, ["first", "epoch_changed"]);
    assert_eq!(client.replica.listing(), ["a.txt"]);
}

#[tokio::test]
async fn events_are_sent_again_when_the_client_saw_a_gap() {
    let site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("a.txt");
    let before = client.replica.clone();
    for number in 0..5 {
        client.mutate("files.favorite", json!({"id": id, "favorite": number % 2 == 0})).await.unwrap();
    }
    let after = client.replica.rows.clone();
    client.replica = before;
    client.replica.synced = false;
    let since = client.replica.cursor;
    client.send(json!({"type": "catch_up", "data": {"since": since}})).await;
    client.until("it has caught up", |replica| replica.synced).await;
    assert_eq!(client.replica.rows, after);
    assert_eq!(client.replica.cursor, since + 5);
}

#[tokio::test]
async fn a_mutation_that_is_sent_again_after_a_restart_has_its_answer_of_before_and_no_second_effect() {
    let mut site = Site::holding(&["a.txt", "taken.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("a.txt");
    let rename = json!({"id": id, "name": "b.txt"});
    let refused = json!({"id": id, "name": "taken.txt"});
    let sequence = client.mutate_as("rename", "files.rename", rename.clone()).await.unwrap();
    assert_eq!(
        client.mutate_as("refused", "files.rename", refused.clone()).await,
        Err("target_exists".to_owned())
    );
    site.stop().await;

    // What would make the same arguments do something else now.
    site.rename("b.txt", "c.txt");
    fs::remove_file(site.path("taken.txt")).unwrap();
    site.start().await;
    let mut client = site.client().await;
    let expected = site.listing();
    client.until("the folder is read", |replica| replica.is_ready() && replica.listing() == expected).await;
    assert_eq!(client.replica.id("c.txt"), id);
    let before = client.replica.cursor;
    assert_eq!(client.mutate_as("rename", "files.rename", rename).await, Ok(sequence));
    assert_eq!(client.mutate_as("refused", "files.rename", refused).await, Err("target_exists".to_owned()));
    assert_eq!(site.listing(), expected, "the disk is as it was");
    assert_eq!(client.replica.cursor, before, "there was no event");
}
