//! An engine over a temporary folder.

use std::fs;

use larder_engine::Engine;
use larder_native::{Client, Config};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub struct Site {
    outer: TempDir,
    pub url: String,
}

impl Site {
    /// An engine over a folder with these files, each as large as its name is long.
    pub async fn holding(names: &[&str]) -> Self {
        let outer = TempDir::new().unwrap();
        fs::create_dir(outer.path().join("root")).unwrap();
        let mut site = Self { outer, url: String::new() };
        names.iter().for_each(|name| site.write(name, name));

        let mut config = larder_engine::Config::new(site.outer.path().join("root"));
        config.database = Some(site.outer.path().join("larder.sqlite"));
        config.token = Some("test-token".to_owned());
        let engine = Engine::open(config).await.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        site.url = format!("ws://127.0.0.1:{port}/ws?token=test-token");
        tokio::spawn(async move { engine.serve(listener).await.unwrap() });
        site
    }

    pub fn write(&self, name: &str, content: &str) {
        fs::write(self.outer.path().join("root").join(name), content).unwrap();
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.outer.path().join("root").join(name)).unwrap();
    }

    /// Another client, as a user elsewhere would have.
    pub async fn client(&self) -> Client {
        let client = Client::open(larder_library::registry(), Config::default()).unwrap();
        client.connect(&self.url).await.unwrap();
        client
    }
}
