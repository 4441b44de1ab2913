//! An engine with a folder, and a client of it.

use std::fs;
use std::path::PathBuf;

use futures_util::{SinkExt, StreamExt};
use larder_engine::{Config, Engine, Stage};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

const TOKEN: &str = "bench";

pub struct Device {
    outer: TempDir,
    pub engine: Engine,
}

impl Device {
    /// With a library, it is one that finds its fellows in this process; without, it listens for them on a socket.
    pub async fn open(library: Option<Uuid>, fill: impl FnOnce(&PathBuf)) -> Self {
        let outer = TempDir::new().unwrap();
        let root = outer.path().join("root");
        fs::create_dir(&root).unwrap();
        fill(&root);
        let engine = Engine::open(config(&outer, library)).await.unwrap();
        Self { outer, engine }
    }

    pub fn database(&self) -> PathBuf {
        self.outer.path().join("larder.sqlite")
    }

    /// Joins the library of another, and is opened again.
    pub async fn join(mut self, host: &Self) -> Self {
        let invitation = host.engine.invite().await.unwrap();
        let asked = host.engine.clone();
        tokio::spawn(async move {
            asked.invitation().wait_for(|stage| matches!(stage, Stage::Asking { .. })).await.unwrap();
            asked.decide(true);
        });
        let address = invitation.addresses[0].to_string();
        self.engine.join(&address, &invitation.code, false).await.unwrap();
        self.engine.shutdown().await;
        let closed = config(&self.outer, None);
        drop(std::mem::replace(&mut self.engine, host.engine.clone()));
        self.engine = loop {
            match Engine::open(closed.clone()).await {
                Ok(engine) => break engine,
                Err(larder_engine::OpenError::InUse(_)) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        };
        self
    }

    pub async fn client(&self) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let engine = self.engine.clone();
        tokio::spawn(async move { engine.serve(listener).await.unwrap() });
        let (socket, _) = connect_async(format!("ws://{address}/ws?token={TOKEN}")).await.unwrap();
        let mut client = Client { socket };
        client.send(json!({"type": "subscribe", "data": {"protocol": 1}})).await;
        client.until(|text| text.contains(r#""type":"synced""#)).await;
        client
    }
}

fn config(outer: &TempDir, library: Option<Uuid>) -> Config {
    let mut config = Config::new(outer.path().join("root"));
    config.database = Some(outer.path().join("larder.sqlite"));
    config.token = Some(TOKEN.to_owned());
    config.library = library;
    if library.is_none() {
        config.devices.listen = Some(([127, 0, 0, 1], 0).into());
    }
    config
}

pub struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    pub async fn send(&mut self, frame: Value) {
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Reads until a message is the one.
    pub async fn until(&mut self, is_it: impl Fn(&str) -> bool) {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) if is_it(&text) => return,
                Some(Ok(_)) => {}
                other => panic!("the connection ended: {other:?}"),
            }
        }
    }

    pub async fn make_tag(&mut self, id: &str) {
        let args = json!({"id": id, "name": id, "color": "#f0a020"});
        self.send(json!({"type": "mutate", "data": {"id": id, "name": "tags.create", "args": args}})).await;
    }
}
