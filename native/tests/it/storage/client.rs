//! Clients that are closed, dropped and opened again over one storage.

use larder_native::query::{Query, asc};
use larder_native::storage::{Batch, MemoryStorage, SqliteStorage, Storage, StorageError, StorageErrorKind};
use larder_native::{Client, ClientOptions, Error, LiveQuery, Registry, StorageState, upsert};
use serde::Deserialize;
use serde_json::json;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::site::PATIENCE;

#[derive(Debug, PartialEq, Deserialize)]
struct Tag {
    name: String,
}

fn open(storage: impl Storage) -> Client {
    Client::open_with(Registry::default(), ClientOptions::new().storage(storage)).unwrap()
}

fn tags() -> Query {
    Query::from("tag").order_by(asc("name")).build().unwrap()
}

async fn tell(client: &Client, id: &str, name: &str) {
    let event = json!({"ResourceChanged": {"resource_type": "tag", "resource": {"id": id, "name": name}}});
    client.apply(event.to_string()).await.unwrap();
}

fn names(live: &LiveQuery<Tag>) -> Vec<String> {
    live.snapshot().data.iter().map(|tag| tag.name.clone()).collect()
}

/// Waits until these are the tags.
async fn shows(live: &mut LiveQuery<Tag>, expected: &[&str]) {
    let shown = async {
        while names(live) != expected {
            assert!(live.changed().await, "the client is open");
        }
    };
    let in_time = timeout(PATIENCE, shown).await.is_ok();
    assert!(in_time, "{:?} instead of {expected:?}", names(live));
}

#[tokio::test]
async fn rows_and_edits_that_were_not_sent_are_there_when_the_client_is_opened_again() {
    let folder = TempDir::new().unwrap();
    let place = || SqliteStorage::at(folder.path().join("deep").join("cache.sqlite"));
    let client = open(place());
    assert_eq!(client.stats().await.unwrap().entities, 0);
    assert_eq!(client.status().storage, StorageState::Ready);
    tell(&client, "1", "red").await;
    tell(&client, "2", "blue").await;
    let green = json!({"id": "3", "name": "green"});
    let edit = client.mutate("tags.create", &green, [upsert("tag", &green).unwrap()]);
    let id = edit.id().to_owned();
    client.close().await.unwrap();
    assert_eq!(edit.await.unwrap_err().kind(), "client.closed");

    let client = open(place());
    let mut live = client.live_query::<Tag>(&tags()).await.unwrap();
    shows(&mut live, &["blue", "green", "red"]).await;
    assert_eq!(client.pending().await.unwrap()[0].id, id);
    client.close().await.unwrap();
}

#[tokio::test]
async fn what_was_flushed_is_there_although_the_client_was_never_closed() {
    let disk = MemoryStorage::default();
    let client = open(disk.clone());
    tell(&client, "1", "red").await;
    client.flush().await.unwrap();
    // Another process would see the same: nothing more is written by this one.
    let mut copy = MemoryStorage::default();
    client.close().await.unwrap();
    let mut source = disk.clone();
    let keys: Vec<String> = source.keys().unwrap().into_iter().map(|(key, _)| key).collect();
    let names: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut batch = Batch::new(0);
    for (key, value) in names.iter().zip(source.read(&names).unwrap()) {
        batch.put(key, &value.unwrap());
    }
    copy.commit(&batch).unwrap();
    copy.close().unwrap();
    let mut live = open(copy).live_query::<Tag>(&tags()).await.unwrap();
    shows(&mut live, &["red"]).await;
}

#[tokio::test]
async fn changes_are_stored_by_and_by_without_being_asked_to() {
    let disk = MemoryStorage::default();
    let client = open(disk.clone());
    tell(&client, "1", "red").await;
    // Dropping is closing, but for nobody waiting.
    drop(client);
    let stored = async {
        loop {
            if let Ok(keys) = disk.clone().keys()
                && keys.iter().any(|(key, _)| key.starts_with("rows/"))
            {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, stored).await.unwrap();
}

#[tokio::test]
async fn a_client_goes_on_in_memory_where_another_has_the_storage_and_says_so() {
    let folder = TempDir::new().unwrap();
    let place = || SqliteStorage::at(folder.path().join("cache.sqlite"));
    let first = open(place());
    tell(&first, "1", "red").await;
    let second = open(place());
    let mut errors = second.errors();
    tell(&second, "1", "blue").await;
    assert_eq!(second.status().storage, StorageState::Failed);
    assert_eq!(errors.next().await.unwrap().kind(), "storage.locked");
    let live = second.live_query::<Tag>(&tags()).await.unwrap();
    assert_eq!(names(&live), ["blue"]);
    second.close().await.unwrap();
    first.close().await.unwrap();
    let mut live = open(place()).live_query::<Tag>(&tags()).await.unwrap();
    shows(&mut live, &["red"]).await;
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_lost_while_the_client_runs() {
    let client = open(MemoryStorage::default().most_bytes(100));
    let mut errors = client.errors();
    tell(&client, "1", &"red ".repeat(100)).await;
    let edit = client.mutate("tags.touch", &json!({}), []);
    assert_eq!(client.flush().await.unwrap_err().kind(), "storage.quota_exceeded");
    assert_eq!(errors.next().await.unwrap().kind(), "storage.quota_exceeded");
    assert_eq!(client.status().storage, StorageState::Failed);
    assert_eq!(client.stats().await.unwrap().entities, 1);
    assert_eq!(client.pending().await.unwrap().len(), 1);
    drop(edit);
    assert_eq!(client.close().await.unwrap_err().kind(), "storage.quota_exceeded");
}

#[tokio::test]
async fn a_client_that_is_closed_and_wiped_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let client = open(SqliteStorage::at(folder.path().join("cache.sqlite")));
    tell(&client, "1", "red").await;
    client.flush().await.unwrap();
    client.close_and_wipe().await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

struct Panicking;

impl Storage for Panicking {
    fn keys(&mut self) -> Result<Vec<(String, u64)>, StorageError> {
        std::panic::resume_unwind(Box::new("a storage of the app panics"))
    }

    fn read(&mut self, _: &[&str]) -> Result<Vec<Option<Vec<u8>>>, StorageError> {
        Ok(Vec::new())
    }

    fn commit(&mut self, _: &Batch) -> Result<(), StorageError> {
        Err(StorageError::new(StorageErrorKind::Io, "not open"))
    }

    fn wipe(&mut self) -> Result<(), StorageError> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), StorageError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_storage_that_panics_is_one_that_failed() {
    let client = open(Panicking);
    tell(&client, "1", "red").await;
    assert_eq!(client.status().storage, StorageState::Failed);
    assert!(matches!(client.close().await, Ok(()) | Err(Error::Storage(_))));
}
