//! The app that is killed: the native client with its storage in a file. It edits without end, and says on standard error what it has
//! made, what its storage has, and what the engine has answered.

use std::env;
use std::fs;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use larder_native::query::{Query, asc, field};
use larder_native::registry::ResourceType;
use larder_native::storage::SqliteStorage;
use larder_native::{Client, ClientOptions, LiveQuery, MutationHandle, Phase, Registry, merge, upsert};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::sleep;

/// The file that says where the engine is.
pub const ADDRESS: &str = "LARDER_KILLED_ADDRESS";
/// The file of the storage.
pub const STORAGE: &str = "LARDER_KILLED_APP_STORAGE";
/// The number of the first edit; without one, nothing is edited, and what is left is sent.
pub const FROM: &str = "LARDER_KILLED_FROM";
/// What decides which edits are made.
pub const SEED: &str = "LARDER_KILLED_SEED";

/// How many files there are: `0-0.txt` and so on, the number of the file and that of the edit which named it.
pub const FILES: u64 = 6;
/// So many edits may wait for an answer.
const OUTSTANDING: usize = 12;

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct File {
    id: String,
    name: String,
    favorite: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Tag {
    name: String,
}

/// What an edit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    MakeTag,
    Rename { file: u64 },
    Favorite { file: u64, is_favorite: bool },
}

/// What the edit of this number does.
pub fn what(seed: u64, number: u64) -> What {
    let mut mixed = (seed ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^= mixed >> 29;
    let file = mixed % FILES;
    match mixed >> 8 & 3 {
        0 | 1 => What::MakeTag,
        2 => What::Rename { file },
        _ => What::Favorite { file, is_favorite: mixed >> 16 & 1 == 1 },
    }
}

/// Says a line in one piece: who is killed in the middle of it has said nothing.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

#[test]
#[ignore = "it is the process that is killed"]
fn edits_until_it_is_killed() {
    let (Ok(address), Ok(storage), Some(seed)) = (env::var(ADDRESS), env::var(STORAGE), number(SEED)) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let registry = Registry::builder()
            .resource(ResourceType::new("file").version("version"))
            .resource(ResourceType::new("tag").version("version"))
            .build()
            .unwrap();
        let options = ClientOptions::new().storage(SqliteStorage::at(storage));
        let client = Client::open_with(registry, options).unwrap();
        client.connect_with(move || fs::read_to_string(&address).unwrap()).await.unwrap();
        let query =
            Query::from("file").filter(field("path").child_of("")).order_by(asc("name")).build().unwrap();
        let mut files: LiveQuery<File> = client.live_query(&query).await.unwrap();
        while files.snapshot().data.len() < FILES as usize {
            assert!(files.changed().await, "the client is open");
        }
        match number(FROM) {
            Some(from) => edit(&client, &files, seed, from).await,
            None => rest(&client, &files).await,
        }
    });
}

async fn edit(client: &Client, files: &LiveQuery<File>, seed: u64, from: u64) {
    let free = Arc::new(Semaphore::new(OUTSTANDING));
    for number in from.. {
        let permit = Arc::clone(&free).acquire_owned().await.unwrap();
        say(&format!("made {number}"));
        let mut edit = make(client, files, what(seed, number), number);
        edit.shown().await.unwrap();
        if number % 3 == 0 && client.flush().await.is_ok() {
            say(&format!("stored {number}"));
        }
        tokio::spawn(async move {
            match edit.settled().await {
                Ok(()) => say(&format!("done {number}")),
                Err(error) => say(&format!("refused {number} {error}")),
            }
            drop(permit);
        });
    }
}

fn make(client: &Client, files: &LiveQuery<File>, what: What, number: u64) -> MutationHandle {
    let id_of = |file: u64| {
        let files = files.snapshot();
        let is_it = |row: &&Arc<File>| row.name.starts_with(&format!("{file}-"));
        files.data.iter().find(is_it).map(|row| row.id.clone()).unwrap()
    };
    match what {
        What::MakeTag => {
            let tag =
                json!({"id": format!("t{number}"), "name": format!("tag {number}"), "color": "#ff0000"});
            client.mutate("tags.create", &tag, [upsert("tag", &tag).unwrap()])
        }
        What::Rename { file } => {
            let (id, name) = (id_of(file), format!("{file}-{number}.txt"));
            let shown = merge("file", &id, &json!({"name": name, "path": name})).unwrap();
            client.mutate("files.rename", &json!({"id": id, "name": name}), [shown])
        }
        What::Favorite { file, is_favorite } => {
            let id = id_of(file);
            let shown = merge("file", &id, &json!({"favorite": is_favorite})).unwrap();
            client.mutate("files.favorite", &json!({"id": id, "favorite": is_favorite}), [shown])
        }
    }
}

/// Nothing more is edited; when nothing is left to be sent, it says what it shows.
async fn rest(client: &Client, files: &LiveQuery<File>) {
    while client.status().pending > 0 || client.status().phase != Phase::Live {
        sleep(Duration::from_millis(5)).await;
    }
    let query = Query::from("tag").order_by(asc("name")).build().unwrap();
    let tags: LiveQuery<Tag> = client.live_query(&query).await.unwrap();
    let tags: Vec<String> = tags.snapshot().data.iter().map(|tag| tag.name.clone()).collect();
    let files: Vec<_> = files.snapshot().data.iter().map(|file| json!([file.name, file.favorite])).collect();
    say(&format!("shows {}", json!({"tags": tags, "files": files})));
    client.close().await.unwrap();
}
