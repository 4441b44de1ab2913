//! The sending half of a connection. It reads the log at the pace of its client, so a slow client costs one page of memory,
//! and one that the log has left behind gets a copy.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use larder::wire::{PROTOCOL_VERSION, ResyncReason, ServerFrame, Subscribe};
use sea_orm::DbErr;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, interval_at, timeout};

use super::Server;
use super::bulk::BulkRows;
use super::copy::Copy;
use super::frame::Wrong;
use crate::event::with_previous;

/// What the receiving half wants to have sent.
#[derive(Debug)]
pub(super) enum Order {
    Subscribe(Subscribe),
    CatchUp(u64),
    Frame(ServerFrame),
    /// Say what was wrong and end.
    Fail(Wrong),
}

/// Why sending ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    #[error("the client is gone")]
    Gone,
    #[error("the client does not read")]
    Slow,
    #[error("the client did something wrong: {}", .0.message)]
    Wrong(Wrong),
    #[error("the engine is stopping")]
    Stopping,
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    #[error("a frame cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// The sending half.
pub(super) struct Sender {
    server: Arc<Server>,
    sink: SplitSink<WebSocket, Message>,
    head: watch::Receiver<u64>,
    subscription: Option<Subscription>,
}

struct Subscription {
    types: Option<Vec<String>>,
    /// Everything up to here has been looked at.
    cursor: u64,
    /// The newest sequence that the client has heard of; with a filter, events name it.
    previous: u64,
    /// The newest sequence that was given as an answer to a mutation of this client.
    answered: u64,
}

impl Sender {
    pub(super) fn new(server: Arc<Server>, sink: SplitSink<WebSocket, Message>) -> Self {
        let head = server.log.head();
        Self { server, sink, head, subscription: None }
    }

    /// Sends until there is a reason not to, and says goodbye.
    pub(super) async fn run(mut self, mut orders: mpsc::Receiver<Order>) -> Ended {
        let ended = match self.send_all(&mut orders).await {
            Ok(never) => match never {},
            Err(ended) => ended,
        };
        self.goodbye(&ended).await;
        ended
    }

