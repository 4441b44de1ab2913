//! What clients do with files of other devices, over real sockets.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::devices::{pair, site};
use crate::site::{PATIENCE, Site};

/// What is in a file of so many bytes.
fn content(size: usize) -> Vec<u8> {
    (0..size).map(|at| ((at / 1_000) ^ at) as u8).collect()
}

/// Waits until the first copy to an engine is so.
async fn copied(site: &Site, phase: &str) -> larder_engine::FileCopy {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let copies = site.engine().copies().await.unwrap();
        if let Some(copy) = copies.into_iter().find(|copy| copy.phase == phase) {
            return copy;
        }
        assert!(Instant::now() < deadline, "no copy is {phase}: {:?}", site.engine().copies().await);
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_file_of_another_device_is_renamed_moved_and_deleted_there_and_its_watcher_says_so() {
    let (a, mut b) = (site("a.txt").await, site("folder/b.txt").await);
    fs::create_dir(b.path("other")).unwrap();
    b.write("folder/kept.txt", "kept");
    pair(&a, &mut b).await;
    let mut client = a.client().await;
    client.until("the files come", |replica| replica.file("folder/kept.txt").is_some()).await;
    let (file, other) = (client.replica.id("folder/b.txt"), client.replica.id("other"));

    client.mutate("files.rename", json!({"id": file, "name": "c.txt"})).await.unwrap();
    // The answer came with the event, and the row is the same one.
    assert_eq!(client.replica.id("folder/c.txt"), file);
    client.mutate("files.move", json!({"id": file, "folder_id": other})).await.unwrap();
    assert_eq!(client.replica.id("other/c.txt"), file);
    assert_eq!(b.read("other/c.txt"), "folder/b.txt");
    let folder = client.replica.id("folder");
    client.mutate("files.delete", json!({"id": folder})).await.unwrap();
    assert_eq!(b.listing(), ["other", "other/c.txt"]);
    assert!(client.replica.file("folder/kept.txt").is_none());
    client.assert_sound().await;

    // What the owner refuses is the answer.
    b.write("other/taken.txt", "taken");
    client.until("the file comes", |replica| replica.file("other/taken.txt").is_some()).await;
    let refused = client.mutate("files.rename", json!({"id": file, "name": "taken.txt"})).await;
    assert_eq!(refused, Err("target_exists".to_owned()));
    for name in ["../c.txt", "a/b", ".git", ".larder-part-1"] {
        let refused = client.mutate("files.rename", json!({"id": file, "name": name})).await;
        assert_eq!(refused, Err("invalid_name".to_owned()), "{name}");
    }
    let refused = client.mutate("files.move", json!({"id": other, "folder_id": other})).await;
    assert_eq!(refused, Err("into_itself".to_owned()));
    let own = client.replica.id("a.txt");
    let refused = client.mutate("files.move", json!({"id": own, "folder_id": other})).await;
    assert_eq!(refused, Err("other_device".to_owned()), "a file does not go to another device by a move");
}

#[tokio::test]
async fn a_device_that_is_not_there_is_asked_nothing_and_the_same_mutation_works_later() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    pair(&a, &mut b).await;
    let mut client = a.client().await;
    client.until("the file comes", |replica| replica.file("b.txt").is_some()).await;
    let rename = json!({"id": client.replica.id("b.txt"), "name": "c.txt"});
    b.stop().await;
    client
        .until("it is gone", |replica| {
            replica.of("device").any(|row| row["is_self"] == false && row["online"] == false)
        })
        .await;
    let refused = client.mutate_as("m1", "files.rename", rename.clone()).await;
    assert_eq!(refused, Err("not_reachable".to_owned()));
    b.start().await;
    client.until("it is back", |replica| replica.of("device").all(|row| row["online"] == true)).await;
    client.replica.frames.clear();
    client.mutate_as("m1", "files.rename", rename).await.unwrap();
    assert_eq!(b.listing(), ["c.txt"]);
}

