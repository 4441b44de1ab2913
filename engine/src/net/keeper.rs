//! Keeps up a channel to each device of the library: calls those that are not there again and again, and lets in those that call.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::select_ok;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::backoff::Backoff;
use super::error::NetError;
use super::greeting::{self, Greeting};
use super::key::PublicKey;
use super::lines::{Expected, Lines};
use super::live::Live;
use super::peers::{Peer, Peers};
use super::pump::pump;
use super::transport::{Channel, Goodbye, Purpose, Transport};
use crate::sync::Link;

/// A channel that lasted this long worked: the next one is tried at once.
const LASTED: Duration = Duration::from_secs(5);

/// This device among others.
pub(crate) struct Net<T> {
    own: PublicKey,
    greeting: Greeting,
    pub(crate) transport: T,
    pub(crate) peers: Arc<Peers>,
    /// To the conversations of this engine.
    links: mpsc::Sender<Link>,
    /// Channels of those who want to pair.
    pairing: mpsc::Sender<Channel>,
    /// Streams for what is not part of the conversations.
    lines: Arc<Lines>,
    paused: watch::Sender<bool>,
    live: Live,
    /// Why there is no channel, by device.
    problems: Mutex<BTreeMap<Uuid, Problem>>,
}

impl<T> fmt::Debug for Net<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Net").field("own", &self.own).finish_non_exhaustive()
    }
}

/// Why there is no channel to a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) text: String,
    /// Whether one of the two was taken offline.
    pub(crate) is_paused: bool,
}

impl<T: Transport> Net<T> {
    #[expect(clippy::too_many_arguments, reason = "the one place where they meet")]
    pub(crate) fn new(
        own: PublicKey,
        device: Uuid,
        library: String,
        transport: T,
        peers: Arc<Peers>,
        links: mpsc::Sender<Link>,
        pairing: mpsc::Sender<Channel>,
        lines: Arc<Lines>,
        paused: watch::Sender<bool>,
    ) -> Self {
        let greeting = Greeting { device, run: Uuid::new_v4(), library };
        let (live, problems) = (Live::default(), Mutex::default());
        Self { own, greeting, transport, peers, links, pairing, lines, paused, live, problems }
    }

    /// Whether a device is connected, and can be asked.
    pub(crate) fn is_live(&self, device: Uuid) -> bool {
        self.live.has(device) && self.lines.has(device)
    }

    /// How many bytes were sent by the channels that are in use.
    pub(crate) fn sent(&self) -> u64 {
        self.live.sent()
    }

