//! An engine over a temporary folder, which can be stopped, killed and started again.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use larder_engine::{Config, Engine, OpenError};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::client::{Client, Replica};

pub const TOKEN: &str = "test-token";
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Site {
    // Two folders, so that the database is outside of what it mirrors.
    outer: TempDir,
    configure: fn(&mut Config),
    running: Option<Running>,
}

struct Running {
    engine: Engine,
    address: SocketAddr,
    /// When it was started, in milliseconds since 1970.
    since_ms: u64,
    serving: JoinHandle<()>,
}

impl Site {
    /// An engine over an empty folder.
    pub async fn empty() -> Self {
        Self::with(|_| {}, |_| {}).await
    }

    /// An engine over a folder with these files.
    pub async fn holding(paths: &[&str]) -> Self {
        let site = Self::prepared(|_| {});
        paths.iter().for_each(|path| site.write(path, path));
        site.started().await
    }

    /// An engine over a folder made by `fill`.
    pub async fn with(configure: fn(&mut Config), fill: impl FnOnce(&Self)) -> Self {
        let site = Self::prepared(configure);
        fill(&site);
        site.started().await
    }

    /// A folder that no engine serves yet.
    pub fn prepared(configure: fn(&mut Config)) -> Self {
        let outer = TempDir::new().unwrap();
        fs::create_dir(outer.path().join("root")).unwrap();
        Self { outer, configure, running: None }
    }

    async fn started(mut self) -> Self {
        self.start().await;
        self
    }

    /// What the engine is told.
    pub fn config(&self) -> Config {
        let mut config = Config::new(self.root());
        config.database = Some(self.database());
        config.token = Some(TOKEN.to_owned());
        config.watch.root_check = Duration::from_millis(100);
        (self.configure)(&mut config);
        config
    }

    /// Tells the engine something else from the next start on.
    pub fn reconfigure(&mut self, configure: fn(&mut Config)) {
        self.configure = configure;
    }

    pub async fn start(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let since_ms = u64::try_from(since.as_millis()).unwrap();
        let engine = loop {
            match Engine::open(self.config()).await {
                Ok(engine) => break engine,
                // One that was killed may still be ending its last transaction.
                Err(OpenError::InUse(_)) if Instant::now() < deadline => {
                    sleep(Duration::from_millis(10)).await
                }
                Err(error) => panic!("{error}"),
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn({
            let engine = engine.clone();
            async move { engine.serve(listener).await.unwrap() }
        });
        self.running = Some(Running { engine, address, since_ms, serving });
    }

    pub async fn stop(&mut self) {
        let Running { engine, serving, .. } = self.running.take().unwrap();
        engine.shutdown().await;
        serving.await.unwrap();
    }

    /// Ends it without any chance to tidy up.
    pub async fn kill(&mut self) {
        let Running { engine, serving, .. } = self.running.take().unwrap();
        serving.abort();
        let _ = serving.await;
        drop(engine);
    }

    pub fn engine(&self) -> &Engine {
        &self.running.as_ref().unwrap().engine
    }

    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().address
    }

    /// A client that has subscribed to everything and caught up with what is on the disk, and with how that was told.
    pub async fn client(&self) -> Client {
        let mut client = self.connect().await;
        client.subscribe().await;
        let since_ms = self.running.as_ref().unwrap().since_ms;
        let is_told = |job: &Value| {
            job["kind"] == "index" && job["state"] == "done" && job["updated_ms"].as_u64() >= Some(since_ms)
        };
        let is_quiet = |replica: &Replica| replica.is_ready() && replica.of("job").any(is_told);
        client.until("the folder is scanned", is_quiet).await;
        client
    }

    /// A client that has not said anything yet.
    pub async fn connect(&self) -> Client {
        Client::connect(self.address(), TOKEN).await
    }

    pub fn database(&self) -> PathBuf {
        self.outer.path().join("larder.sqlite")
    }

    pub fn outside(&self) -> &Path {
        self.outer.path()
    }

    pub fn root(&self) -> PathBuf {
        self.outer.path().join("root")
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, content: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// The paths that are on the disk, sorted, without `.git`.
    pub fn listing(&self) -> Vec<String> {
        let mut paths = Vec::new();
        list(&self.root(), "", &mut paths);
        paths.sort();
        paths
    }
}

fn list(folder: &Path, prefix: &str, paths: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            list(&entry.path(), &format!("{path}/"), paths);
        }
        paths.push(path);
    }
}
