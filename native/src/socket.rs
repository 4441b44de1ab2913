//! One connection, from the attempt to its end. It runs beside the cache and decides nothing.

use std::future::pending;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};

use crate::address::Address;
use crate::dial::{Stream, dial};

/// So long may saying goodbye take.
const GOODBYE: Duration = Duration::from_secs(1);

/// What came of a connection.
#[derive(Debug)]
pub(crate) enum Heard {
    Open,
    Message(Vec<u8>),
    /// It is over, for this reason if it failed.
    Closed(Option<String>),
}

/// Which connection it came of: after one was let go, some of what it said may still be on its way.
pub(crate) type FromSocket = (u64, Heard);

/// A connection, or the attempt to make one.
pub(crate) struct Socket {
    pub number: u64,
    /// Host and port.
    pub host: String,
    pub is_open: bool,
    outgoing: mpsc::UnboundedSender<String>,
    task: JoinHandle<()>,
}

impl Socket {
    /// Begins to connect.
    pub(crate) fn open(
        runtime: &Handle,
        address: Address,
        number: u64,
        max_message_bytes: usize,
        heard: mpsc::Sender<FromSocket>,
    ) -> Self {
        let (outgoing, messages) = mpsc::unbounded_channel();
        let host = address.host.clone();
        let task = runtime.spawn(async move {
            let reason = run(address, number, max_message_bytes, messages, &heard).await.err();
            let reason = reason.map(|error| error.to_string());
            // Nobody listens any more when the client is closed.
            _ = heard.send((number, Heard::Closed(reason))).await;
        });
        Self { number, host, is_open: false, outgoing, task }
    }

    pub(crate) fn send(&self, message: String) {
        // That the connection is over is heard as well.
        _ = self.outgoing.send(message);
    }

    /// Closes it; what it still says is not heard. The task ends soon.
    pub(crate) fn let_go(self) -> JoinHandle<()> {
        if !self.is_open {
            self.task.abort();
        }
        self.task
    }
}

async fn run(
    address: Address,
    number: u64,
    max_message_bytes: usize,
    messages: mpsc::UnboundedReceiver<String>,
    heard: &mpsc::Sender<FromSocket>,
) -> Result<(), SocketError> {
    let config = WebSocketConfig::default()
        .max_message_size(Some(max_message_bytes))
        .max_frame_size(Some(max_message_bytes));
    let stream = dial(address.request, config).await?;
    if heard.send((number, Heard::Open)).await.is_err() {
        return Ok(());
    }
    let (sink, stream) = stream.split();
    // Each way goes on while the other is stuck: two sides that both wait until the other has read would wait for ever.
    tokio::select! {
        result = write(sink, messages) => result,
        result = read(stream, number, heard) => result,
    }
}

/// Ends when it was let go.
async fn write(
    mut sink: SplitSink<Stream, Message>,
    mut messages: mpsc::UnboundedReceiver<String>,
) -> Result<(), SocketError> {
    while let Some(message) = messages.recv().await {
        if sink.send(Message::text(message)).await.is_err() {
            // What was wrong with the connection is said by the side that reads.
            return pending().await;
        }
    }
    _ = timeout(GOODBYE, sink.close()).await;
    Ok(())
}

/// Ends when the other side has closed.
async fn read(
    mut stream: SplitStream<Stream>,
    number: u64,
    heard: &mpsc::Sender<FromSocket>,
) -> Result<(), SocketError> {
    while let Some(message) = stream.next().await {
        let bytes = match message? {
            Message::Text(text) => Vec::from(tokio_tungstenite::tungstenite::Bytes::from(text)),
            Message::Binary(bytes) => Vec::from(bytes),
            _ => continue,
        };
        if heard.send((number, Heard::Message(bytes))).await.is_err() {
            break;
        }
    }
    Ok(())
}
