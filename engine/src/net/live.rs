//! Which devices are connected now. Two devices that call each other at the same time keep one of the two channels, the same on both
//! sides: that of the device with the smaller key.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

use super::error::NetError;
use super::transport::{Closer, Goodbye};

/// The channels that are in use, by device.
#[derive(Default)]
pub(super) struct Live {
    channels: Mutex<BTreeMap<Uuid, Current>>,
    changed: watch::Sender<u64>,
    count: AtomicU64,
}

struct Current {
    number: u64,
    /// The run of the device at the other end.
    run: Uuid,
    /// Whether the device with the smaller key opened it.
    is_preferred: bool,
    closer: Arc<dyn Closer>,
}

impl Live {
    /// Moves when a device comes or goes.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub(super) fn has(&self, device: Uuid) -> bool {
        self.lock().contains_key(&device)
    }

    /// Takes a channel into use, in place of the one there may be. Returns the number by which to [`leave`](Self::leave).
    pub(super) fn enter(
        &self,
        device: Uuid,
        run: Uuid,
        is_preferred: bool,
        closer: Arc<dyn Closer>,
    ) -> Result<u64, NetError> {
        let mut channels = self.lock();
        if let Some(current) = channels.get(&device) {
            // One from an earlier run is dead, though nobody may have noticed yet.
            if current.run == run && current.is_preferred && !is_preferred {
                return Err(NetError::Duplicate);
            }
            current.closer.close(Goodbye::Duplicate);
        }
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        channels.insert(device, Current { number, run, is_preferred, closer });
        drop(channels);
        self.changed.send_modify(|count| *count += 1);
        Ok(number)
    }

    /// The channel has ended.
    pub(super) fn leave(&self, device: Uuid, number: u64) {
        let mut channels = self.lock();
        if channels.get(&device).is_some_and(|current| current.number == number) {
            channels.remove(&device);
            drop(channels);
            self.changed.send_modify(|count| *count += 1);
        }
    }

    /// Lets those look who follow the changes.
    pub(super) fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    /// How many bytes were sent by the channels that are in use.
    pub(super) fn sent(&self) -> u64 {
        self.lock().values().map(|current| current.closer.sent()).sum()
    }

    /// Ends the channels to those devices.
    pub(super) fn close(&self, why: Goodbye, which: impl Fn(Uuid) -> bool) {
        for (_, current) in self.lock().iter().filter(|(device, _)| which(**device)) {
            current.closer.close(why);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, Current>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
