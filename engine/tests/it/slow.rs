//! A client that does not read costs the engine nothing and the other clients neither.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::Client;
use crate::site::{Site, TOKEN};

/// Makes events of some hundred kilobytes, more in all than any socket buffers.
async fn flood(client: &mut Client, rounds: usize) {
    let id = client.replica.id("folder");
    let mut name = "folder".to_owned();
    for round in 0..rounds {
        name = if round % 2 == 0 { "folder with another name".to_owned() } else { "folder".to_owned() };
        client.mutate("files.rename", json!({"id": id, "name": name})).await.unwrap();
    }
    assert!(client.replica.file(&name).is_some());
}

async fn narrow(site: &Site) -> Client {
    let mut client = Client::connect_narrow(site.address(), TOKEN).await;
    client.subscribe().await;
    client
}

fn fill(site: &Site) {
    for number in 0..900 {
        site.write(&format!("folder/{number:0200}.txt"), "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_client_gets_everything_in_the_end() {
    let site = Site::with(|_| {}, fill).await;
    let mut client = site.client().await;
    let mut slow = narrow(&site).await;
    flood(&mut client, 16).await;
    let cursor = client.replica.cursor;
    slow.until("it has caught up", |replica| replica.cursor >= cursor).await;
    assert_eq!(slow.replica.resyncs, ["first"]);
    assert_eq!(slow.replica.rows, client.replica.rows);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_the_log_has_left_behind_gets_a_copy_and_goes_on() {
    let site = Site::with(|config| config.log.max_events = 4, fill).await;
    let mut client = site.client().await;
    let mut slow = narrow(&site).await;
    flood(&mut client, 16).await;
    let cursor = client.replica.cursor;
    slow.until("it has caught up", |replica| replica.cursor >= cursor).await;
    assert_eq!(slow.replica.rows, client.replica.rows);
    // The sockets hold a few megabytes, the log four events: the rest was never kept for the slow one.
    assert!(slow.replica.resyncs.contains(&"log_compacted".to_owned()), "{:?}", slow.replica.resyncs);
    assert!(slow.replica.events.len() < client.replica.events.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_never_reads_is_let_go() {
    let site = Site::with(|config| config.connection.send_timeout = Duration::from_millis(300), fill).await;
    let mut client = site.client().await;
    let stuck = narrow(&site).await;
    flood(&mut client, 16).await;
    let since = Instant::now();
    loop {
        let status = client.query("engine.status", json!({})).await.unwrap();
        if status["connections"] == 1 {
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(10), "it is still there");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(stuck);
}
