//! What happens on the disk arrives at the client.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::site::Site;

#[tokio::test]
async fn the_first_copy_is_the_folder() {
    let site =
        Site::holding(&["a.txt", "photos/one.JPG", "photos/two.png", ".hidden", "photos/deep/er/x.tar.gz"])
            .await;
    let mut client = site.client().await;
    client.assert_sound().await;
    let replica = &client.replica;
    assert_eq!(replica.listing(), site.listing());
    assert_eq!(replica.resyncs, ["first"]);

    let root = replica.file("").unwrap();
    assert_eq!(
        (&root["kind"], &root["is_dir"], &root["name"]),
        (&"folder".into(), &true.into(), &"root".into())
    );
    let photo = replica.file("photos/one.JPG").unwrap();
    assert_eq!((&photo["kind"], &photo["extension"]), (&"image".into(), &"jpg".into()));
    assert_eq!(photo["size"], "photos/one.JPG".len());
    assert_eq!((&photo["favorite"], &photo["tag_ids"]), (&false.into(), &serde_json::json!([])));
    let modified = photo["modified_at"].as_str().unwrap();
    assert!(modified.ends_with('Z') && modified.len() == "2026-11-21T10:00:00.000Z".len(), "{modified}");
    assert_eq!(photo["location_id"], replica.location()["id"]);
    assert_eq!(replica.location()["device_id"], replica.of("device").next().unwrap()["id"]);
}

#[tokio::test]
async fn files_that_come_change_and_go_are_events_without_a_gap() {
    let site = Site::holding(&["stays.txt"]).await;
    let mut client = site.client().await;
    let before = client.replica.cursor;

    site.write("new.txt", "1");
    client.until("the new file is here", |replica| replica.file("new.txt").is_some()).await;
    let id = client.replica.id("new.txt");
    site.write("new.txt", "12345");
    client.until("the new size is here", |replica| replica.file("new.txt").unwrap()["size"] == 5).await;
    assert_eq!(client.replica.id("new.txt"), id);
    fs::remove_file(site.path("new.txt")).unwrap();
    client.until("the file is gone", |replica| replica.file("new.txt").is_none()).await;

    client.assert_sound().await;
    assert!(client.replica.cursor > before + 2);
    assert_eq!(client.replica.listing(), ["stays.txt"]);
}

#[tokio::test]
async fn a_renamed_or_moved_file_is_the_same_file() {
    let site = Site::holding(&["a.txt", "from/b.txt", "to/c.txt"]).await;
    let mut client = site.client().await;
    let (a, b) = (client.replica.id("a.txt"), client.replica.id("from/b.txt"));
    site.rename("a.txt", "renamed.md");
    site.rename("from/b.txt", "to/b.txt");
    client
        .until("both are at their new places", |replica| {
            replica.file("renamed.md").is_some() && replica.file("to/b.txt").is_some()
        })
        .await;
    assert_eq!(client.replica.id("renamed.md"), a);
    assert_eq!(client.replica.id("to/b.txt"), b);
    assert_eq!(client.replica.file("renamed.md").unwrap()["kind"], "text");
    assert_eq!(client.replica.listing(), site.listing());
    client.assert_sound().await;
    assert!(client.replica.events.iter().all(|event| event["kind"]["type"] != "ResourceDeleted"));
}

#[tokio::test]
async fn what_is_in_a_renamed_folder_follows_it_and_is_still_watched() {
    let site = Site::holding(&["old/a.txt", "old/in/b.txt"]).await;
    let mut client = site.client().await;
    let (a, b) = (client.replica.id("old/a.txt"), client.replica.id("old/in/b.txt"));
    site.rename("old", "new");
    client.until("the folder is renamed", |replica| replica.file("new/in/b.txt").is_some()).await;
    assert_eq!((client.replica.id("new/a.txt"), client.replica.id("new/in/b.txt")), (a, b));

    site.write("new/in/c.txt", "c");
    client.until("a change deep in it is seen", |replica| replica.file("new/in/c.txt").is_some()).await;
    site.write("old/in/d.txt", "d");
    client.until("so is one at the old place", |replica| replica.file("old/in/d.txt").is_some()).await;
    assert_eq!(client.replica.listing(), site.listing());
    client.assert_sound().await;
}

