//! Prints the largest files that a backend has, whenever they are others.

use larder::Resource;
use larder_native::query::{Query, desc, field};
use larder_native::{Client, Config};

#[derive(serde::Serialize, serde::Deserialize, Resource)]
struct File {
    id: String,
    #[resource(version)]
    version: u64,
    name: String,
    size: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::open(larder::registry![File]?, Config::default())?;
    client.connect(&std::env::args().nth(1).ok_or("give the address of a backend")?).await?;

    let largest = Query::from(File::NAME).filter(field("is_dir").eq(false)).order_by(desc("size"));
    let mut files = client.live_query::<File>(&largest.limit(20).build()?).await?;
    while files.changed().await {
        let shown = files.snapshot();
        let names: Vec<_> = shown.data.iter().map(|file| &*file.name).collect();
        println!("the largest of {}: {}", shown.total, names.join(", "));
    }
    Ok(())
}
