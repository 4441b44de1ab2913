//! A line between a client and an engine that notes what goes by, and breaks when it is told to.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{accept_async, connect_async};

/// What went by, on all connections.
#[derive(Debug, Default)]
pub struct Seen {
    /// Where each subscription began.
    pub since: Vec<Option<u64>>,
    /// The sequences of the events, without those of copies.
    pub sequences: Vec<u64>,
    /// The reasons of copies.
    pub resyncs: Vec<String>,
    /// The connection breaks behind so many more events.
    pub breaks_after: Option<usize>,
    copies: bool,
}

pub struct Line {
    pub url: String,
    pub seen: Arc<Mutex<Seen>>,
}

impl Line {
    /// A line to the engine at this address.
    pub async fn to(engine: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/ws", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(carry(stream, engine.clone(), Arc::clone(&shared)));
            }
        });
        Self { url, seen }
    }
}

async fn carry(stream: TcpStream, engine: String, seen: Arc<Mutex<Seen>>) {
    let Ok(mut client) = accept_async(stream).await else { return };
    let Ok((mut engine, _)) = connect_async(engine).await else { return };
    loop {
        tokio::select! {
            message = client.next() => {
                let Some(Ok(message)) = message else { return };
                if let Message::Text(text) = &message {
                    let frame: Value = serde_json::from_str(text).unwrap();
                    if frame["type"] == "subscribe" {
                        seen.lock().unwrap().since.push(frame["data"]["since"].as_u64());
                    }
                }
                if engine.send(message).await.is_err() {
                    return;
                }
            }
            message = engine.next() => {
                let Some(Ok(message)) = message else { return };
                let breaks = matches!(&message, Message::Text(text) if seen.lock().unwrap().note(text));
                if client.send(message).await.is_err() || breaks {
                    return;
                }
            }
        }
    }
}

impl Seen {
    /// Whether the line breaks behind this message.
    fn note(&mut self, text: &str) -> bool {
        let message: Value = serde_json::from_str(text).unwrap();
        match message["type"].as_str() {
            Some("resync") => {
                self.copies = true;
                self.resyncs.push(message["data"]["reason"].as_str().unwrap().to_owned());
            }
            Some("synced") => self.copies = false,
            _ => {}
        }
        let Some(sequence) = message["envelope"]["sequence"].as_u64().filter(|_| !self.copies) else {
            return false;
        };
        self.sequences.push(sequence);
        let left = self.breaks_after.map(|left| left - 1);
        self.breaks_after = left.filter(|&left| left > 0);
        left == Some(0)
    }
}
