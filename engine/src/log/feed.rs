//! The newest events in memory. Every connection reads from here at its own pace, so a slow one costs nothing.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::config::LogLimits;

/// What the memory may hold; connections further behind read from the database.
const MAX_ENTRIES: usize = 4096;
const MAX_BYTES: usize = 8 << 20;

/// One event of the log.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) sequence: u64,
    /// `None`: for every subscription.
    pub(crate) resource_type: Option<String>,
    /// Which rows it stands for without having them, as [`crate::transaction::Bulk`] in JSON.
    pub(crate) bulk: Option<Arc<str>>,
    pub(crate) text: Arc<str>,
}

impl Entry {
    /// Whether a subscription to `types` gets it.
    pub(crate) fn is_for(&self, types: Option<&[String]>) -> bool {
        match (types, &self.resource_type) {
            (Some(types), Some(own)) => types.contains(own),
            _ => true,
        }
    }
}

/// Where committed events are published, in order.
#[derive(Debug)]
pub(crate) struct Feed {
    ring: Mutex<Ring>,
    max_entries: usize,
    head: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<Entry>,
    bytes: usize,
}

impl Feed {
    /// `head` is the newest sequence of the log as it was found. The memory holds no more than the log does.
    pub(crate) fn new(head: u64, limits: &LogLimits) -> Self {
        let max_entries =
            usize::try_from(limits.max_events).map_or(MAX_ENTRIES, |max| max.clamp(1, MAX_ENTRIES));
        Self { ring: Mutex::default(), max_entries, head: watch::Sender::new(head) }
    }

    /// The newest sequence; the receiver wakes when there are newer ones.
    pub(crate) fn head(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Adds the events of one committed transaction.
    pub(crate) fn publish(&self, entries: Vec<Entry>) {
        let Some(newest) = entries.last().map(|entry| entry.sequence) else { return };
        let mut ring = self.lock();
        for entry in entries {
            ring.bytes += entry.text.len();
            ring.entries.push_back(entry);
        }
        while ring.entries.len() > self.max_entries || ring.bytes > MAX_BYTES {
            let Some(oldest) = ring.entries.pop_front() else { break };
            ring.bytes -= oldest.text.len();
        }
        drop(ring);
        self.head.send_replace(newest);
    }

    /// Up to `limit` events directly after `cursor`, or `None` when the memory does not reach back so far.
    pub(crate) fn after(&self, cursor: u64, limit: usize) -> Option<Vec<Entry>> {
        let ring = self.lock();
        let oldest = ring.entries.front()?.sequence;
        let skip = usize::try_from((cursor + 1).checked_sub(oldest)?).ok()?;
        Some(ring.entries.iter().skip(skip).take(limit).cloned().collect())
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        // Nothing in here panics while it holds the lock half-changed.
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
