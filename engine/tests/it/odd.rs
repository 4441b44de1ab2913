//! What disks do to those who mirror them.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::site::Site;

#[tokio::test]
async fn a_root_that_goes_away_and_comes_back_loses_nothing() {
    let site = Site::holding(&["a.txt", "in/b.txt"]).await;
    let mut client = site.client().await;
    let ids = (client.replica.id("a.txt"), client.replica.id("in/b.txt"));
    let away = site.outside().join("away");

    fs::rename(site.root(), &away).unwrap();
    client.until("it is missing", |replica| replica.location()["scan_state"] == "missing").await;
    assert_eq!(client.replica.listing(), ["a.txt", "in", "in/b.txt"], "the rows are as it was seen last");
    let refused = client.mutate("files.rename", json!({"id": ids.0, "name": "c.txt"})).await;
    assert_eq!(refused, Err("not_found".to_owned()));

    fs::write(away.join("in/new.txt"), "").unwrap();
    fs::rename(&away, site.root()).unwrap();
    client.until("it is back", |replica| replica.is_ready() && replica.file("in/new.txt").is_some()).await;
    assert_eq!((client.replica.id("a.txt"), client.replica.id("in/b.txt")), ids);
    client.assert_sound().await;

    site.write("in/later.txt", "");
    client.until("it is watched again", |replica| replica.file("in/later.txt").is_some()).await;
}

#[tokio::test]
async fn an_engine_starts_without_its_root_and_waits_for_it() {
    let mut site = Site::holding(&["a.txt"]).await;
    let id = site.client().await.replica.id("a.txt");
    site.stop().await;
    let away = site.outside().join("away");
    fs::rename(site.root(), &away).unwrap();
    site.start().await;
    let mut client = site.connect().await;
    client.subscribe().await;
    client.until("it is missing", |replica| replica.location()["scan_state"] == "missing").await;
    assert_eq!(client.replica.listing(), ["a.txt"]);
    fs::rename(&away, site.root()).unwrap();
    client.until("it is back", |replica| replica.is_ready()).await;
    assert_eq!(client.replica.id("a.txt"), id);
}

#[tokio::test]
async fn an_empty_folder_in_place_of_the_root_is_not_a_deletion() {
    let site = Site::holding(&["a.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("a.txt");
    let away = site.outside().join("away");
    // As when a disk is unmounted and leaves its mount point behind.
    fs::rename(site.root(), &away).unwrap();
    fs::create_dir(site.root()).unwrap();
    client.until("it is missing", |replica| replica.location()["scan_state"] == "missing").await;
    client.idle(Duration::from_millis(300)).await;
    assert_eq!(client.replica.listing(), ["a.txt"]);
    fs::remove_dir(site.root()).unwrap();
    fs::rename(&away, site.root()).unwrap();
    client.until("it is back", |replica| replica.is_ready()).await;
    assert_eq!(client.replica.id("a.txt"), id);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn names_that_are_not_utf_8_are_listed_told_and_can_be_changed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let raw = |site: &Site, bytes: &[u8]| site.root().join(OsStr::from_bytes(bytes));
    let site = Site::with(
        |_| {},
        |site| {
            fs::create_dir(raw(site, b"f\xFF")).unwrap();
            fs::write(raw(site, b"f\xFF/caf\xE9.txt"), "").unwrap();
            fs::write(raw(site, b"f\xFF/caf\xE8.txt"), "").unwrap();
        },
    )
    .await;
    let mut client = site.client().await;
    let path = "f\u{FFFD}FF/caf\u{FFFD}E9.txt";
    assert_eq!(client.replica.listing(), ["f\u{FFFD}FF", "f\u{FFFD}FF/caf\u{FFFD}E8.txt", path]);
    let mut history = site.connect().await;
    history.replica.epoch.clone_from(&client.replica.epoch);
    history.subscribe().await;
    let problems = history.replica.notices("ScanProblems");
    assert_eq!((problems.len(), &problems[0]["count"]), (1, &json!(3)));
    assert_eq!(problems[0]["problems"][0]["problem"], "not_utf8");

    let id = client.replica.id(path);
    client.mutate("files.rename", json!({"id": id, "name": "café.txt"})).await.unwrap();
    assert!(raw(&site, b"f\xFF").join("café.txt").exists());
    fs::remove_file(raw(&site, b"f\xFF/caf\xE8.txt")).unwrap();
    client.until("a change of such a name is seen", |replica| replica.listing().len() == 2).await;
    assert_eq!(client.replica.id("f\u{FFFD}FF/café.txt"), id);
}

#[tokio::test]
async fn odd_but_proper_names_are_just_names() {
    let names = [
        "ü 😀.txt",
        "a\\b",
        "100%.txt",
        "__proto__",
        "'; DROP TABLE files; --",
        " leading",
        "con\nline",
        "_%_",
    ];
    let site = Site::with(
        |_| {},
        |site| {
            for name in names.iter().filter(|_| cfg!(unix)) {
                site.write(name, "");
            }
        },
    )
    .await;
    let mut client = site.client().await;
    assert_eq!(client.replica.listing(), site.listing());
    let Some(id) = client.replica.file("_%_").map(|row| row["id"].clone()) else { return };
    client.mutate("files.rename", json!({"id": id, "name": "%_%"})).await.unwrap();
    assert_eq!(client.replica.listing(), site.listing());
}
