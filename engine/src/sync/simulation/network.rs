//! A network of which nothing can be relied on.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::random::Random;

/// How bad it is, in percent of messages.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Faults {
    pub(super) dropped: u64,
    pub(super) repeated: u64,
    /// The longest a message takes, in milliseconds.
    pub(super) delay_ms: u64,
}

/// Messages on their way, as bytes.
#[derive(Debug, Default)]
pub(super) struct Network {
    pub(super) faults: Faults,
    /// When it arrives, a number to tell them apart, from, to, what.
    on_the_way: BTreeSet<(u64, u64, Uuid, Uuid, Vec<u8>)>,
    sent: u64,
    pub(super) cut: BTreeSet<(Uuid, Uuid)>,
    pub(super) lost: u64,
    pub(super) repeated: u64,
}

impl Network {
    pub(super) fn send(&mut self, random: &mut Random, now_ms: u64, from: Uuid, to: Uuid, bytes: Vec<u8>) {
        if self.is_cut(from, to) || random.percent(self.faults.dropped) {
            self.lost += 1;
            return;
        }
        let copies = if random.percent(self.faults.repeated) { 2 } else { 1 };
        self.repeated += copies - 1;
        for _ in 0..copies {
            self.sent += 1;
            let at = now_ms + random.below(self.faults.delay_ms + 1);
            self.on_the_way.insert((at, self.sent, from, to, bytes.clone()));
        }
    }

    /// The next message that has arrived.
    pub(super) fn arrived(&mut self, now_ms: u64) -> Option<(Uuid, Uuid, Vec<u8>)> {
        let first = self.on_the_way.first().filter(|first| first.0 <= now_ms)?.clone();
        self.on_the_way.remove(&first);
        let (_, _, from, to, bytes) = first;
        if self.is_cut(from, to) {
            self.lost += 1;
            return self.arrived(now_ms);
        }
        Some((from, to, bytes))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.on_the_way.is_empty()
    }

    /// What is on its way to or from a device that crashes does not arrive.
    pub(super) fn forget(&mut self, device: Uuid) {
        self.on_the_way.retain(|(_, _, from, to, _)| *from != device && *to != device);
    }

    fn is_cut(&self, one: Uuid, other: Uuid) -> bool {
        self.cut.contains(&(one, other)) || self.cut.contains(&(other, one))
    }
}
