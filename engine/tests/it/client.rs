//! A WebSocket client and what it knows: a replica that follows the protocol to the letter and complains when the engine does not.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

use crate::site::PATIENCE;

pub struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub replica: Replica,
    mutations: u32,
}

/// The state that the messages add up to.
#[derive(Debug, Default, Clone)]
pub struct Replica {
    pub epoch: String,
    pub scope: String,
    /// By type and id.
    pub rows: BTreeMap<(String, String), Value>,
    pub cursor: u64,
    pub synced: bool,
    /// Reasons of the copies that came.
    pub resyncs: Vec<String>,
    /// Every event that was not part of a copy.
    pub events: Vec<Value>,
    /// Every frame but the events.
    pub frames: Vec<Value>,
    filtered: bool,
    /// Rows that came without a place in the log, for a bulk event: later events may have them again.
    ahead: BTreeSet<(String, String)>,
    copying: Option<u64>,
}

impl Client {
    pub async fn connect(address: SocketAddr, token: &str) -> Self {
        let (socket, _) = connect_async(format!("ws://{address}/ws?token={token}")).await.unwrap();
        Self { socket, replica: Replica::default(), mutations: 0 }
    }

    /// A connection that buffers little, so that not reading is soon felt at the other end.
    pub async fn connect_narrow(address: SocketAddr, token: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(8 << 10).unwrap();
        let stream = MaybeTlsStream::Plain(socket.connect(address).await.unwrap());
        let (socket, _) = client_async(format!("ws://{address}/ws?token={token}"), stream).await.unwrap();
        Self { socket, replica: Replica::default(), mutations: 0 }
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub async fn send_text(&mut self, text: &str) {
        self.send_raw(Message::text(text)).await;
    }

    pub async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// Subscribes to everything, from where the replica is.
    pub async fn subscribe(&mut self) {
        self.subscribe_to(None).await;
    }

    pub async fn subscribe_to(&mut self, types: Option<&[&str]>) {
        let mut data = json!({"protocol": 1});
        if !self.replica.epoch.is_empty() {
            data["since"] = self.replica.cursor.into();
            data["epoch"] = self.replica.epoch.clone().into();
        }
        if let Some(types) = types {
            data["types"] = json!(types);
        }
        self.replica.filtered = types.is_some();
        self.replica.synced = false;
        self.send(json!({"type": "subscribe", "data": data})).await;
        self.until("the subscription is synced", |replica| replica.synced).await;
    }

    /// Goes on as the replica of a client that was connected before.
    pub fn continuing(mut self, replica: Replica) -> Self {
        self.replica = replica;
        self
    }

    /// The next message; `None` when the connection is closed.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match self.socket.next().await? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Reads, and so answers, until so many pings have come. `false`: the connection was closed before.
    pub async fn pings(&mut self, mut count: usize) -> bool {
        while count > 0 {
            match self.socket.next().await {
                Some(Ok(Message::Ping(_))) => count -= 1,
                None | Some(Ok(Message::Close(_)) | Err(_)) => return false,
                Some(Ok(_)) => {}
            }
        }
        true
    }

    /// Follows the stream until the condition holds.
    pub async fn until(&mut self, what: &str, mut holds: impl FnMut(&Replica) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(&self.replica) {
            match timeout_at(deadline, self.next()).await {
                Ok(Some(message)) => self.replica.apply(message),
                Ok(None) => panic!("the connection closed before: {what}; {}", self.replica.summary()),
                Err(_) => panic!("too long waiting until: {what}; {}", self.replica.summary()),
            }
        }
    }

    /// Parents, paths and counts fit together, when the count of the last changes is here too.
    pub async fn assert_sound(&mut self) {
        self.until("the count is right", |replica| {
            replica.of("location").all(|location| {
                let files = replica.of("file").filter(|row| row["location_id"] == location["id"]);
                location["file_count"] == files.filter(|row| row["is_dir"] == false).count()
            })
        })
        .await;
        self.replica.assert_sound();
    }

    /// Takes in what comes for a while, to see that nothing comes.
    pub async fn idle(&mut self, time: Duration) {
        while let Ok(Some(message)) = timeout(time, self.next()).await {
            self.replica.apply(message);
        }
    }

    /// Sends a mutation and waits for its answer and, if it was applied, its event. `Err` is the kind of the refusal.
    pub async fn mutate(&mut self, name: &str, args: Value) -> Result<u64, String> {
        self.mutations += 1;
        let id = format!("{}-{}", name, self.mutations);
        self.mutate_as(&id, name, args).await
    }

    pub async fn mutate_as(&mut self, id: &str, name: &str, args: Value) -> Result<u64, String> {
        let before = self.replica.frames.len();
        self.send(json!({"type": "mutate", "data": {"id": id, "name": name, "args": args}})).await;
        let answer = |replica: &Replica| {
            replica.frames[before..]
                .iter()
                .find(|frame| {
                    frame["data"]["id"] == id && (frame["type"] == "ack" || frame["type"] == "reject")
                })
                .cloned()
        };
        self.until("the mutation is answered", |replica| answer(replica).is_some()).await;
        let answer = answer(&self.replica).unwrap();
        if answer["type"] == "reject" {
            assert!(!answer["data"]["message"].as_str().unwrap().is_empty());
            return Err(answer["data"]["kind"].as_str().unwrap().to_owned());
        }
        let sequence = answer["data"]["sequence"].as_u64().unwrap();
        if !self.replica.filtered {
            self.until("the mutation's event is here", |replica| replica.cursor >= sequence).await;
        }
        Ok(sequence)
    }

    /// Asks and waits for the answer. `Err` is the kind of the failure.
    pub async fn query(&mut self, method: &str, input: Value) -> Result<Value, String> {
        let before = self.replica.frames.len();
        self.send(json!({"type": "query", "data": {"id": "q", "method": method, "input": input}})).await;
        let is_answer = |frame: &&Value| frame["type"] == "result" || frame["type"] == "failed";
        self.until("the question is answered", |replica| {
            replica.frames[before..].iter().any(|frame| is_answer(&frame))
        })
        .await;
        let answer = self.replica.frames[before..].iter().find(is_answer).unwrap();
        match answer["type"].as_str() {
            Some("result") => Ok(answer["data"]["data"].clone()),
            _ => Err(answer["data"]["kind"].as_str().unwrap().to_owned()),
        }
    }
}

impl Replica {
    /// Takes in one message.
    pub fn apply(&mut self, message: Value) {
        if message.get("envelope").is_some() {
            return self.event(message);
        }
        if let Some(batch) = message.get("ResourceChangedBatch") {
            let resource_type = batch["resource_type"].as_str().unwrap();
            for resource in batch["resources"].as_array().unwrap() {
                let key = (resource_type.to_owned(), resource["id"].as_str().unwrap().to_owned());
                self.ahead.insert(key.clone());
                self.rows.insert(key, resource.clone());
            }
            return;
        }
        let data = &message["data"];
        match message["type"].as_str().unwrap() {
            "welcome" => {
                self.epoch = data["epoch"].as_str().unwrap().to_owned();
                self.scope = data["scope"].as_str().unwrap().to_owned();
            }
            "resync" => {
                self.resyncs.push(data["reason"].as_str().unwrap().to_owned());
                self.rows.clear();
                self.ahead.clear();
                self.synced = false;
                self.copying = data["sequence"].as_u64();
            }
            "synced" => {
                let sequence = data["sequence"].as_u64().unwrap();
                if let Some(copied) = self.copying.take() {
                    assert_eq!(sequence, copied);
                } else if !self.filtered {
                    assert_eq!(sequence, self.cursor, "synced means that everything has been sent");
                }
                self.cursor = sequence;
                self.synced = true;
            }
            _ => {}
        }
        self.frames.push(message);
    }