    /// Moves when a device comes or goes.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.live.changes()
    }

    /// Why there is no channel to a device.
    pub(crate) fn problem(&self, device: Uuid) -> Option<Problem> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).get(&device).cloned()
    }

    /// Runs until it is dropped.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut tasks = JoinSet::new();
        let mut kept = BTreeSet::new();
        let (mut book, mut paused) = (self.peers.changes(), self.paused.subscribe());
        loop {
            for peer in self.peers.all() {
                if kept.insert(peer.device) {
                    tasks.spawn(Arc::clone(&self).keep(peer.device));
                }
            }
            self.live.close(Goodbye::Stranger, |device| self.peers.get(device).is_none());
            if *paused.borrow_and_update() {
                self.live.close(Goodbye::Paused, |_| true);
            }
            tokio::select! {
                channel = self.transport.accept() => match channel {
                    Some(channel) => drop(tasks.spawn(Arc::clone(&self).answer(channel))),
                    None => return,
                },
                _ = book.changed() => {}
                _ = paused.changed() => {}
                Some(_) = tasks.join_next() => {}
            }
        }
    }

    /// Calls a device whenever there is no channel to it.
    async fn keep(self: Arc<Self>, device: Uuid) {
        let mut backoff = Backoff::default();
        let (mut book, mut paused) = (self.peers.changes(), self.paused.subscribe());
        loop {
            self.until_wanted(device).await;
            let began = Instant::now();
            let ended = match self.peers.get(device) {
                Some(peer) => self.call(&peer).await,
                None => continue,
            };
            self.note(device, &ended);
            if began.elapsed() > LASTED {
                backoff.reset();
            }
            let random = Uuid::new_v4().as_bytes()[0];
            tokio::select! {
                () = sleep(backoff.wait(random)) => {}
                _ = book.changed() => {}
                _ = paused.changed() => {}
            }
        }
    }

    /// Waits until there should be a channel and is none.
    async fn until_wanted(&self, device: Uuid) {
        let (mut book, mut live, mut paused) =
            (self.peers.changes(), self.live.changes(), self.paused.subscribe());
        loop {
            if !*paused.borrow_and_update() && !self.live.has(device) && self.peers.get(device).is_some() {
                return;
            }
            tokio::select! {
                _ = book.changed() => {}
                _ = live.changed() => {}
                _ = paused.changed() => {}
            }
        }
    }

    /// Calls a device everywhere it may be, and talks to it until that ends.
    async fn call(&self, peer: &Peer) -> NetError {
        if peer.addresses.is_empty() {
            return NetError::NoAddress;
        }
        let dial = |address: &SocketAddr| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
            Box::pin(self.transport.dial(*address, Some(peer.key), Purpose::Sync))
        };
        match select_ok(peer.addresses.iter().map(dial)).await {
            Ok((channel, _)) => self.talk(channel, peer, true).await,
            Err(error) => error,
        }
    }

    /// Lets in a device that called.
    async fn answer(self: Arc<Self>, channel: Channel) {
        if channel.purpose == Purpose::Pair {
            // Fails only when the engine is stopping.
            let _ = self.pairing.send(channel).await;
            return;
        }
        // The handshake let it in; it may have been removed since, or have come to pair.
        let Some(peer) = self.peers.by_key(&channel.peer) else {
            return channel.closer.close(Goodbye::Stranger);
        };
        let ended = self.talk(channel, &peer, false).await;
        self.note(peer.device, &ended);
    }

    /// Greets, and then carries messages until the channel ends.
    async fn talk(&self, mut channel: Channel, peer: &Peer, called: bool) -> NetError {
        let (number, expected) = match self.greet(&mut channel, peer, called).await {
            Ok(greeted) => greeted,
            Err(error) => {
                channel.closer.close(match error {
                    NetError::Duplicate => Goodbye::Duplicate,
                    NetError::Paused => Goodbye::Paused,
                    _ => Goodbye::Nonsense,
                });
                return error;
            }
        };
        let line = self.lines.enter_by(peer.device, number, Arc::clone(&channel.streams));
        self.live.tell();
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).remove(&peer.device);
        if let Err(error) = self.peers.met(peer.device, channel.address).await {
            tracing::warn!(%error, "where a device is was not noted");
        }
        tracing::info!(device = %peer.device, address = %channel.address, "a device is here");
        let (here, there) = Link::pair(self.greeting.device, peer.device);
        let ended = match self.links.send(here).await {
            Ok(()) => pump(&mut channel, there).await,
            Err(_) => NetError::Ended("this engine is stopping".to_owned()),
        };
        channel.closer.close(Goodbye::Done);
        self.lines.leave(peer.device, line);
        self.live.leave(peer.device, number);
        drop(expected);
        tracing::info!(device = %peer.device, reason = %ended, "a device is gone");
        ended
    }

    /// Who calls speaks first. Returns the number of the channel among those that are in use.
    async fn greet(
        &self,
        channel: &mut Channel,
        peer: &Peer,
        called: bool,
    ) -> Result<(u64, Expected), NetError> {
        if called {
            greeting::say(channel, &self.greeting).await?;
        }
        let Greeting { device, run, library } = greeting::hear(channel).await?;
        if device != peer.device {
            return Err(NetError::OtherDevice(device));
        }
        if library != self.greeting.library {
            return Err(NetError::OtherLibrary(library));
        }
        if *self.paused.borrow() {
            return Err(NetError::Paused);
        }
        let is_preferred = called == (self.own < peer.key);
        let number = self.live.enter(device, run, is_preferred, Arc::clone(&channel.closer))?;
        let expected = self.lines.expect(device, number);
        if !called && let Err(error) = greeting::say(channel, &self.greeting).await {
            self.live.leave(device, number);
            return Err(error);
        }
        Ok((number, expected))
    }

    fn note(&self, device: Uuid, ended: &NetError) {
        tracing::debug!(%device, reason = %ended, "no channel to a device");
        if !matches!(ended, NetError::Duplicate) {
            let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
            let is_paused = matches!(ended, NetError::Paused);
            problems.insert(device, Problem { text: ended.to_string(), is_paused });
            drop(problems);
            self.live.tell();
        }
    }
}
