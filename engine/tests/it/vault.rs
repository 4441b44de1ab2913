//! Databases whose logs are encrypted, and what is in their files.

use std::fs;
use std::time::Duration;

use larder_engine::{Config, Engine, OpenError, Passphrase};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::client::Client;
use crate::devices::{pair, site};
use crate::site::{PATIENCE, Site};

/// What only the logs have: rows have names without quotes.
const NAMES: [&str; 2] = ["\"Zebra\"", "\"Giraffe\""];

fn plain(config: &mut Config) {
    config.devices.listen = Some(([127, 0, 0, 1], 0).into());
}

fn closed(config: &mut Config) {
    plain(config);
    config.passphrase = Passphrase::new("correct horse");
}

fn wrong(config: &mut Config) {
    plain(config);
    config.passphrase = Passphrase::new("battery staple");
}

fn another(config: &mut Config) {
    closed(config);
    config.new_passphrase = Passphrase::new("battery staple");
}

/// How often any of the names is in the files of the database, with those beside it.
fn names_in(site: &Site) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(site.outside()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(path).unwrap();
            let of =
                |name: &str| bytes.windows(name.len()).filter(|window| *window == name.as_bytes()).count();
            count += NAMES.iter().map(|name| of(name)).sum::<usize>();
        }
    }
    count
}

async fn open(site: &mut Site, configure: fn(&mut Config)) -> Result<Engine, OpenError> {
    site.reconfigure(configure);
    let deadline = Instant::now() + PATIENCE;
    loop {
        match Engine::open(site.config()).await {
            // The one before may still be ending.
            Err(OpenError::InUse(_)) if Instant::now() < deadline => sleep(Duration::from_millis(10)).await,
            opened => return opened,
        }
    }
}

async fn rename(client: &mut Client, name: &str) {
    let id = format!("rename to {name}");
    client.mutate_as(&id, "tags.rename", json!({"id": "t1", "name": name})).await.unwrap();
}

fn names(row: &Value) -> Vec<&str> {
    ["kept", "lost"].iter().filter_map(|side| row[side].as_str()).collect()
}

#[tokio::test]
async fn the_logs_of_a_database_with_a_passphrase_are_nothing_that_others_can_read() {
    let (mut a, mut b) = (site("a.txt").await, site("b.txt").await);
    pair(&a, &mut b).await;
    let mut client = a.client().await;
    let mut other = b.client().await;
    client.mutate("tags.create", json!({"id": "t1", "name": "Lion", "color": "#f0a020"})).await.unwrap();
    let tag = ("tag".to_owned(), "t1".to_owned());
    other.until("the tag", |replica| replica.rows.contains_key(&tag)).await;
    // While the other is away, the log keeps what it has to be told; and what both write is a conflict.
    other.mutate("devices.pause", json!({"paused": true})).await.unwrap();
    rename(&mut client, "Zebra").await;
    rename(&mut other, "Giraffe").await;
    let cursor = client.replica.clone();
    drop(client);
    a.stop().await;
    assert!(names_in(&a) > 0, "without a passphrase they are there to be read");

    a.reconfigure(closed);
    a.start().await;
    a.stop().await;
    assert_eq!(names_in(&a), 0, "the first passphrase encrypts what is there, and leaves nothing behind");
    assert_eq!(open(&mut a, plain).await.unwrap_err().kind(), "open.passphrase_needed");
    assert_eq!(open(&mut a, wrong).await.unwrap_err().kind(), "open.passphrase_wrong");
    open(&mut a, another).await.unwrap().shutdown().await;
    assert_eq!(
        open(&mut a, closed).await.unwrap_err().kind(),
        "open.passphrase_wrong",
        "it is another one now"
    );

    // What was encrypted is what clients and devices get.
    a.reconfigure(wrong);
    a.start().await;
    let mut client = a.connect().await.continuing(cursor);
    client.subscribe().await;
    other.mutate_as("back", "devices.pause", json!({"paused": false})).await.unwrap();
    for client in [&mut client, &mut other] {
        client.until("they meet", |replica| replica.of("conflict").next().is_some()).await;
        assert_eq!(client.replica.rows[&tag]["name"], "Giraffe");
    }
    let conflict = client.replica.of("conflict").next().unwrap().clone();
    assert!(conflict.to_string().contains("Zebra") && names(&conflict).len() == 2, "{conflict}");
    // One that was there all the time has the same conflict, and so has one that comes new.
    let mut late = a.client().await;
    late.until("the conflict", |replica| replica.of("conflict").next().is_some()).await;
    assert_eq!(late.replica.of("conflict").next().unwrap()["lost"], conflict["lost"]);
    late.mutate("conflicts.resolve", json!({"id": conflict["id"], "keep": "lost"})).await.unwrap();
    other.until("it is settled", |replica| replica.rows[&tag]["name"] == "Zebra").await;
    drop((client, late));
    a.stop().await;
    assert_eq!(names_in(&a), 0, "what was written since is encrypted, too");
}