#[tokio::test]
async fn a_copy_that_is_broken_off_goes_on_where_it_was() {
    const SIZE: usize = 24 << 20;
    const CHUNKS: u64 = 96;
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    fs::write(a.path("film"), content(SIZE)).unwrap();
    let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(a.path("film")).unwrap().set_modified(modified).unwrap();
    fs::create_dir(b.path("goal")).unwrap();
    pair(&a, &mut b).await;
    // A client of the device that has the file: the one that it goes to is asked to fetch it.
    let mut client = a.client().await;
    client
        .until("all is known", |replica| {
            replica.file("goal").is_some() && replica.file("film").is_some_and(|row| row["size"] == SIZE)
        })
        .await;
    let mut there = b.client().await;
    there.until("it knows the file too", |replica| replica.file("film").is_some()).await;
    let copy = json!({"id": client.replica.id("film"), "folder_id": client.replica.id("goal")});
    client.mutate("files.copy", copy).await.unwrap();
    let deadline = Instant::now() + PATIENCE;
    while a.engine().chunks_sent() < 8 {
        assert!(Instant::now() < deadline, "nothing is sent: {:?}", b.engine().copies().await);
        tokio::task::yield_now().await;
    }
    b.kill().await;
    let before = a.engine().chunks_sent();
    assert!(before < CHUNKS, "it was broken off in the middle");
    assert!(!b.path("goal/film").exists());
    b.start().await;
    let copy = copied(&b, "completed").await;
    assert_eq!((copy.done, copy.total), (SIZE as u64, Some(SIZE as u64)));
    let sent = a.engine().chunks_sent();
    // Those that were on their way when it was killed came twice, at most four at a time.
    assert!((CHUNKS..=CHUNKS + 8).contains(&sent), "{before} chunks, and then {sent} in all");
    assert_eq!(fs::read(b.path("goal/film")).unwrap(), content(SIZE));
    assert_eq!(fs::metadata(b.path("goal/film")).unwrap().modified().unwrap(), modified);
    assert_eq!(b.listing(), ["b.txt", "goal", "goal/film"], "nothing else is left");
    client.until("its watcher saw it", |replica| replica.file("goal/film").is_some()).await;
    // It is shown where it was asked for, too.
    let is_done = |job: &Value| job["kind"] == "copy" && job["state"] == "done" && job["total"] == SIZE;
    client.until("its job is done here too", |replica| replica.of("job").any(is_done)).await;
}

#[tokio::test]
async fn a_copy_takes_no_name_that_is_taken_unless_both_are_kept() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    b.write("a.txt", "of b");
    pair(&a, &mut b).await;
    let mut client = b.client().await;
    client
        .until("the file comes", |replica| {
            replica.of("file").any(|row| row["path"] == "a.txt" && row["size"] == 5)
        })
        .await;
    let of = |replica: &crate::client::Replica, path: &str, size: usize| {
        let mut rows = replica.of("file").filter(|row| row["path"] == path && row["size"] == size);
        rows.next().unwrap()["id"].clone()
    };
    let root = client.replica.of("file").find(|row| {
        let home = client.replica.file("b.txt").unwrap();
        row["id"] == home["parent_id"]
    });
    let root = root.unwrap()["id"].clone();
    let file = of(&client.replica, "a.txt", 5);
    let refused = client.mutate("files.copy", json!({"id": file, "folder_id": root})).await;
    assert_eq!(refused, Err("target_exists".to_owned()));
    client.mutate("files.copy", json!({"id": file, "folder_id": root, "keep_both": true})).await.unwrap();
    client.until("both are there", |replica| replica.file("a (2).txt").is_some()).await;
    assert_eq!((b.read("a.txt").as_str(), b.read("a (2).txt").as_str()), ("of b", "a.txt"));
    // Within one device it is the same.
    let own = client.replica.id("b.txt");
    client.mutate("files.copy", json!({"id": own, "folder_id": root, "keep_both": true})).await.unwrap();
    client.until("a second one", |replica| replica.file("b (2).txt").is_some()).await;
    assert_eq!(b.read("b (2).txt"), "b.txt");
    let is_done = |job: &Value| job["kind"] == "copy" && job["state"] == "done" && job["name"] == "a (2).txt";
    client.until("its job is done", |replica| replica.of("job").any(is_done)).await;
    let job = client.replica.of("job").find(|job| is_done(job)).unwrap();
    assert_eq!((&job["done"], &job["total"], &job["folder_id"]), (&json!(5), &json!(5), &root));
}

