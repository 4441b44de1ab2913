//! An engine over a temporary folder, which can be stopped and started again at the same address, and clients of it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use larder_engine::Engine;
use larder_native::query::{Query, asc, field};
use larder_native::registry::ResourceType;
use larder_native::{Client, Config, LiveQuery, Phase, QueryResult, Registry};
use serde::Deserialize;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const TOKEN: &str = "test-token";
pub const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct File {
    pub id: String,
    pub name: String,
    pub path: String,
}

pub struct Site {
    outer: TempDir,
    port: u16,
    /// So many events the log keeps.
    events: u64,
    running: Option<(Engine, JoinHandle<()>)>,
}

impl Site {
    /// An engine over a folder with these files.
    pub async fn holding(names: &[&str]) -> Self {
        Self::keeping(20_000, names).await
    }

    /// The same, where the log keeps so many events.
    pub async fn keeping(events: u64, names: &[&str]) -> Self {
        let outer = TempDir::new().unwrap();
        fs::create_dir(outer.path().join("root")).unwrap();
        let mut site = Self { outer, port: 0, events, running: None };
        names.iter().for_each(|name| site.write(name));
        site.start().await;
        site
    }

    pub async fn start(&mut self) {
        let mut config = larder_engine::Config::new(self.path(""));
        config.database = Some(self.outer.path().join("larder.sqlite"));
        config.token = Some(TOKEN.to_owned());
        config.log.max_events = self.events;
        let engine = Engine::open(config).await.unwrap();
        let listener = self.listener().await;
        self.port = listener.local_addr().unwrap().port();
        let serving = engine.clone();
        self.running = Some((engine, tokio::spawn(async move { serving.serve(listener).await.unwrap() })));
    }

    /// The port may still be in use by the connections of the run before.
    async fn listener(&self) -> TcpListener {
        let listening = async {
            loop {
                match TcpListener::bind(("127.0.0.1", self.port)).await {
                    Ok(listener) => return listener,
                    Err(_) => sleep(Duration::from_millis(10)).await,
                }
            }
        };
        timeout(PATIENCE, listening).await.unwrap()
    }

    pub async fn stop(&mut self) {
        let (engine, serving) = self.running.take().unwrap();
        engine.shutdown().await;
        serving.await.unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.outer.path().join("root").join(name)
    }

    pub fn write(&self, name: &str) {
        fs::write(self.path(name), name).unwrap();
    }

    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/ws?token={TOKEN}", self.port)
    }

    pub async fn client(&self) -> Client {
        let client = client();
        client.connect(&self.url()).await.unwrap();
        client
    }
}

pub fn client() -> Client {
    let registry =
        Registry::builder().resource(ResourceType::new("file").version("version")).build().unwrap();
    Client::open(registry, Config::default()).unwrap()
}

/// The files of the folder by name, without the folder itself.
pub fn listing() -> Query {
    Query::from("file").filter(field("path").child_of("")).order_by(asc("name")).build().unwrap()
}

pub async fn files(client: &Client) -> LiveQuery<File> {
    client.live_query(&listing()).await.unwrap()
}

pub fn names(result: &QueryResult<File>) -> Vec<&str> {
    result.data.iter().map(|file| file.name.as_str()).collect()
}

/// Waits until these are the files.
pub async fn shows(files: &mut LiveQuery<File>, expected: &[&str]) {
    let shown = async {
        while names(&files.snapshot()) != expected {
            assert!(files.changed().await, "the client is open");
        }
    };
    let in_time = timeout(PATIENCE, shown).await.is_ok();
    assert!(in_time, "{:?} instead of {expected:?}", names(&files.snapshot()));
}

pub async fn reaches(client: &Client, phase: Phase) {
    let mut status = client.watch_status();
    let reached = async {
        while status.get().phase != phase {
            assert!(status.changed().await, "the client is open");
        }
    };
    let in_time = timeout(PATIENCE, reached).await.is_ok();
    assert!(in_time, "{:?} instead of {phase:?}", client.status());
}
