//! What it costs to begin with a storage, and to have one: `cargo xtask bench --native`.
//!
//! Ratios of one run, of medians: from opening the client to the first window, against reading all of the same rows out of an SQLite
//! table and decoding them with serde_json; and an event with a storage against one without, on the thread that applies it.

// A benchmark speaks by panicking, too.
#![allow(clippy::expect_used, missing_docs)]

mod clock;
mod files;
mod updates;

use std::path::Path;

use clock::{Elapsed, median_of};
use files::{File, ROWS, registry, rows, window};
use larder_native::storage::SqliteStorage;
use larder_native::{Client, ClientOptions, StorageState};

/// How often each is measured; the median counts.
const ROUNDS: usize = 5;

/// A client over the database of this path.
pub fn client(path: &Path) -> Client {
    let options = ClientOptions::new().storage(SqliteStorage::at(path));
    Client::open_with(registry(), options).expect("the registry is right")
}

/// Lets time pass in small parts until it holds.
pub fn wait_until(holds: impl Fn() -> bool) {
    while !holds() {
        std::thread::sleep(std::time::Duration::from_micros(100));
    }
}

/// Stores all rows, with a window on the screen.
fn store(path: &Path) {
    let client = client(path);
    client.apply(files::batch()).wait().expect("the event is right");
    let shown = client.live_query::<File>(&window()).wait().expect("the query is right");
    assert_eq!(shown.snapshot().data.len(), 100);
    client.close().wait().expect("everything is stored");
}

/// Opens it again: until the first window is there, and until all is. What is on the screen must be what was.
fn open(path: &Path) -> (Elapsed, Elapsed, Elapsed) {
    let began = Elapsed::begin();
    let client = client(path);
    let shown = client.live_query::<File>(&window()).wait().expect("the query is right");
    wait_until(|| shown.snapshot().data.len() == 100);
    let first = began.end();
    let is_before_the_rest = client.status().storage == StorageState::Restoring;
    assert!(is_before_the_rest, "the first window is there before the rest");
    wait_until(|| client.status().storage != StorageState::Restoring);
    let whole = began.end();
    let stats = client.stats().wait().expect("the client is open");
    assert_eq!(stats.entities as usize, ROWS);
    let names: Vec<String> = shown.snapshot().data.iter().map(|file| file.name.clone()).collect();
    let mut expected: Vec<String> = (0..ROWS).map(files::name).collect();
    expected.sort();
    assert_eq!(names, expected.get(..100).unwrap_or_default(), "it is the right window");
    client.close().wait().expect("it was opened");
    (first, whole, began.end())
}

/// The same rows as an app keeps them without a cache: one row of a table for each.
fn fill_table(path: &Path) {
    let mut connection = rusqlite::Connection::open(path).expect("the folder is there");
    connection
        .execute_batch("CREATE TABLE file (id TEXT PRIMARY KEY, json TEXT NOT NULL)")
        .expect("it is new");
    let transaction = connection.transaction().expect("nobody else has it");
    for (id, json) in rows() {
        transaction.execute("INSERT INTO file VALUES (?1, ?2)", (&id, &json)).expect("the id is new");
    }
    transaction.commit().expect("there is room");
}

/// Reads all of them and decodes each.
fn read_table(path: &Path) -> Elapsed {
    let began = Elapsed::begin();
    let connection = rusqlite::Connection::open(path).expect("it is there");
    let mut statement = connection.prepare("SELECT json FROM file").expect("there is the table");
    let mut rows = statement.query(()).expect("it is a query");
    let mut files = Vec::new();
    while let Some(row) = rows.next().expect("the database is whole") {
        let json = row.get_ref(0).ok().and_then(|json| json.as_str().ok()).unwrap_or_default();
        files.push(serde_json::from_str::<File>(json).expect("the row is right"));
    }
    let elapsed = began.end();
    assert_eq!(files.len(), ROWS);
    elapsed
}

fn main() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let (kept, table) = (folder.path().join("kept.sqlite"), folder.path().join("table.sqlite"));
    store(&kept);
    fill_table(&table);
    let (mut first, mut whole, mut read) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (to_first, to_whole, _) = open(&kept);
        first.push(to_first);
        whole.push(to_whole);
        read.push(read_table(&table));
    }
    let (first, whole, read) = (median_of(&first), median_of(&whole), median_of(&read));
    println!("{ROWS} rows                                              clock        CPU");
    println!("read all from SQLite and decode with serde_json   {read}");
    let met = first.is_at_most(0.1, read);
    println!(
        "open to the first window                          {first}  {}  wanted <= 0.1x: {met}",
        first.against(read)
    );
    println!("open until all rows are there                     {whole}  {}", whole.against(read));
    let (without, with) = updates::measure(folder.path());
    println!("one event, on the thread that applies it");
    println!("without a storage                                 {without}");
    let met = with.is_at_most(3.0, without);
    println!(
        "with SQLite                                       {with}  {}  wanted <= 3x: {met}",
        with.against(without)
    );
}
