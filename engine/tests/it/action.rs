//! Mutations: what they do to the disk and the tables, and what they refuse.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::site::Site;

/// The ids of the mutations in the events, in order.
fn confirmed(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["envelope"]["mutation_id"].as_str()).collect()
}

#[tokio::test]
async fn a_rename_changes_the_disk_and_is_one_event() {
    let site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    let mut other = site.client().await;
    let id = client.replica.id("a.txt");
    let sequence = client.mutate("files.rename", json!({"id": id, "name": "b.rs"})).await.unwrap();

    assert_eq!(site.listing(), ["b.rs"]);
    assert_eq!(site.read("b.rs"), "a.txt");
    let row = client.replica.file("b.rs").unwrap();
    assert_eq!((&row["id"], &row["kind"], &row["version"]), (&json!(id), &json!("code"), &json!(2)));
    assert_eq!(confirmed(&client.replica.events), ["files.rename-1"]);

    other.until("another client sees it", |replica| replica.file("b.rs").is_some()).await;
    // The watcher looks too, and finds nothing to add.
    client.idle(Duration::from_millis(500)).await;
    assert_eq!(client.replica.cursor, sequence);
    assert_eq!(client.replica.id("b.rs"), id);
}

#[tokio::test]
async fn a_renamed_folder_takes_what_is_in_it_along_in_one_transaction() {
    let site = Site::with(
        |_| {},
        |site| {
            for number in 0..1_200 {
                site.write(&format!("folder/in/{number}.txt"), "");
            }
            site.write("folder0", "its name sorts right behind what is in the folder");
        },
    )
    .await;
    let mut client = site.client().await;
    let (folder, file) = (client.replica.id("folder"), client.replica.id("folder/in/7.txt"));
    client.mutate("files.rename", json!({"id": folder, "name": "renamed"})).await.unwrap();
    assert_eq!(client.replica.id("renamed/in/7.txt"), file);
    assert_eq!(client.replica.listing(), site.listing());
    client.assert_sound().await;
    let [.., first, last] = client.replica.events.as_slice() else { panic!("two batches were expected") };
    assert_eq!(confirmed(&[first.clone(), last.clone()]), ["files.rename-1"]);
    assert!(last["envelope"]["mutation_id"].is_string(), "it is on the last event");

    let before = client.replica.cursor;
    client.idle(Duration::from_millis(500)).await;
    assert_eq!(client.replica.cursor, before, "the watcher has nothing to add");
    site.write("renamed/in/new.txt", "");
    client
        .until("it is watched under its new name", |replica| replica.file("renamed/in/new.txt").is_some())
        .await;
}

#[tokio::test]
async fn a_refused_rename_leaves_disk_and_tables_alone() {
    let site = Site::holding(&["a.txt", "b.txt", "empty/x"]).await;
    fs::remove_file(site.path("empty/x")).unwrap();
    let mut client = site.client().await;
    client.until("the folder is empty", |replica| replica.file("empty/x").is_none()).await;
    client.assert_sound().await;
    client.idle(Duration::from_millis(200)).await;
    let (id, rows, cursor) = (client.replica.id("a.txt"), client.replica.rows.clone(), client.replica.cursor);
    let listing = site.listing();
    let root = client.replica.id("");

    for (args, kind) in [
        (json!({"id": id, "name": "b.txt"}), "target_exists"),
        (json!({"id": id, "name": "empty"}), "target_exists"),
        (json!({"id": id, "name": "../a.txt"}), "invalid_name"),
        (json!({"id": id, "name": "empty/a.txt"}), "invalid_name"),
        (json!({"id": id, "name": ".."}), "invalid_name"),
        (json!({"id": id, "name": ""}), "invalid_name"),
        (json!({"id": id, "name": "a\u{0}b"}), "invalid_name"),
        (json!({"id": id, "name": "x".repeat(300)}), "invalid_name"),
        (json!({"id": root, "name": "other"}), "invalid_name"),
        (json!({"id": "00000000-0000-4000-8000-000000000000", "name": "c"}), "not_found"),
        (json!({"id": "../a.txt", "name": "c"}), "not_found"),
        (json!({"id": id}), "invalid_arguments"),
        (json!({"id": id, "name": 7}), "invalid_arguments"),
        (json!({"id": id, "name": "c", "path": "/"}), "invalid_arguments"),
        (json!([]), "invalid_arguments"),
    ] {
        assert_eq!(client.mutate("files.rename", args.clone()).await, Err(kind.to_owned()), "{args}");
    }
    assert_eq!(client.mutate("files.burn", json!({"id": id})).await, Err("unknown_action".to_owned()));

    client.idle(Duration::from_millis(300)).await;
    assert_eq!((client.replica.rows.clone(), client.replica.cursor), (rows, cursor));
    assert_eq!(site.listing(), listing);
    assert_eq!((site.read("a.txt"), site.read("b.txt")), ("a.txt".to_owned(), "b.txt".to_owned()));
}

