//! What users say about files, through a client: albums, contents, tags on contents, conflicts.

use larder_engine::Config;
use serde_json::{Value, json};

use crate::client::{Client, Replica};
use crate::devices::pair;
use crate::site::Site;

fn looks_inside(config: &mut Config) {
    config.devices.listen = Some(([127, 0, 0, 1], 0).into());
    config.identify = true;
}

fn does_not(config: &mut Config) {
    config.devices.listen = Some(([127, 0, 0, 1], 0).into());
}

fn row(replica: &Replica, resource: &str, id: &str) -> Option<Value> {
    replica.rows.get(&(resource.to_owned(), id.to_owned())).cloned()
}

async fn make_tag(client: &mut Client, id: &str, name: &str) {
    client.mutate("tags.create", json!({"id": id, "name": name, "color": "#f0a020"})).await.unwrap();
}

#[tokio::test]
async fn the_same_bytes_are_one_content_on_all_devices_and_a_tag_on_it_is_on_all_of_them() {
    let a = Site::with(looks_inside, |site| {
        site.write("one.txt", "the same");
        site.write("copy.txt", "the same");
        site.write("other.txt", "another");
        site.write("empty.txt", "");
    });
    let b = Site::with(looks_inside, |site| site.write("far.txt", "the same"));
    let (a, mut b) = (a.await, b.await);
    pair(&a, &mut b).await;
    let mut client = a.client().await;
    let content = |replica: &Replica, path: &str| replica.file(path).map(|row| row["content_id"].clone());
    client
        .until("all are identified", |replica| {
            ["one.txt", "copy.txt", "other.txt", "far.txt"]
                .iter()
                .all(|path| content(replica, path).is_some_and(|id| id.is_string()))
        })
        .await;
    let replica = &client.replica;
    let same = content(replica, "one.txt").unwrap();
    assert_eq!(content(replica, "copy.txt").unwrap(), same);
    assert_eq!(content(replica, "far.txt").unwrap(), same, "on another device, too");
    assert_ne!(content(replica, "other.txt").unwrap(), same);
    assert_eq!(content(replica, "empty.txt").unwrap(), Value::Null);
    let same = same.as_str().unwrap().to_owned();
    assert_eq!(row(replica, "content_identity", &same).unwrap()["size"], 8);

    make_tag(&mut client, "t1", "Seen").await;
    let link = json!({"file_id": client.replica.id("copy.txt"), "tag_id": "t1"});
    client.mutate("content.tag", link.clone()).await.unwrap();
    let tags = |replica: &Replica| row(replica, "content_identity", &same).map(|row| row["tag_ids"].clone());
    assert_eq!(tags(&client.replica), Some(json!(["t1"])));
    let mut far = b.client().await;
    far.until("the tag is on the content", |replica| tags(replica) == Some(json!(["t1"]))).await;
    // Taken off by another file with the same bytes, on the other device.
    let link = json!({"file_id": far.replica.id("far.txt"), "tag_id": "t1"});
    far.mutate("content.untag", link).await.unwrap();
    client.until("it is off", |replica| tags(replica) == Some(json!([]))).await;

    let empty = json!({"file_id": client.replica.id("empty.txt"), "tag_id": "t1"});
    assert_eq!(client.mutate("content.tag", empty).await, Err("invalid_arguments".to_owned()));
    let unknown = json!({"file_id": client.replica.id("one.txt"), "tag_id": "no"});
    assert_eq!(client.mutate("content.tag", unknown).await, Err("not_found".to_owned()));
}

#[tokio::test]
async fn a_file_that_nobody_has_looked_into_is_looked_into_when_its_content_gets_a_tag() {
    let site = Site::with(does_not, |site| site.write("one.txt", "one")).await;
    let mut client = site.client().await;
    make_tag(&mut client, "t1", "Seen").await;
    assert_eq!(client.replica.file("one.txt").unwrap()["content_id"], Value::Null);
    let link = json!({"file_id": client.replica.id("one.txt"), "tag_id": "t1"});
    client.mutate("content.tag", link).await.unwrap();
    let id = client.replica.file("one.txt").unwrap()["content_id"].as_str().unwrap().to_owned();
    assert_eq!(row(&client.replica, "content_identity", &id).unwrap()["tag_ids"], json!(["t1"]));
}

