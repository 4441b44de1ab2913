//! Prints what is in the folder that an engine serves, and then what changes in it.
//!
//! `cargo run -p quickstart-rust -- "ws://127.0.0.1:4600/ws?token=…"`

use std::collections::BTreeMap;
use std::sync::Arc;

use larder_native::query::{Query, asc, field};
use larder_native::registry::ResourceType;
use larder_native::{Client, Config, QueryResult, Registry};

#[derive(serde::Deserialize)]
struct File {
    id: String,
    name: String,
    size: u64,
    is_dir: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let url = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("usage: quickstart-rust <ws url>"))?;
    let registry = Registry::builder().resource(ResourceType::new("file").version("version")).build()?;
    let client = Client::open(registry, Config::default())?;
    let mut errors = client.errors();
    client.connect(&url).await?;

    let root =
        Query::from("file").filter(field("path").child_of("")).order_by(asc("name").natural()).build()?;
    let mut files = client.live_query::<File>(&root).await?;
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

fn print_changes(before: &QueryResult<File>, now: &QueryResult<File>) {
    let mut gone: BTreeMap<_, _> = before.data.iter().map(|file| (&file.id, file)).collect();
    for file in &now.data {
        let sign = match gone.remove(&file.id) {
            // A row that did not change is the same object.
            Some(known) if Arc::ptr_eq(known, file) => continue,
            Some(_) => '~',
            None => '+',
        };
        println!("{sign} {}{} ({} bytes)", file.name, if file.is_dir { "/" } else { "" }, file.size);
    }
    for file in gone.values() {
        println!("- {}", file.name);
    }
}
