//! Very many files at once, and a real client: the rows come apart from the one event that stands for them.

use std::fs;

use larder_native::query::{Query, asc, field};
use larder_native::{Client, ClientOptions, LiveQuery};
use serde::Deserialize;

use crate::devices::{pair, site};
use crate::site::TOKEN;

/// More than so many are written in bulk: 5,000.
const FILES: u32 = 5_200;

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct File {
    name: String,
    size: i64,
}

/// What a client of the engine at the address shows of a folder, once it has so many.
async fn until(files: &mut LiveQuery<File>, total: u32) {
    while files.snapshot().total < total {
        assert!(files.changed().await, "the client is open");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_files_that_come_at_once_are_all_there_for_clients_of_both_devices() {
    let (a, mut b) = (site("a.txt").await, site("b.txt").await);
    pair(&a, &mut b).await;
    let mut shown = Vec::new();
    let mut clients = Vec::new();
    for site in [&a, &b] {
        let client = Client::open_with(larder_library::registry(), ClientOptions::new()).unwrap();
        client.connect(&format!("ws://{}/ws?token={TOKEN}", site.address())).await.unwrap();
        let query = Query::from("file").filter(field("extension").eq("jpg")).order_by(asc("name"));
        let files: LiveQuery<File> = client.live_query(&query.build().unwrap()).await.unwrap();
        shown.push(files);
        clients.push(client);
    }
    // Unpacked elsewhere, and moved in at once.
    let outside = a.outside().join("many");
    fs::create_dir(&outside).unwrap();
    for number in 0..FILES {
        fs::write(outside.join(format!("{number:05}.jpg")), b"").unwrap();
    }
    fs::rename(&outside, a.path("many")).unwrap();
    for files in &mut shown {
        until(files, FILES).await;
        let rows = files.snapshot();
        assert_eq!(rows.data.len(), FILES as usize);
        assert!(rows.data.iter().enumerate().all(|(at, file)| file.name == format!("{at:05}.jpg")));
    }
    // Such rows are rows as any others: one that changes is another version, one that goes is gone.
    fs::write(a.path("many/00007.jpg"), b"seven").unwrap();
    fs::remove_file(a.path("many/00008.jpg")).unwrap();
    for files in &mut shown {
        while files.snapshot().total != FILES - 1 || files.snapshot().data[7].size != 5 {
            assert!(files.changed().await, "the client is open");
        }
    }
    for client in clients {
        client.close().await.unwrap();
    }
}
