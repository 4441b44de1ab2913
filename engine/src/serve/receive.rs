//! The receiving half of a connection, and the work that its messages ask for.

use std::error::Error;
use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use larder::wire::{ClientFrame, ServerFrame};
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::Server;
use super::frame::{self, Wrong};
use super::question;
use super::send::Order;
use super::watching::{Known, Watch, Watches};
use crate::action::Mutation;
use crate::transaction::Outcome;

/// What takes longer than reading it did; done in order, while pings are still answered.
pub(super) enum Work {
    Mutate(Mutation),
    Query { id: String, method: String, input: Box<RawValue> },
    Watch { id: String, watch: Watch },
    Unwatch { id: String },
}

/// Reads messages until the client is gone. Both queues are bounded: a client that asks more than it reads answers has to wait.
pub(super) async fn receive(
    server: &Server,
    mut stream: SplitStream<WebSocket>,
    work: mpsc::Sender<Work>,
    orders: mpsc::Sender<Order>,
) {
    let patience = server.config.connection.idle_timeout;
    let to_subscribe = Instant::now() + patience;
    let mut is_subscribed = false;
    loop {
        let deadline = if is_subscribed { Instant::now() + patience } else { to_subscribe };
        let message = match timeout_at(deadline, stream.next()).await {
            Err(_) => {
                fail(&orders, Wrong::new("idle", "nothing was heard from the client for too long")).await;
                return wait_for_the_end(&orders).await;
            }
            Ok(None) => return,
            Ok(Some(Ok(message))) => message,
            Ok(Some(Err(error))) => {
                if is_too_large(&error) {
                    let limit = server.config.connection.max_message_bytes;
                    fail(
                        &orders,
                        Wrong::new("frame.too_large", format!("a message has at most {limit} bytes")),
                    )
                    .await;
                    return wait_for_the_end(&orders).await;
                }
                tracing::debug!(%error, "a connection broke");
                return;
            }
        };
        let handled = match message {
            Message::Text(text) => match frame::read(&text) {
                Ok(frame) => handle(frame, &mut is_subscribed, &work, &orders).await,
                Err(wrong) => Err(wrong),
            },
            Message::Binary(_) => Err(Wrong::new("frame.not_text", "messages are JSON text, not binary")),
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => return,
        };
        if let Err(wrong) = handled {
            tracing::info!(kind = wrong.kind, message = wrong.message, "a client did something wrong");
            fail(&orders, wrong).await;
            return wait_for_the_end(&orders).await;
        }
    }
}

async fn handle(
    frame: ClientFrame,
    is_subscribed: &mut bool,
    work: &mpsc::Sender<Work>,
    orders: &mpsc::Sender<Order>,
) -> Result<(), Wrong> {
    let order = match frame {
        ClientFrame::Ping {} => Order::Frame(ServerFrame::Pong {}),
        ClientFrame::Subscribe(_) if *is_subscribed => {
            return Err(Wrong::new("already_subscribed", "a connection subscribes once"));
        }
        ClientFrame::Subscribe(subscribe) => {
            *is_subscribed = true;
            Order::Subscribe(subscribe)
        }
        _ if !*is_subscribed => {
            return Err(Wrong::new("not_subscribed", "the first frame of a connection is `subscribe`"));
        }
        ClientFrame::CatchUp { since } => Order::CatchUp(since),
        ClientFrame::Mutate { id, name, args } => {
            let _ = work.send(Work::Mutate(Mutation { id, name, args })).await;
            return Ok(());
        }
        ClientFrame::Query { id, method, input } => {
            let _ = work.send(Work::Query { id, method, input }).await;
            return Ok(());
        }
        ClientFrame::Watch { id, method, input, seen } => {
            let _ = work.send(Work::Watch { id, watch: Watch::new(method, input, seen) }).await;
            return Ok(());
        }
        ClientFrame::Unwatch { id } => {
            let _ = work.send(Work::Unwatch { id }).await;
            return Ok(());
        }
    };
    // Fails only when the connection is ending anyway.
    let _ = orders.send(order).await;
    Ok(())
}

/// Does the work and has the answers sent.
pub(super) async fn work(server: Arc<Server>, mut queue: mpsc::Receiver<Work>, orders: mpsc::Sender<Order>) {
    let mut watches = Watches::new(server.log.head());
    loop {
        let work = tokio::select! {
            work = queue.recv() => work,
            () = watches.due() => {
                if let Some(id) = watches.look_at_next(&server).await
                    && orders.send(Order::Frame(ServerFrame::Changed { id })).await.is_err()
                {
                    return;
                }
                continue;
            }
        };
        let Some(work) = work else { return };
        let frame = match work {
            Work::Unwatch { id } => {
                watches.remove(&id);
                continue;
            }
            Work::Watch { id, watch } => match watches.add(&server, &id, watch).await {
                Ok(Known::Same) => continue,
                Ok(Known::Other) => ServerFrame::Changed { id },
                Err(error) => {
                    ServerFrame::Failed { id, kind: error.kind().to_owned(), message: error.to_string() }
                }
            },
            Work::Mutate(mutation) => {
                let id = mutation.id.clone();
                match server.actions.run(mutation).await {
                    Outcome::Applied { sequence } => ServerFrame::Ack { id, sequence },
                    Outcome::Rejected { kind, message } => ServerFrame::Reject { id, kind, message },
                }
            }
            Work::Query { id, method, input } => match question::answer(&server, &method, &input).await {
                Ok(data) => ServerFrame::Result { id, data },
                Err(error) => {
                    ServerFrame::Failed { id, kind: error.kind().to_owned(), message: error.to_string() }
                }
            },
        };
        if orders.send(Order::Frame(frame)).await.is_err() {
            return;
        }
    }
}

async fn fail(orders: &mpsc::Sender<Order>, wrong: Wrong) {
    let _ = orders.send(Order::Fail(wrong)).await;
}

/// The sending half says what was wrong, then ends the connection.
async fn wait_for_the_end(orders: &mpsc::Sender<Order>) {
    orders.closed().await;
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = source {
        // The type itself belongs to a crate below axum, of a version that axum does not name.
        if error.to_string().starts_with("Space limit exceeded") {
            return true;
        }
        source = error.source();
    }
    false
}
