//! Engines that hold one library together, each with a folder, a database and clients of its own.

use std::time::Duration;

use larder_engine::Config;
use serde_json::json;

use crate::site::Site;

fn one_library(config: &mut Config) {
    config.library = Some("6f1c3f52-9d0e-4d2b-8f43-0c9c5f2b7a10".parse().unwrap());
}

async fn site(path: &'static str) -> Site {
    Site::with(one_library, |site| site.write(path, path)).await
}

#[tokio::test]
async fn clients_of_each_engine_see_the_files_of_all() {
    let (a, b) = (site("a.txt").await, site("folder/b.txt").await);
    let mut client = a.client().await;
    assert!(client.replica.file("folder/b.txt").is_none());
    a.engine().connect(b.engine()).await;
    client.until("files of the other come", |replica| replica.file("folder/b.txt").is_some()).await;
    let mut other = b.client().await;
    other.until("and the other way", |replica| replica.file("a.txt").is_some()).await;
    assert_eq!(client.replica.id("a.txt"), other.replica.id("a.txt"));

    std::fs::rename(b.path("folder"), b.path("renamed")).unwrap();
    client.until("a folder is renamed there", |replica| replica.file("renamed/b.txt").is_some()).await;
    std::fs::remove_dir_all(b.path("renamed")).unwrap();
    client.until("and deleted, with what is in it", |replica| replica.listing() == ["a.txt"]).await;
    client.idle(Duration::from_millis(100)).await;
    client.assert_sound().await;
}

#[tokio::test]
async fn a_tag_and_a_favorite_made_on_a_go_through_b_to_c() {
    let (a, b, c) = (site("a.txt").await, site("b.txt").await, site("c.txt").await);
    a.engine().connect(b.engine()).await;
    b.engine().connect(c.engine()).await;
    let (mut client, mut far) = (a.client().await, c.client().await);
    client.until("files of c", |replica| replica.file("c.txt").is_some()).await;
    let file = client.replica.id("c.txt");
    client.mutate("tags.create", json!({"id": "t1", "name": "Holiday", "color": "#f0a020"})).await.unwrap();
    client.mutate("tags.apply", json!({"file_id": file, "tag_id": "t1"})).await.unwrap();
    client.mutate("files.favorite", json!({"id": file, "favorite": true})).await.unwrap();
    far.until("the tag and the mark", |replica| {
        replica
            .file("c.txt")
            .is_some_and(|row| row["tag_ids"] == json!(["t1"]) && row["favorite"] == json!(true))
    })
    .await;
    assert_eq!(far.replica.rows[&("tag".to_owned(), "t1".to_owned())]["name"], json!("Holiday"));
    far.mutate("tags.rename", json!({"id": "t1", "name": "Summer"})).await.unwrap();
    let tag = ("tag".to_owned(), "t1".to_owned());
    client.until("the new name", |replica| replica.rows[&tag]["name"] == json!("Summer")).await;
    far.mutate("tags.remove", json!({"file_id": file, "tag_id": "t1"})).await.unwrap();
    client
        .until("it is taken off", |replica| {
            replica.file("c.txt").is_some_and(|row| row["tag_ids"] == json!([]))
        })
        .await;
    client.mutate("tags.delete", json!({"id": "t1"})).await.unwrap();
    far.until("it is deleted", |replica| !replica.rows.contains_key(&tag)).await;
    let again = json!({"id": "t1", "name": "Again", "color": "#f0a020"});
    assert_eq!(far.mutate("tags.create", again).await, Err("target_exists".to_owned()), "for ever");
    client.assert_sound().await;
    far.assert_sound().await;
}

#[tokio::test]
async fn a_file_on_another_device_is_renamed_there() {
    let (a, b) = (site("a.txt").await, site("b.txt").await);
    a.engine().connect(b.engine()).await;
    let mut client = a.client().await;
    client.until("the file comes", |replica| replica.file("b.txt").is_some()).await;
    let id = client.replica.id("b.txt");
    client.mutate("files.rename", json!({"id": id, "name": "c.txt"})).await.unwrap();
    assert_eq!(client.replica.id("c.txt"), id);
    assert_eq!(b.listing(), ["c.txt"]);
}

#[tokio::test]
async fn what_happened_apart_comes_together_after_both_were_restarted() {
    let (mut a, mut b) = (site("a.txt").await, site("b.txt").await);
    a.engine().connect(b.engine()).await;
    let mut client = a.client().await;
    client.until("they meet", |replica| replica.file("b.txt").is_some()).await;
    let file = client.replica.id("b.txt");
    b.stop().await;
    client.mutate("tags.create", json!({"id": "t1", "name": "Late", "color": "#f0a020"})).await.unwrap();
    client.mutate("tags.apply", json!({"file_id": file, "tag_id": "t1"})).await.unwrap();
    drop(client);
    a.stop().await;
    b.write("more.txt", "");
    b.start().await;
    a.start().await;
    a.engine().connect(b.engine()).await;
    let (mut one, mut other) = (a.client().await, b.client().await);
    one.until("the new file", |replica| replica.file("more.txt").is_some()).await;
    other
        .until("the tag", |replica| replica.file("b.txt").is_some_and(|row| row["tag_ids"] == json!(["t1"])))
        .await;
}

#[tokio::test]
async fn engines_of_different_libraries_tell_each_other_nothing() {
    let (a, b) = (site("a.txt").await, Site::holding(&["b.txt"]).await);
    a.engine().connect(b.engine()).await;
    let mut client = a.client().await;
    client.idle(Duration::from_millis(700)).await;
    assert!(client.replica.file("b.txt").is_none());
}

#[tokio::test]
async fn a_database_stays_in_its_library() {
    let mut site = Site::holding(&["a.txt"]).await;
    site.stop().await;
    let mut config = site.config();
    one_library(&mut config);
    let error = larder_engine::Engine::open(config).await.unwrap_err();
    assert_eq!(error.kind(), "open.other_library");
    assert!(error.to_string().contains("belongs to the library"), "{error}");
}