#[tokio::test]
async fn a_program_that_saves_by_replacing_keeps_the_file() {
    let site = Site::holding(&["note.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("note.txt");
    site.write(".note.txt.tmp", "a longer text");
    site.rename(".note.txt.tmp", "note.txt");
    client.until("the new content is here", |replica| replica.file("note.txt").unwrap()["size"] == 13).await;
    client.until("the other name is gone", |replica| replica.listing() == ["note.txt"]).await;
    assert_eq!(client.replica.id("note.txt"), id);
}

#[tokio::test]
async fn a_whole_tree_that_appears_and_disappears_at_once_is_seen() {
    let site = Site::empty().await;
    let mut client = site.client().await;
    for number in 0..30 {
        site.write(&format!("tree/{}/{}/{number}.txt", number % 3, number % 5), "x");
    }
    let expected = site.listing();
    client.until("the tree is here", |replica| replica.listing() == expected).await;
    client.assert_sound().await;
    fs::remove_dir_all(site.path("tree")).unwrap();
    client.until("the tree is gone", |replica| replica.listing().is_empty()).await;
    client.assert_sound().await;
}

#[tokio::test]
async fn a_file_in_place_of_a_folder_is_another_entry() {
    let site = Site::holding(&["thing/a.txt"]).await;
    let mut client = site.client().await;
    let id = client.replica.id("thing");
    fs::remove_dir_all(site.path("thing")).unwrap();
    site.write("thing", "now a file");
    client
        .until("it is a file", |replica| replica.file("thing").is_some_and(|row| row["is_dir"] == false))
        .await;
    assert_ne!(client.replica.id("thing"), id);
    assert_eq!(client.replica.listing(), ["thing"]);
    client.assert_sound().await;
}

#[tokio::test]
async fn many_files_come_in_batches_with_progress() {
    let site = Site::with(
        |_| {},
        |site| {
            for number in 0..2_500 {
                site.write(&format!("{}/{number}.txt", number % 10), "");
            }
        },
    )
    .await;
    let mut client = site.connect().await;
    client.subscribe().await;
    client.until("the folder is scanned", |replica| replica.is_ready()).await;
    client.until("the job is done", |replica| replica.of("job").any(|job| job["state"] == "done")).await;
    assert_eq!(client.replica.listing().len(), 2_510);
    assert_eq!(client.replica.location()["file_count"], 2_500);
    client.assert_sound().await;

    // The whole history, from the first event on, adds up to the same as a copy.
    let mut history = site.connect().await;
    history.replica.epoch.clone_from(&client.replica.epoch);
    history.subscribe().await;
    assert!(history.replica.resyncs.is_empty());
    assert_eq!(history.replica.rows, client.replica.rows);
    let job = client.replica.of("job").next().unwrap().clone();
    assert_eq!((&job["kind"], &job["location_id"]), (&json!("index"), &client.replica.location()["id"]));
    assert_eq!((&job["done"], &job["total"]), (&json!(2_511), &json!(2_511)));
    client.assert_sound().await;
    // Events of jobs say what the rows do, and the first and the last are called so.
    let mut history = site.connect().await;
    history.replica.epoch.clone_from(&client.replica.epoch);
    history.subscribe().await;
    history.until("the job is done", |replica| !replica.notices("JobEnded").is_empty()).await;
    assert_eq!(history.replica.notices("JobStarted").len(), 1);
    assert_eq!(history.replica.notices("JobEnded"), [&job]);
}

#[tokio::test]
async fn a_repository_is_mirrored_without_what_git_leaves_out() {
    let site = Site::with(
        |_| {},
        |site| {
            site.write(".git/HEAD", "ref: refs/heads/main");
            site.write(".git/info/exclude", "private.txt\n");
            site.write(".gitignore", "*.log\n/build/\n");
            site.write("private.txt", "");
            site.write("build/out.bin", "");
            site.write("src/build/kept.rs", "");
            site.write("src/.gitignore", "!important.log\ntmp\n");
            site.write("src/important.log", "");
            site.write("src/other.log", "");
            site.write("src/tmp/x", "");
        },
    )
    .await;
    let mut client = site.client().await;
    let expected =
        [".gitignore", "src", "src/.gitignore", "src/build", "src/build/kept.rs", "src/important.log"];
    assert_eq!(client.replica.listing(), expected);

    site.write("build/later.bin", "");
    site.write(".git/index", "");
    site.write("x.log", "");
    site.write("seen.txt", "");
    client.until("the one that counts is here", |replica| replica.file("seen.txt").is_some()).await;
    assert_eq!(client.replica.listing().len(), expected.len() + 1);

    site.write(".gitignore", "seen.txt\n");
    client.until("other rules, other files", |replica| replica.file("build/later.bin").is_some()).await;
    client.until("what they leave out is gone", |replica| replica.file("seen.txt").is_none()).await;
    assert!(client.replica.file("x.log").is_some() && client.replica.file("private.txt").is_none());
    client.assert_sound().await;
}

#[tokio::test]
async fn without_a_repository_ignore_files_are_only_files() {
    let site = Site::holding(&[".gitignore", "a.log"]).await;
    site.write(".gitignore", "*.log");
    let mut client = site.client().await;
    site.write("b.log", "");
    client.until("the log is here", |replica| replica.file("b.log").is_some()).await;
    assert_eq!(client.replica.listing(), [".gitignore", "a.log", "b.log"]);
}

#[tokio::test]
async fn the_database_is_never_mirrored_even_inside_the_folder() {
    let site =
        Site::with(|config| config.database = Some(config.root.join("data/larder.sqlite")), |_| {}).await;
    let mut client = site.client().await;
    site.write("a.txt", "");
    client.until("the file is here", |replica| replica.file("a.txt").is_some()).await;
    client.idle(Duration::from_millis(300)).await;
    assert_eq!(client.replica.listing(), ["a.txt", "data"]);
    assert!(site.path("data/larder.sqlite").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_listed_and_not_followed() {
    let site = Site::with(
        |_| {},
        |site| {
            let outside = site.outside().join("outside");
            fs::create_dir(&outside).unwrap();
            fs::write(outside.join("secret.txt"), "").unwrap();
            std::os::unix::fs::symlink(&outside, site.path("link")).unwrap();
            std::os::unix::fs::symlink(".", site.path("loop")).unwrap();
            std::os::unix::fs::symlink("nowhere", site.path("broken.png")).unwrap();
        },
    )
    .await;
    let mut client = site.client().await;
    assert_eq!(client.replica.listing(), ["broken.png", "link", "loop"]);
    assert!(client.replica.of("file").filter(|row| row["path"] != "").all(|row| row["is_dir"] == false));

    // A folder that is replaced by a link: nothing behind it is listed, whatever changes there.
    site.write("folder/a.txt", "");
    client.until("the folder is here", |replica| replica.file("folder/a.txt").is_some()).await;
    fs::remove_dir_all(site.path("folder")).unwrap();
    std::os::unix::fs::symlink(site.outside().join("outside"), site.path("folder")).unwrap();
    fs::write(site.outside().join("outside/later.txt"), "").unwrap();
    client
        .until("it is a link", |replica| replica.file("folder").is_some_and(|row| row["is_dir"] == false))
        .await;
    client.idle(Duration::from_millis(200)).await;
    assert_eq!(client.replica.listing(), ["broken.png", "folder", "link", "loop"]);
}

#[tokio::test]
async fn one_who_follows_and_one_who_comes_late_see_the_same() {
    let site = Site::empty().await;
    let mut client = site.client().await;
    // Many changes at once while copies are made: none may be lost or doubled between copy and stream.
    let mut late = Vec::new();
    for round in 0..8 {
        for number in 0..25 {
            site.write(&format!("{}/{number}.txt", round % 3), &"x".repeat(round));
        }
        if round % 2 == 1 {
            fs::remove_dir_all(site.path(&format!("{}", (round + 1) % 3))).ok();
        }
        let mut other = site.connect().await;
        other.subscribe().await;
        late.push(other);
    }
    site.write("last", "");
    let expected = site.listing();
    client.until("all of it is here", |replica| replica.listing() == expected).await;
    client.idle(Duration::from_millis(500)).await;
    for mut other in late {
        let cursor = client.replica.cursor;
        other.until("it is as far", |replica| replica.cursor >= cursor).await;
        assert_eq!(other.replica.rows, client.replica.rows);
    }
    client.assert_sound().await;
}

#[tokio::test]
async fn a_file_that_is_renamed_again_and_again_stays_the_same_file() {
    let site = Site::holding(&["0.txt"]).await;
    fs::create_dir(site.path("in")).unwrap();
    let mut client = site.client().await;
    let id = client.replica.id("0.txt");
    // At all kinds of moments for the watcher: while it waits, looks, and writes.
    let mut name = "0.txt".to_owned();
    for step in 1..150 {
        let next = if step % 3 == 0 { format!("in/{step}.txt") } else { format!("{step}.txt") };
        site.rename(&name, &next);
        name = next;
        tokio::time::sleep(Duration::from_millis(step * 7 % 23)).await;
    }
    client.until("it is at its last place", |replica| replica.file(&name).is_some()).await;
    assert_eq!(client.replica.id(&name), id);
    assert_eq!(client.replica.listing(), site.listing());
}