    fn event(&mut self, event: Value) {
        let envelope = &event["envelope"];
        assert_eq!(envelope["library_id"], self.scope);
        let sequence = envelope["sequence"].as_u64().unwrap();
        match self.copying {
            Some(copied) => assert_eq!(sequence, copied, "events of a copy carry its sequence"),
            None => {
                let previous =
                    if self.filtered { envelope["previous"].as_u64().unwrap() } else { sequence - 1 };
                assert_eq!(previous, self.cursor, "there is a gap: {event}");
                self.cursor = sequence;
            }
        }
        let data = &event["kind"]["data"];
        let resource_type = data["resource_type"].as_str().unwrap_or_default().to_owned();
        match event["kind"]["type"].as_str().unwrap() {
            "ResourceChanged" => self.set(resource_type, &data["resource"]),
            "ResourceBatchChanged" => {
                let resources = data["resources"].as_array().unwrap();
                assert!(!resources.is_empty() && resources.len() <= 1000, "a batch of {}", resources.len());
                resources.iter().for_each(|resource| self.set(resource_type.clone(), resource));
            }
            "ResourceDeleted" => {
                let key = (resource_type, data["resource_id"].as_str().unwrap().to_owned());
                let was_there = self.rows.remove(&key).is_some();
                assert!(was_there || !self.ahead.is_empty(), "{key:?} was not there to be deleted");
            }
            _ => {}
        }
        if self.copying.is_none() {
            self.events.push(event);
        }
    }