#[tokio::test]
async fn a_copy_from_a_device_that_is_away_waits_until_it_is_called_off() {
    let (mut a, mut b) = (site("a.txt").await, site("b.txt").await);
    fs::write(a.path("film"), content(24 << 20)).unwrap();
    pair(&a, &mut b).await;
    let mut client = b.client().await;
    client
        .until("the file comes", |replica| replica.file("film").is_some_and(|row| row["size"] == 24 << 20))
        .await;
    let root = client.replica.file("b.txt").unwrap()["parent_id"].clone();
    let copy = json!({"id": client.replica.id("film"), "folder_id": root});
    client.mutate("files.copy", copy.clone()).await.unwrap();
    let deadline = Instant::now() + PATIENCE;
    while a.engine().chunks_sent() < 4 {
        assert!(Instant::now() < deadline, "nothing is sent: {:?}", b.engine().copies().await);
        tokio::task::yield_now().await;
    }
    a.kill().await;
    copied(&b, "waiting").await;
    let waits = |job: &&Value| job["kind"] == "copy" && job["state"] == "paused";
    client.until("it is said to wait", |replica| replica.of("job").any(|job| waits(&job))).await;
    let job = client.replica.of("job").find(waits).unwrap().clone();
    assert!(["not_reachable", "no_answer"].contains(&job["problem_kind"].as_str().unwrap()), "{job}");
    let job = job["id"].clone();
    client.mutate("files.call_off", json!({"job_id": job})).await.unwrap();
    client
        .until("it is said to have been called off", |replica| {
            let row = replica.of("job").find(|row| row["id"] == job).unwrap();
            row["state"] == "failed" && row["problem_kind"] == "called_off"
        })
        .await;
    assert_eq!(copied(&b, "failed").await.kind.as_deref(), Some("called_off"));
    assert_eq!(b.listing(), ["b.txt"], "what came of it is gone");
    let again = client.mutate("files.call_off", json!({"job_id": job})).await;
    assert_eq!(again, Err("not_found".to_owned()));
    // One from a device that was removed has nothing to wait for.
    client.mutate("files.copy", copy).await.unwrap();
    let removed = json!({"id": a_device(&client.replica)});
    client.mutate("devices.remove", removed).await.unwrap();
    let deadline = Instant::now() + PATIENCE;
    while !b.engine().copies().await.unwrap().iter().any(|copy| copy.kind.as_deref() == Some("removed")) {
        assert!(Instant::now() < deadline, "it waits: {:?}", b.engine().copies().await);
        sleep(Duration::from_millis(20)).await;
    }
}

/// The device that is not the client's own.
fn a_device(replica: &crate::client::Replica) -> serde_json::Value {
    replica.of("device").find(|row| row["is_self"] == false).unwrap()["id"].clone()
}

#[tokio::test]
async fn a_copy_that_another_device_makes_is_shown_and_called_off_where_it_was_asked_for() {
    let (mut a, mut b) = (site("a.txt").await, site("b.txt").await);
    pair(&a, &mut b).await;
    let mut c = site("c.txt").await;
    pair(&a, &mut c).await;
    let mut client = a.client().await;
    let comes = |path: &'static str| move |replica: &crate::client::Replica| replica.file(path).is_some();
    client.until("the file comes", comes("c.txt")).await;
    client.until("the folder comes", comes("b.txt")).await;
    let mut there = b.client().await;
    there.until("the file comes there", comes("c.txt")).await;
    // From a device that is away, so that there is time.
    c.stop().await;
    let folder = client.replica.file("b.txt").unwrap()["parent_id"].clone();
    let copy = json!({"id": client.replica.id("c.txt"), "folder_id": folder});
    client.mutate("files.copy", copy).await.unwrap();
    let waits = |job: &Value| job["kind"] == "copy" && job["problem_kind"] == "not_reachable";
    client.until("it waits", |replica| replica.of("job").any(waits)).await;
    let job = client.replica.of("job").find(|job| waits(job)).unwrap().clone();
    assert_eq!((&job["name"], &job["folder_id"]), (&json!("c.txt"), &folder));
    assert_eq!(job["device_id"], json!(b.engine().device()), "who makes it");

    // Whoever asked for it may restart in between.
    a.kill().await;
    a.start().await;
    let mut client = a.client().await;
    client
        .until("they meet", |replica| {
            replica.of("device").any(|row| row["is_self"] == false && row["online"] == true)
        })
        .await;
    client.mutate("files.call_off", json!({"job_id": job["id"]})).await.unwrap();
    let is_called_off = |row: &Value| row["id"] == job["id"] && row["problem_kind"] == "called_off";
    there.until("it is called off there", |replica| replica.of("job").any(is_called_off)).await;
    client.until("and here", |replica| replica.of("job").any(is_called_off)).await;
    let again = client.mutate("files.call_off", json!({"job_id": job["id"]})).await;
    assert_eq!(again, Err("not_found".to_owned()));
}

