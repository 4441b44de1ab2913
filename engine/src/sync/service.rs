//! The task that keeps up the conversations of an engine.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::message::{Message, MessageError};
use super::registry::Registry;
use super::session::{Post, Session, SessionError};

/// How often the session hears that time has passed.
const TICK: Duration = Duration::from_millis(500);
/// How many messages may be on their way in one direction. One more is lost, and made anew later.
const QUEUE: usize = 64;

/// A way to one other device, which must be the one it says: messages as bytes, whole and in order, or not at all. Who makes one answers
/// for it that nobody else can read or write there.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) peer: Uuid,
    /// To the peer.
    pub(crate) outgoing: mpsc::Sender<Vec<u8>>,
    /// From the peer. It ends when the peer is gone.
    pub(crate) incoming: mpsc::Receiver<Vec<u8>>,
}

impl Link {
    /// Two ends of a link within this process, for `one` and for `other`.
    pub(crate) fn pair(one: Uuid, other: Uuid) -> (Self, Self) {
        let (to_other, from_one) = mpsc::channel(QUEUE);
        let (to_one, from_other) = mpsc::channel(QUEUE);
        (
            Self { peer: other, outgoing: to_other, incoming: from_other },
            Self { peer: one, outgoing: to_one, incoming: from_one },
        )
    }
}

/// What came by a link, or that it has ended. The number tells a link from an earlier one to the same peer.
type Arrived = (Uuid, u64, Option<Result<Message, MessageError>>);

/// Why a link is given up.
#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error(transparent)]
    Session(#[from] SessionError),
}

/// Runs until it is dropped. `written` moves when something was written.
pub(crate) async fn service(
    session: Arc<Session>,
    links: &mut mpsc::Receiver<Link>,
    mut written: watch::Receiver<u64>,
) {
    let mut open: BTreeMap<Uuid, (u64, mpsc::Sender<Vec<u8>>)> = BTreeMap::new();
    let (inbox, mut arrived) = mpsc::channel::<Arrived>(QUEUE);
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut count = 0;
    loop {
        let done = tokio::select! {
            link = links.recv() => match link {
                Some(link) => {
                    count += 1;
                    open.insert(link.peer, (count, link.outgoing));
                    tokio::spawn(forward(link.peer, count, link.incoming, inbox.clone(), session.registry()));
                    session.connect(link.peer).await.map_err(Wrong::from).map_err(|wrong| (link.peer, wrong))
                }
                None => return,
            },
            Some((peer, number, message)) = arrived.recv() => {
                if open.get(&peer).is_none_or(|(current, _)| *current != number) {
                    continue;
                }
                match message {
                    Some(message) => handle(&session, peer, message).await.map_err(|wrong| (peer, wrong)),
                    None => {
                        open.remove(&peer);
                        session.disconnect(peer).await.map_err(|error| (peer, error.into()))
                    }
                }
            }
            changed = written.changed() => match changed {
                Ok(()) => session.changed().await.map_err(|error| (Uuid::nil(), error.into())),
                Err(_) => return,
            },
            _ = ticks.tick() => session.tick().await.map_err(|error| (Uuid::nil(), error.into())),
        };
        match done {
            Ok(post) => send(&open, post),
            // The tables are as they were: it is tried again with the next tick.
            Err((_, Wrong::Session(SessionError::Database(error)))) => {
                tracing::error!(%error, "the database failed while devices were talking");
            }
            Err((peer, wrong)) => {
                tracing::warn!(%peer, %wrong, "another device said what makes no sense: it is not listened to any more");
                open.remove(&peer);
                match session.disconnect(peer).await {
                    Ok(post) => send(&open, post),
                    Err(error) => tracing::error!(%error, "what a device said last was not written down"),
                }
            }
        }
    }
}

async fn handle(
    session: &Session,
    peer: Uuid,
    message: Result<Message, MessageError>,
) -> Result<Post, Wrong> {
    Ok(session.handle(peer, message?).await?)
}

fn send(open: &BTreeMap<Uuid, (u64, mpsc::Sender<Vec<u8>>)>, post: Post) {
    for (peer, message) in post {
        let Some((_, outgoing)) = open.get(&peer) else { continue };
        match message.encode() {
            Ok(bytes) => {
                if outgoing.try_send(bytes).is_err() {
                    tracing::debug!(%peer, "a message was lost: it is made anew later");
                }
            }
            Err(error) => tracing::error!(%peer, %error, "a message cannot be written"),
        }
    }
}

async fn forward(
    peer: Uuid,
    number: u64,
    mut incoming: mpsc::Receiver<Vec<u8>>,
    inbox: mpsc::Sender<Arrived>,
    registry: Arc<Registry>,
) {
    while let Some(bytes) = incoming.recv().await {
        // Here, so that a large message is read while the one before is written.
        let message = Message::decode(&bytes).map(|message| message.read(&registry));
        if inbox.send((peer, number, Some(message))).await.is_err() {
            return;
        }
    }
    let _ = inbox.send((peer, number, None)).await;
}