    fn set(&mut self, resource_type: String, resource: &Value) {
        let key = (resource_type, resource["id"].as_str().unwrap().to_owned());
        if self.ahead.contains(&key) {
            let version = |row: &Value| row["version"].as_u64().unwrap();
            if self.rows.get(&key).is_none_or(|old| version(old) < version(resource)) {
                self.rows.insert(key, resource.clone());
            }
            return;
        }
        if let Some(old) = self.rows.insert(key, resource.clone())
            && self.copying.is_none()
        {
            let (old, new) = (old["version"].as_u64().unwrap(), resource["version"].as_u64().unwrap());
            assert_eq!(new, old + 1, "each change is the next version: {resource}");
        }
    }

    pub fn of(&self, resource_type: &str) -> impl Iterator<Item = &Value> {
        self.rows.iter().filter(move |((own, _), _)| own == resource_type).map(|(_, row)| row)
    }

    /// The row of the file at a path.
    pub fn file(&self, path: &str) -> Option<&Value> {
        self.of("file").find(|row| row["path"] == path)
    }

    pub fn id(&self, path: &str) -> String {
        let row = self.file(path).unwrap_or_else(|| panic!("no row for {path}; {}", self.summary()));
        row["id"].as_str().unwrap().to_owned()
    }

    /// The paths of all files but the root, sorted.
    pub fn listing(&self) -> Vec<String> {
        let mut paths: Vec<String> = self
            .of("file")
            .map(|row| row["path"].as_str().unwrap().to_owned())
            .filter(|path| !path.is_empty())
            .collect();
        paths.sort();
        paths
    }

    pub fn location(&self) -> &Value {
        self.of("location").next().unwrap()
    }

    pub fn is_ready(&self) -> bool {
        let mut locations = self.of("location").peekable();
        locations.peek().is_some() && locations.all(|row| row["scan_state"] == "ready")
    }

    /// The events of one kind.
    pub fn notices(&self, kind: &str) -> Vec<&Value> {
        self.events
            .iter()
            .filter(|event| event["kind"]["type"] == kind)
            .map(|event| &event["kind"]["data"])
            .collect()
    }

    /// Parents and paths fit together.
    fn assert_sound(&self) {
        for row in self.of("file") {
            let (path, name) = (row["path"].as_str().unwrap(), row["name"].as_str().unwrap());
            let Some(parent) = row["parent_id"].as_str() else {
                assert_eq!(path, "", "only the root has no parent");
                continue;
            };
            let parent = &self.rows[&("file".to_owned(), parent.to_owned())];
            let expected = match parent["path"].as_str().unwrap() {
                "" => name.to_owned(),
                above => format!("{above}/{name}"),
            };
            assert_eq!(path, expected);
            assert_eq!(parent["is_dir"], true);
        }
    }

    pub fn summary(&self) -> String {
        let last = self.events.len().saturating_sub(5);
        let frames = self.frames.len().saturating_sub(5);
        format!(
            "cursor {}, files {:?}, last events {:#?}, last frames {:#?}",
            self.cursor,
            self.listing().into_iter().take(30).collect::<Vec<_>>(),
            &self.events[last..],
            &self.frames[frames..]
        )
    }
}
