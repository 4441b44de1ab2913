//! Figures beside rows, and groups, as a Rust app sees them.

use std::sync::Arc;

use larder_native::query::{Aggregate, Query, desc};
use larder_native::{Client, Config, Registry};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Deserialize)]
struct Group {
    kind: String,
    bytes: u64,
}

async fn tell(client: &Client, id: &str, kind: &str, size: u64) {
    let file = json!({"id": id, "kind": kind, "size": size});
    let event = json!({"ResourceChanged": {"resource_type": "file", "resource": file}});
    client.apply(event.to_string()).await.unwrap();
}

#[tokio::test]
async fn figures_stand_beside_the_rows_and_are_news_of_their_own() {
    let client = Client::open(Registry::default(), Config::default()).unwrap();
    tell(&client, "1", "image", 3).await;
    tell(&client, "2", "image", 5).await;
    let query = Query::from("file").limit(1).aggregate("most", Aggregate::max("size")).build().unwrap();
    let mut files = client.live_query::<Value>(&query).await.unwrap();
    let first = files.snapshot();
    assert_eq!(first.aggregates.as_deref(), Some(&json!({"most": 5})));
    tell(&client, "2", "image", 4).await;
    assert!(files.changed().await);
    let second = files.snapshot();
    assert_eq!(second.aggregates.as_deref(), Some(&json!({"most": 4})));
    assert!(Arc::ptr_eq(&first.data[0], &second.data[0]), "the row shown is not the one that changed");
}

#[tokio::test]
async fn groups_are_rows_of_the_apps_own_type() {
    let client = Client::open(Registry::default(), Config::default()).unwrap();
    tell(&client, "1", "image", 3).await;
    tell(&client, "2", "text", 5).await;
    let query = Query::from("file").group_by("kind").aggregate("bytes", Aggregate::sum("size"));
    let kinds = client.live_query::<Group>(&query.order_by(desc("bytes")).build().unwrap()).await.unwrap();
    let before = kinds.snapshot();
    tell(&client, "3", "image", 7).await;
    let after = kinds.snapshot();
    let group = |kind: &str, bytes| Arc::new(Group { kind: kind.to_owned(), bytes });
    assert_eq!(after.data, [group("image", 10), group("text", 5)]);
    assert!(Arc::ptr_eq(&after.data[1], &before.data[0]), "the group that did not change");
    assert_eq!(after.aggregates, None);
}
