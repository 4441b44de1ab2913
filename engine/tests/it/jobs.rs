//! What an engine works at for a while, as clients see it.

use larder_engine::{Config, ServiceState};
use serde_json::{Value, json};

use crate::client::Client;
use crate::site::Site;

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