#[tokio::test]
async fn a_rename_to_the_same_name_is_applied_already() {
    let site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    let (id, before) = (client.replica.id("a.txt"), client.replica.cursor);
    assert_eq!(client.mutate("files.rename", json!({"id": id, "name": "a.txt"})).await, Ok(before));
}

#[tokio::test]
async fn a_rename_in_upper_case_works() {
    let site = Site::holding(&["readme.md"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("readme.md");
    client.mutate("files.rename", json!({"id": id, "name": "README.md"})).await.unwrap();
    assert_eq!(site.listing(), ["README.md"]);
    assert_eq!(client.replica.listing(), ["README.md"]);
}

#[tokio::test]
async fn a_file_that_is_gone_from_the_disk_is_not_renamed() {
    let site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("a.txt");
    fs::remove_file(site.path("a.txt")).unwrap();
    assert_eq!(
        client.mutate("files.rename", json!({"id": id, "name": "b.txt"})).await,
        Err("not_found".to_owned())
    );
    client.until("the row goes too", |replica| replica.file("a.txt").is_none()).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_rename_never_leaves_the_root_through_a_link() {
    let site = Site::holding(&["folder/a.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("folder/a.txt");
    let outside = site.outside().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a.txt"), "not yours").unwrap();
    // In the time that the watcher needs, the row still says that this is a folder.
    fs::rename(site.path("folder"), site.path("moved")).unwrap();
    std::os::unix::fs::symlink(&outside, site.path("folder")).unwrap();
    match client.mutate("files.rename", json!({"id": id, "name": "b.txt"})).await {
        Err(kind) => assert_eq!(kind, "outside_root"),
        Ok(_) => assert_eq!(site.read("moved/b.txt"), "folder/a.txt", "the watcher was faster"),
    }
    assert_eq!(fs::read_to_string(outside.join("a.txt")).unwrap(), "not yours");
    assert!(!outside.join("b.txt").exists());
}

#[tokio::test]
async fn what_the_user_adds_to_a_file_survives_its_renames() {
    let site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("a.txt");
    for (tag, name) in [("t1", "Work"), ("t0", "Home")] {
        let args = json!({"id": tag, "name": name, "color": "#aa33CC"});
        client.mutate("tags.create", args.clone()).await.unwrap();
        client.mutate("tags.apply", json!({"file_id": id, "tag_id": tag})).await.unwrap();
        assert_eq!(
            client.mutate("tags.create", args).await,
            Ok(client.replica.cursor),
            "once more changes nothing"
        );
    }
    client.mutate("files.favorite", json!({"id": id, "favorite": true})).await.unwrap();
    client.mutate("files.rename", json!({"id": id, "name": "b.txt"})).await.unwrap();
    site.rename("b.txt", "c.txt");
    client.until("it is renamed twice", |replica| replica.file("c.txt").is_some()).await;
    let row = client.replica.file("c.txt").unwrap();
    assert_eq!(
        (&row["id"], &row["favorite"], &row["tag_ids"]),
        (&json!(id), &json!(true), &json!(["t1", "t0"]))
    );

    client.mutate("tags.remove", json!({"file_id": id, "tag_id": "t1"})).await.unwrap();
    assert_eq!(client.replica.file("c.txt").unwrap()["tag_ids"], json!(["t0"]));
    let before = client.replica.cursor;
    client.mutate("tags.remove", json!({"file_id": id, "tag_id": "t1"})).await.unwrap();
    client.mutate("files.favorite", json!({"id": id, "favorite": true})).await.unwrap();
    assert_eq!(client.replica.cursor, before, "what is so already is no event");
    assert_eq!(client.replica.of("tag").map(|tag| &tag["name"]).collect::<Vec<_>>(), ["Home", "Work"]);
}

#[tokio::test]
async fn tags_that_make_no_sense_are_refused() {
    let site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    let file = client.replica.id("a.txt");
    client.mutate("tags.create", json!({"id": "t", "name": "Work", "color": "#000000"})).await.unwrap();
    for (name, args, kind) in [
        ("tags.create", json!({"id": "t", "name": "Other", "color": "#000000"}), "target_exists"),
        ("tags.create", json!({"id": "u", "name": "WORK", "color": "#000000"}), "target_exists"),
        ("tags.create", json!({"id": "u", "name": " ", "color": "#000000"}), "invalid_arguments"),
        ("tags.create", json!({"id": "u", "name": "x", "color": "red"}), "invalid_arguments"),
        ("tags.create", json!({"id": "", "name": "x", "color": "#000000"}), "invalid_arguments"),
        ("tags.apply", json!({"file_id": file, "tag_id": "none"}), "not_found"),
        ("tags.apply", json!({"file_id": "none", "tag_id": "t"}), "not_found"),
        ("tags.remove", json!({"file_id": "none", "tag_id": "t"}), "not_found"),
        ("files.favorite", json!({"id": file, "favorite": "yes"}), "invalid_arguments"),
    ] {
        assert_eq!(client.mutate(name, args.clone()).await, Err(kind.to_owned()), "{name} {args}");
    }
}

#[tokio::test]
async fn the_same_mutation_again_has_the_same_answer_and_no_second_effect() {
    let mut site = Site::holding(&["a.txt", "taken.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("a.txt");
    let rename = json!({"id": id, "name": "b.txt"});
    let refused = json!({"id": id, "name": "taken.txt"});
    let sequence = client.mutate_as("m-1", "files.rename", rename.clone()).await.unwrap();
    assert_eq!(
        client.mutate_as("m-2", "files.rename", refused.clone()).await,
        Err("target_exists".to_owned())
    );
    client.mutate_as("m-3", "files.rename", json!({"id": id, "name": "c.txt"})).await.unwrap();
    fs::remove_file(site.path("taken.txt")).unwrap();
    client.until("the name is free", |replica| replica.file("taken.txt").is_none()).await;

    for restart in [false, true] {
        if restart {
            site.stop().await;
            site.start().await;
        }
        let mut again = site.client().await;
        assert_eq!(again.mutate_as("m-1", "files.rename", rename.clone()).await, Ok(sequence));
        assert_eq!(
            again.mutate_as("m-2", "files.rename", refused.clone()).await,
            Err("target_exists".to_owned())
        );
        assert_eq!(site.listing(), ["c.txt"]);
        assert_eq!(again.replica.listing(), ["c.txt"]);
    }
}

#[tokio::test]
async fn the_same_mutation_on_two_connections_at_once_is_one() {
    let site = Site::holding(&["a.txt"]).await;
    let (mut one, mut two) = (site.client().await, site.client().await);
    let args = json!({"id": one.replica.id("a.txt"), "name": "b.txt"});
    let (first, second) = tokio::join!(
        one.mutate_as("same", "files.rename", args.clone()),
        two.mutate_as("same", "files.rename", args.clone())
    );
    assert_eq!(first.unwrap(), second.unwrap());
    assert_eq!(confirmed(&one.replica.events), ["same"]);
}

#[tokio::test]
async fn questions_are_answered() {
    let site = Site::holding(&["a_b.txt", "axb.txt", "in/100%.txt"]).await;
    let mut client = site.client().await;
    let status = client.query("engine.status", json!({})).await.unwrap();
    assert_eq!(status["library_id"], client.replica.scope);
    assert_eq!(status["epoch"], client.replica.epoch);
    assert_eq!(status["sequence"], client.replica.cursor);
    assert_eq!(status["connections"], 1);
    assert_eq!(status["locations"][0]["file_count"], 3);

    let found = client.query("files.search", json!({"text": "A_B"})).await.unwrap();
    assert_eq!(found["data"]["ids"], json!([client.replica.id("a_b.txt")]));
    let found = client.query("files.search", json!({"text": "%"})).await.unwrap();
    assert_eq!(found["data"]["ids"], json!([client.replica.id("in/100%.txt")]));
    assert_eq!(client.query("files.search", json!({})).await, Err("invalid_input".to_owned()));
    assert_eq!(client.query("files.dance", json!({})).await, Err("unknown_method".to_owned()));

    client.send(json!({"type": "ping", "data": {}})).await;
    client.until("the ping is answered", |replica| replica.frames.last().unwrap()["type"] == "pong").await;
}

#[tokio::test]
async fn pings_are_answered_while_a_mutation_takes_its_time() {
    let site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("a.txt");
    for number in 0..100 {
        let args = json!({"id": id, "name": format!("{number}.txt")});
        client.send(json!({"type": "mutate", "data": {"id": number.to_string(), "name": "files.rename", "args": args}})).await;
    }
    client.send(json!({"type": "ping", "data": {}})).await;
    let pong = client
        .until("the ping is answered", |replica| replica.frames.iter().any(|frame| frame["type"] == "pong"));
    timeout(Duration::from_secs(5), pong).await.unwrap();
    client.until("all are done, in order", |replica| replica.file("99.txt").is_some()).await;
    assert_eq!(site.listing(), ["99.txt"]);
}
