//! Prints what is in the folder that an engine serves, and then what changes in it.
//!
//! `cargo run -p quickstart-rust -- "ws://127.0.0.1:4600/ws?token=…"`

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use larder_library::{File, Tag};
use larder_native::query::{Query, asc, field};
use larder_native::{Client, Config, QueryResult};

/// A file as the query shows it: the row, and the tags that it leads to.
#[derive(serde::Deserialize)]
struct Listed {
    #[serde(flatten)]
    file: File,
    tags: Vec<Tag>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = std::env::args().nth(1).context("usage: quickstart-rust <ws url>")?;
    let client = Client::open(larder_library::registry(), Config::default())?;
    let mut errors = client.errors();
    client.connect(&url).await?;

    let root = Query::from("file").filter(field("path").child_of("")).order_by(asc("name").natural());
    let mut files = client.live_query::<Listed>(&root.include("tags").build()?).await?;
    let mut before = Arc::new(QueryResult::default());
    loop {
        tokio::select! {
            open = files.changed() => if !open { return Ok(()) },
            Some(error) = errors.next() => eprintln!("{error}"),
        }
        let now = files.snapshot();
        print_changes(&before, &now);
        before = now;
    }
}

fn print_changes(before: &QueryResult<Listed>, now: &QueryResult<Listed>) {
    let mut gone: BTreeMap<_, _> = before.data.iter().map(|row| (row.file.id, row)).collect();
    for row in &now.data {
        let sign = match gone.remove(&row.file.id) {
            // A row that did not change, and whose tags did not, is the same object.
            Some(known) if Arc::ptr_eq(known, row) => continue,
            Some(_) => '~',
            None => '+',
        };
        let tags: String = row.tags.iter().map(|tag| format!(" [{}]", tag.name)).collect();
        let slash = if row.file.is_dir { "/" } else { "" };
        println!("{sign} {}{slash} ({} bytes){tags}", row.file.name, row.file.size);
    }
    gone.into_values().for_each(|row| println!("- {}", row.file.name));
}