#[tokio::test]
async fn an_album_has_files_of_all_devices_and_outlives_none_of_them() {
    let a = Site::with(does_not, |site| site.write("a.txt", "a"));
    let b = Site::with(does_not, |site| site.write("b.txt", "b"));
    let (a, mut b) = (a.await, b.await);
    pair(&a, &mut b).await;
    let (mut client, mut far) = (a.client().await, b.client().await);
    client.until("files of the other", |replica| replica.file("b.txt").is_some()).await;
    far.until("and the other way", |replica| replica.file("a.txt").is_some()).await;
    let (one, other) = (client.replica.id("a.txt"), client.replica.id("b.txt"));
    client.mutate("albums.create", json!({"id": "album", "name": "Summer"})).await.unwrap();
    for file in [&one, &other] {
        client.mutate("albums.add", json!({"album_id": "album", "file_id": file})).await.unwrap();
    }
    client.mutate("albums.cover", json!({"id": "album", "file_id": other})).await.unwrap();
    let album = |replica: &Replica| row(replica, "album", "album");
    let files = |replica: &Replica| {
        let files = album(replica)?["file_ids"].as_array()?.clone();
        let mut files: Vec<String> = files.iter().filter_map(|id| Some(id.as_str()?.to_owned())).collect();
        files.sort();
        Some(files)
    };
    let mut both = vec![one.clone(), other.clone()];
    both.sort();
    far.until("the album with both", |replica| files(replica).as_ref() == Some(&both)).await;
    far.until("its cover", |replica| album(replica).unwrap()["cover_id"] == other.as_str()).await;
    far.mutate("albums.rename", json!({"id": "album", "name": "Winter"})).await.unwrap();
    far.mutate("albums.remove", json!({"album_id": "album", "file_id": one})).await.unwrap();
    client
        .until("it is renamed and has one", |replica| {
            album(replica).unwrap()["name"] == "Winter" && files(replica) == Some(vec![other.clone()])
        })
        .await;
    // What is deleted is in no album any more.
    std::fs::remove_file(b.path("b.txt")).unwrap();
    client.until("it is empty", |replica| files(replica) == Some(Vec::new())).await;
    client.mutate("albums.delete", json!({"id": "album"})).await.unwrap();
    far.until("it is gone", |replica| album(replica).is_none()).await;
    assert_eq!(
        far.mutate("albums.add", json!({"album_id": "album", "file_id": one})).await,
        Err("not_found".to_owned())
    );
}

#[tokio::test]
async fn a_conflict_is_listed_to_clients_of_both_devices_and_settled_by_one_of_them() {
    let a = Site::with(does_not, |site| site.write("a.txt", "a"));
    let b = Site::with(does_not, |site| site.write("b.txt", "b"));
    let (a, mut b) = (a.await, b.await);
    pair(&a, &mut b).await;
    let (mut client, mut far) = (a.client().await, b.client().await);
    make_tag(&mut client, "t1", "First").await;
    far.until("the tag", |replica| row(replica, "tag", "t1").is_some()).await;
    far.mutate_as("off", "devices.pause", json!({"paused": true})).await.unwrap();
    client.mutate("tags.rename", json!({"id": "t1", "name": "Earlier"})).await.unwrap();
    far.mutate("tags.rename", json!({"id": "t1", "name": "Later"})).await.unwrap();
    far.mutate_as("on", "devices.pause", json!({"paused": false})).await.unwrap();
    for client in [&mut client, &mut far] {
        client.until("the conflict", |replica| replica.of("conflict").next().is_some()).await;
        assert_eq!(row(&client.replica, "tag", "t1").unwrap()["name"], "Later");
    }
    let conflict = client.replica.of("conflict").next().unwrap().clone();
    assert_eq!((&conflict["model"], &conflict["record_id"]), (&json!("tag"), &json!("t1")));
    assert!(conflict["kept"].as_str().unwrap().contains("Later"), "{conflict}");
    assert!(conflict["lost"].as_str().unwrap().contains("Earlier"), "{conflict}");
    assert_eq!(conflict["kept_by"], b.engine().device().to_string());
    assert_eq!(conflict["lost_by"], a.engine().device().to_string());
    client.mutate("conflicts.resolve", json!({"id": conflict["id"], "keep": "lost"})).await.unwrap();
    for client in [&mut client, &mut far] {
        client.until("it is settled", |replica| replica.of("conflict").next().is_none()).await;
        client.until("as was said", |replica| row(replica, "tag", "t1").unwrap()["name"] == "Earlier").await;
    }
    let again = client.mutate("conflicts.resolve", json!({"id": conflict["id"], "keep": "kept"})).await;
    assert_eq!(again, Err("not_found".to_owned()));
}