    async fn send_all(
        &mut self,
        orders: &mut mpsc::Receiver<Order>,
    ) -> Result<std::convert::Infallible, Ended> {
        let mut stopping = self.server.stopping.clone();
        let third: Duration = self.server.config.connection.idle_timeout / 3;
        let mut pings = interval_at(Instant::now() + third, third);
        loop {
            let is_behind = self.subscription.as_ref().is_some_and(|own| own.cursor < *self.head.borrow());
            if is_behind {
                self.send_page().await?;
                // Answers do not wait for the end of a long catch-up.
                while let Ok(order) = orders.try_recv() {
                    self.obey(order).await?;
                }
                if *stopping.borrow() {
                    return Err(Ended::Stopping);
                }
                continue;
            }
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await?,
                    None => return Err(Ended::Gone),
                },
                changed = self.head.changed() => changed.map_err(|_| Ended::Stopping)?,
                () = stopped(&mut stopping) => return Err(Ended::Stopping),
                _ = pings.tick() => self.send(Message::Ping(Default::default())).await?,
            }
        }
    }

    async fn obey(&mut self, order: Order) -> Result<(), Ended> {
        match order {
            Order::Frame(frame) => {
                self.send_frame(&frame).await?;
                if let (ServerFrame::Ack { sequence, .. }, Some(own)) = (&frame, &mut self.subscription) {
                    own.answered = own.answered.max(*sequence);
                }
                self.settle_answers().await
            }
            Order::Fail(wrong) => Err(Ended::Wrong(wrong)),
            Order::Subscribe(subscribe) => self.subscribe(subscribe).await,
            Order::CatchUp(since) => self.catch_up(since).await,
        }
    }

    async fn subscribe(&mut self, wanted: Subscribe) -> Result<(), Ended> {
        let Subscribe { protocol, scope, since, epoch, types } = wanted;
        let identity = self.server.identity.clone();
        if protocol != PROTOCOL_VERSION {
            let message = format!("this engine speaks protocol {PROTOCOL_VERSION}, not {protocol}");
            return Err(Ended::Wrong(Wrong::new("unsupported_protocol", message)));
        }
        if scope.is_some_and(|scope| scope != identity.library) {
            let message = format!("this engine serves the library {} only", identity.library);
            return Err(Ended::Wrong(Wrong::new("unknown_scope", message)));
        }
        let sequence = *self.head.borrow();
        let own_epoch = epoch.as_ref() == Some(&identity.epoch);
        self.send_frame(&ServerFrame::Welcome {
            protocol: PROTOCOL_VERSION,
            scope: identity.library,
            epoch: identity.epoch,
            sequence,
        })
        .await?;
        self.subscription = Some(Subscription { types, cursor: sequence, previous: sequence, answered: 0 });
        match since {
            None => self.copy(ResyncReason::First).await,
            Some(_) if !own_epoch => self.copy(ResyncReason::EpochChanged).await,
            Some(since) => self.catch_up(since).await,
        }
    }

    /// Sends what came after `since`, or a copy if that is impossible or dearer.
    async fn catch_up(&mut self, since: u64) -> Result<(), Ended> {
        let log = self.server.log.clone();
        let head = *self.head.borrow();
        if since > head {
            // Only a log that lost its end, say by a database restored from a backup, has clients ahead of it.
            return self.copy(ResyncReason::EpochChanged).await;
        }
        if since < head {
            if log.after(since, None).await?.is_none() {
                return self.copy(ResyncReason::LogCompacted).await;
            }
            if log.copy_is_cheaper(since, self.server.config.log.catch_up_slack).await? {
                return self.copy(ResyncReason::TooFarBehind).await;
            }
        }
        let Some(own) = &mut self.subscription else { return Ok(()) };
        (own.cursor, own.previous) = (since, since);
        while self.subscription.as_ref().is_some_and(|own| own.cursor < head) {
            if self.send_page().await? == Sent::Copy {
                return Ok(());
            }
        }
        let Some(own) = &mut self.subscription else { return Ok(()) };
        own.previous = own.cursor;
        let sequence = own.cursor;
        self.send_frame(&ServerFrame::Synced { sequence }).await
    }

    /// Sends some of what the client does not have yet.
    async fn send_page(&mut self) -> Result<Sent, Ended> {
        let Some(own) = &self.subscription else { return Ok(Sent::Events) };
        let Some(page) = self.server.log.after(own.cursor, own.types.as_deref()).await? else {
            self.copy(ResyncReason::LogCompacted).await?;
            return Ok(Sent::Copy);
        };
        for entry in page.entries {
            if let Some(bulk) = &entry.bulk {
                self.send_bulk(bulk).await?;
            }
            let Some(own) = &mut self.subscription else { return Ok(Sent::Events) };
            let previous = std::mem::replace(&mut own.previous, entry.sequence);
            let text = if own.types.is_some() {
                with_previous(&entry.text, previous)
            } else {
                (*entry.text).to_owned()
            };
            self.send(Message::text(text)).await?;
        }
        if let Some(own) = &mut self.subscription {
            own.cursor = page.reached;
        }
        self.settle_answers().await?;
        Ok(Sent::Events)
    }

    /// Sends the rows that an event stands for, before it.
    async fn send_bulk(&mut self, bulk: &str) -> Result<(), Ended> {
        let types = self.subscription.as_ref().and_then(|own| own.types.clone());
        let mut rows = BulkRows::new(self.server.db.reader.clone(), bulk)?;
        while let Some(text) = rows.next(types.as_deref()).await? {
            self.send(Message::text(text)).await?;
        }
        Ok(())
    }

    /// A client waits for the event of its mutation to come. If the filter keeps it back, the client must hear in another
    /// way that everything up to there has been sent.
    async fn settle_answers(&mut self) -> Result<(), Ended> {
        match &mut self.subscription {
            Some(own) if own.types.is_some() && own.previous < own.answered && own.answered <= own.cursor => {
                own.previous = own.cursor;
                let sequence = own.cursor;
                self.send_frame(&ServerFrame::Synced { sequence }).await
            }
            _ => Ok(()),
        }
    }

    async fn copy(&mut self, reason: ResyncReason) -> Result<(), Ended> {
        let server = Arc::clone(&self.server);
        let types = self.subscription.as_ref().and_then(|own| own.types.clone());
        let sequence = timeout(server.config.connection.copy_timeout, async {
            // Fails only when the engine is stopping.
            let _permit = server.copies.acquire().await.map_err(|_| Ended::Stopping)?;
            let mut copy = Copy::begin(&server.db, &server.identity.library, types).await?;
            self.send_frame(&ServerFrame::Resync { reason, sequence: copy.sequence }).await?;
            while let Some(event) = copy.next().await? {
                self.send(Message::text(event)).await?;
            }
            Ok::<_, Ended>(copy.sequence)
        })
        .await
        .map_err(|_| Ended::Slow)??;
        if let Some(own) = &mut self.subscription {
            (own.cursor, own.previous) = (sequence, sequence);
        }
        self.send_frame(&ServerFrame::Synced { sequence }).await
    }

    async fn send_frame(&mut self, frame: &ServerFrame) -> Result<(), Ended> {
        let text = serde_json::to_string(frame)?;
        self.send(Message::text(text)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Ended> {
        match timeout(self.server.config.connection.send_timeout, self.sink.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Ended::Gone),
            Err(_) => Err(Ended::Slow),
        }
    }

    async fn goodbye(&mut self, ended: &Ended) {
        let (code, reason) = match ended {
            Ended::Gone | Ended::Slow => return,
            Ended::Wrong(wrong) => {
                let frame =
                    ServerFrame::Error { kind: wrong.kind.to_owned(), message: wrong.message.clone() };
                let _ = self.send_frame(&frame).await;
                let code =
                    if wrong.kind == "frame.too_large" { close_code::SIZE } else { close_code::POLICY };
                (code, wrong.kind)
            }
            Ended::Stopping => (close_code::AWAY, "stopping"),
            Ended::Database(_) | Ended::Json(_) => (close_code::ERROR, "failed"),
        };
        let _ = self.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
    }
}

/// Waits for the engine to stop, or to be gone.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

#[derive(PartialEq, Eq)]
enum Sent {
    Events,
    /// The log did not reach back far enough.
    Copy,
}
