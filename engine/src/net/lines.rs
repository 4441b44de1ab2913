//! Streams to the devices that are there, for what must not hold up the conversations: requests about files, and what is in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::memory;
use super::transport::{Stream, Streams};

/// For how long a device whose only channel ended may be here by another one.
const GRACE: Duration = Duration::from_secs(2);

/// A stream that another device opened.
pub(crate) struct Visit {
    pub(crate) from: Uuid,
    pub(crate) stream: Stream,
}

/// The devices that are there.
pub(crate) struct Lines {
    open: Mutex<BTreeMap<Uuid, Line>>,
    /// Channels that are in use, also those whose line is not here yet or has just gone.
    expected: Mutex<BTreeSet<(Uuid, u64)>>,
    /// When the last channel to a device ended.
    left: Mutex<BTreeMap<Uuid, Instant>>,
    visits: mpsc::Sender<Visit>,
    changed: watch::Sender<u64>,
    count: AtomicU64,
}

/// A device whose line is here or on its way.
pub(crate) struct Expected {
    lines: Arc<Lines>,
    device: Uuid,
    channel: u64,
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.lines.left.lock().unwrap_or_else(PoisonError::into_inner).insert(self.device, Instant::now());
        self.lines.lock_expected().remove(&(self.device, self.channel));
        self.lines.changed.send_modify(|count| *count += 1);
    }
}

struct Line {
    number: u64,
    /// The channel that it belongs to; a later one has a greater number.
    channel: u64,
    streams: Arc<dyn Streams>,
    accepting: AbortHandle,
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").field("open", &self.lock().keys()).finish_non_exhaustive()
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.end();
    }
}

impl Lines {
    /// No device is there. What others open comes out of the receiver.
    pub(crate) fn new() -> (Arc<Self>, mpsc::Receiver<Visit>) {
        let (visits, visited) = mpsc::channel(1);
        let (open, expected, left) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (changed, count) = (watch::Sender::new(0), AtomicU64::new(0));
        (Arc::new(Self { open, expected, left, visits, changed, count }), visited)
    }

    /// A device is there. Returns the number by which to [`leave`](Self::leave). Must be called inside a tokio runtime.
    pub(crate) fn enter(&self, device: Uuid, streams: Arc<dyn Streams>) -> u64 {
        self.enter_by(device, 0, streams)
    }

    /// The same, by the channel with this number. It does not take the place of the line of a later one, which has closed it.
    pub(crate) fn enter_by(&self, device: Uuid, channel: u64, streams: Arc<dyn Streams>) -> u64 {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let mut open = self.lock();
        if open.get(&device).is_some_and(|line| line.channel > channel) {
            return number;
        }
        let accepting =
            tokio::spawn(accept(device, Arc::clone(&streams), self.visits.clone())).abort_handle();
        let before = open.insert(device, Line { number, channel, streams, accepting });
        drop(open);
        before.iter().for_each(|line| line.accepting.abort());
        self.changed.send_modify(|count| *count += 1);
        number
    }

    /// The device is gone.
    pub(crate) fn leave(&self, device: Uuid, number: u64) {
        let mut open = self.lock();
        if open.get(&device).is_some_and(|line| line.number == number)
            && let Some(line) = open.remove(&device)
        {
            line.accepting.abort();
            drop(open);
            self.changed.send_modify(|count| *count += 1);
        }
    }

    /// A channel to a device is in use, by this number: as long as the answer lives, who asks the device waits for its line.
    pub(crate) fn expect(self: &Arc<Self>, device: Uuid, channel: u64) -> Expected {
        self.lock_expected().insert((device, channel));
        Expected { lines: Arc::clone(self), device, channel }
    }

    /// Lets this engine ask itself, as it asks others.
    pub(crate) fn enter_own(&self, own: Uuid) {
        self.enter(own, Arc::new(memory::around()));
    }

    /// Joins two engines within this process, until one of them is gone.
    pub(crate) fn connect(&self, own: Uuid, other: &Self, others: Uuid) {
        let (here, there) = memory::pair();
        self.enter(others, Arc::new(here));
        other.enter(own, Arc::new(there));
    }

    /// Whether a device is there.
    pub(crate) fn has(&self, device: Uuid) -> bool {
        self.lock().contains_key(&device)
    }

    /// Moves when a device comes or goes.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Opens a stream to a device; nothing, if it is not there. While one channel takes the place of another, as when two devices have called each
    /// other at the same time, this waits for the one that stays; that may be known there before it is known here.
    pub(crate) async fn open(&self, device: Uuid) -> Option<Stream> {
        let mut changes = self.changes();
        loop {
            changes.mark_unchanged();
            let streams = self.lock().get(&device).map(|line| Arc::clone(&line.streams));
            if let Some(streams) = streams {
                match streams.open().await {
                    Ok(stream) => return Some(stream),
                    Err(error) => tracing::debug!(%device, %error, "a line is dead"),
                }
            }
            let is_expected = self.is_expected(device);
            let ended = self.left.lock().unwrap_or_else(PoisonError::into_inner).get(&device).copied();
            match ended {
                _ if is_expected => changes.changed().await.ok()?,
                Some(ended) => timeout_at(ended + GRACE, changes.changed()).await.ok()?.ok()?,
                None => return None,
            }
        }
    }

    fn is_expected(&self, device: Uuid) -> bool {
        self.lock_expected().range((device, 0)..=(device, u64::MAX)).next().is_some()
    }

    /// Nobody is there any more.
    pub(crate) fn end(&self) {
        let open = std::mem::take(&mut *self.lock());
        open.values().for_each(|line| line.accepting.abort());
    }

    fn lock_expected(&self) -> MutexGuard<'_, BTreeSet<(Uuid, u64)>> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, Line>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(from: Uuid, streams: Arc<dyn Streams>, visits: mpsc::Sender<Visit>) {
    while let Some(stream) = streams.accept().await {
        if visits.send(Visit { from, stream }).await.is_err() {
            return;
        }
    }
}
