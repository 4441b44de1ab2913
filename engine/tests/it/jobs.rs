//! What an engine works at for a while, as clients see it.

use std::fs;

use larder_engine::{Config, ServiceState};
use larder_native::query::{Query, asc, field};
use larder_native::{Client as Cached, ClientOptions, LiveQuery};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::client::Client;
use crate::devices::{pair, site};
use crate::site::{PATIENCE, Site, TOKEN};

fn one_library(config: &mut Config) {
    config.library = Some("6f1c3f52-9d0e-4d2b-8f43-0c9c5f2b7a10".parse().unwrap());
}

/// A folder with so many files, each with another content.
async fn large(files: usize) -> Site {
    let configure = |config: &mut Config| {
        one_library(config);
        config.identify = true;
    };
    let fill =
        |site: &Site| (0..files).for_each(|number| site.write(&format!("{number}.txt"), &number.to_string()));
    Site::with(configure, fill).await
}

fn job<'c>(client: &'c Client, kind: &str) -> Option<&'c Value> {
    client.replica.of("job").find(|job| job["kind"] == kind)
}

#[tokio::test]
async fn looking_into_many_files_is_a_job_that_ends() {
    let site = large(450).await;
    let mut client = site.client().await;
    let is_done = |job: &Value| job["kind"] == "identify" && job["state"] == "done";
    client.until("all are looked into", |replica| replica.of("job").any(is_done)).await;
    let job = job(&client, "identify").unwrap();
    assert_eq!((&job["done"], &job["total"]), (&json!(450), &json!(450)));
    assert_eq!(client.replica.of("content_identity").count(), 450);
}

#[tokio::test]
async fn a_device_that_is_killed_while_it_is_filled_goes_on_where_it_was() {
    let a = large(2_500).await;
    let mut of_a = a.client().await;
    of_a.until("all are looked into", |replica| replica.of("content_identity").count() == 2_500).await;
    let mut b = Site::with(one_library, |site| site.write("b.txt", "b")).await;
    let mut client = b.client().await;
    a.engine().connect(b.engine()).await;
    // Which of the two it is depends on what is asked for first.
    let is_coming = |job: &&Value| job["device_id"].is_string();
    // The kill comes at any point: before anything is here, in the middle, or when all is here already.
    client.until("it is being filled", |replica| replica.of("job").any(|job| is_coming(&job))).await;
    let before = client.replica.of("job").find(is_coming).unwrap().clone();
    assert_eq!(before["device_id"], json!(a.engine().device()));
    b.kill().await;
    b.start().await;

    let mut client = b.client().await;
    a.engine().connect(b.engine()).await;
    let is_done = |job: &Value| job["id"] == before["id"] && job["state"] == "done";
    client.until("it has everything", |replica| replica.of("job").any(is_done)).await;
    client
        .until("files and what is in them", |replica| {
            replica.of("content_identity").count() == 2_500 && replica.file("2499.txt").is_some()
        })
        .await;
    let after = client.replica.of("job").find(|job| job["id"] == before["id"]).unwrap();
    assert_eq!(after["started_ms"], before["started_ms"], "it is the same run: {before} became {after}");
    assert!(after["done"].as_i64() >= before["done"].as_i64(), "{before} became {after}");
    assert_eq!(after["done"], after["total"]);
    client.assert_sound().await;
}

/// What an app shows of a copy.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Copy {
    id: String,
    name: String,
    state: String,
    problem_kind: Option<String>,
    done: u64,
    total: Option<u64>,
    started_ms: u64,
}

/// An app of an engine that shows its copies.
async fn app_of(site: &Site) -> (Cached, LiveQuery<Copy>) {
    let app = Cached::open_with(larder_library::registry(), ClientOptions::new()).unwrap();
    app.connect(&format!("ws://{}/ws?token={TOKEN}", site.address())).await.unwrap();
    let query = Query::from("job").filter(field("kind").eq("copy")).order_by(asc("started_ms"));
    let copies = app.live_query(&query.build().unwrap()).await.unwrap();
    (app, copies)
}