#[tokio::test]
async fn a_folder_is_copied_with_all_that_is_in_it() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    for path in ["folder/one.txt", "folder/in/two.txt", "folder/in/deep/three.txt", "folder0/not.txt"] {
        a.write(path, path);
    }
    fs::create_dir(a.path("folder/empty")).unwrap();
    b.write("folder/own.txt", "own");
    pair(&a, &mut b).await;
    let mut client = b.client().await;
    client.until("all is known", |replica| replica.file("folder/empty").is_some()).await;
    client.until("all is known", |replica| replica.file("folder/in/deep/three.txt").is_some()).await;
    let (folder, root) = {
        let of_a = client.replica.file("folder/one.txt").unwrap()["parent_id"].clone();
        (of_a, client.replica.file("b.txt").unwrap()["parent_id"].clone())
    };
    let refused = client.mutate("files.copy", json!({"id": folder, "folder_id": root})).await;
    assert_eq!(refused, Err("target_exists".to_owned()));
    client.mutate("files.copy", json!({"id": folder, "folder_id": root, "keep_both": true})).await.unwrap();
    client
        .until("the files are there", |replica| {
            ["folder (2)/one.txt", "folder (2)/in/two.txt", "folder (2)/in/deep/three.txt"]
                .iter()
                .all(|path| replica.file(path).is_some())
        })
        .await;
    assert_eq!(
        b.listing(),
        [
            "b.txt",
            "folder",
            "folder (2)",
            "folder (2)/empty",
            "folder (2)/in",
            "folder (2)/in/deep",
            "folder (2)/in/deep/three.txt",
            "folder (2)/in/two.txt",
            "folder (2)/one.txt",
            "folder/own.txt",
        ]
    );
    assert_eq!(b.read("folder (2)/in/deep/three.txt"), "folder/in/deep/three.txt");
    // Asked of another device, one in which there is nothing to fetch is done as well.
    let mut asking = a.client().await;
    asking.until("the folder comes", |replica| replica.file("folder (2)/empty").is_some()).await;
    let to =
        json!({"id": asking.replica.id("folder (2)/empty"), "folder_id": asking.replica.id("folder (2)/in")});
    asking.mutate("files.copy", to).await.unwrap();
    let is_done = |job: &Value| job["name"] == "empty" && job["state"] == "done";
    asking.until("its job is done", |replica| replica.of("job").any(is_done)).await;
    let own = client.replica.id("folder (2)/in");
    let inside = client.replica.id("folder (2)/in/deep");
    let refused = client.mutate("files.copy", json!({"id": own, "folder_id": inside})).await;
    assert_eq!(refused, Err("into_itself".to_owned()));
    client.assert_sound().await;
}

#[tokio::test]
async fn a_file_that_is_gone_when_it_is_fetched_is_a_copy_that_failed() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    pair(&a, &mut b).await;
    let mut client = b.client().await;
    client.until("the file comes", |replica| replica.file("a.txt").is_some()).await;
    let file = client.replica.id("a.txt");
    let root = client.replica.file("b.txt").unwrap()["parent_id"].clone();
    fs::remove_file(a.path("a.txt")).unwrap();
    match client.mutate("files.copy", json!({"id": file, "folder_id": root})).await {
        Ok(_) => {
            let copy = copied(&b, "failed").await;
            assert_eq!(copy.kind.as_deref(), Some("not_found"));
        }
        // The watcher was faster.
        Err(kind) => assert_eq!(kind, "not_found"),
    }
    assert_eq!(b.listing(), ["b.txt"]);
}