/// The one copy, once it is in this state.
async fn copy_that_is(copies: &mut LiveQuery<Copy>, state: &str) -> Copy {
    let waiting = async {
        loop {
            if let Some(copy) = copies.snapshot().data.iter().find(|copy| copy.state == state) {
                return Copy::clone(copy);
            }
            assert!(copies.changed().await, "the client is open");
        }
    };
    let seen = timeout(PATIENCE, waiting).await;
    seen.unwrap_or_else(|_| panic!("no copy is {state}: {:?}", copies.snapshot().data))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_a_row_of_a_live_query_and_the_same_row_after_a_restart_in_the_middle() {
    const SIZE: u64 = 48 << 20;
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    fs::write(a.path("film"), vec![7; SIZE as usize]).unwrap();
    pair(&a, &mut b).await;
    let mut there = b.client().await;
    let is_all = |row: &Value| row["size"] == SIZE;
    there.until("the file comes", |replica| replica.file("film").is_some_and(is_all)).await;
    let (app, mut copies) = app_of(&b).await;
    let folder = there.replica.file("b.txt").unwrap()["parent_id"].clone();
    let copy = json!({"id": there.replica.id("film"), "folder_id": folder});
    there.mutate("files.copy", copy).await.unwrap();
    let deadline = Instant::now() + PATIENCE;
    while b.engine().copies().await.unwrap()[0].done == 0 {
        assert!(Instant::now() < deadline, "nothing comes: {:?}", b.engine().copies().await);
        tokio::task::yield_now().await;
    }
    let own = there.replica.of("device").find(|row| row["is_self"] == true).unwrap()["id"].clone();
    there.mutate("devices.pause", json!({"id": own, "paused": true})).await.unwrap();
    let before = copy_that_is(&mut copies, "paused").await;
    assert_eq!((before.name.as_str(), before.total), ("film", Some(SIZE)));
    assert!(before.done > 0 && before.done < SIZE, "{before:?}");
    assert!(["not_reachable", "no_answer"].contains(&before.problem_kind.as_deref().unwrap()), "{before:?}");
    app.close().await.unwrap();
    b.kill().await;
    b.start().await;
    let mut there = b.client().await;
    let (app, mut copies) = app_of(&b).await;
    let waits = copy_that_is(&mut copies, "paused").await;
    assert_eq!((&waits.id, waits.done), (&before.id, before.done), "what is offline stays so");
    there.mutate("devices.pause", json!({"id": own, "paused": false})).await.unwrap();
    let after = copy_that_is(&mut copies, "done").await;
    assert_eq!(copies.snapshot().total, 1, "it is the same row: {:?}", copies.snapshot().data);
    assert_eq!((&after.id, after.started_ms), (&before.id, before.started_ms), "and the same run");
    assert_eq!((after.done, after.total, after.problem_kind), (SIZE, Some(SIZE), None));
    assert_eq!(fs::read(b.path("film")).unwrap(), vec![7; SIZE as usize]);
    app.close().await.unwrap();
}

#[tokio::test]
async fn the_services_of_an_engine_run_and_say_so() {
    let site = Site::holding(&["a.txt"]).await;
    let services = site.engine().services();
    let names: Vec<_> = services.iter().map(|service| service.name).collect();
    assert_eq!(
        names,
        [
            "jobs",
            "conversations",
            "states of devices",
            "mirror",
            "file copies",
            "copies elsewhere",
            "files for others",
            "selection",
            "upkeep"
        ]
    );
    assert!(services.iter().all(|service| service.state == ServiceState::Running && service.restarts == 0));
    let engine = site.engine().clone();
    engine.shutdown().await;
    assert!(engine.services().is_empty(), "all have stopped");
}
