//! The life of the connection: connect, subscribe, heartbeat, back off. Time is passed in.

use serde::{Deserialize, Serialize};

/// A connection on which nothing was heard for so long is given up.
const SILENCE_MS: u64 = 30_000;
/// After so long without a message, ask whether the engine is there.
const PING_AFTER_MS: u64 = 10_000;
/// So long may opening a connection take.
const CONNECT_MS: u64 = 10_000;
const FIRST_RETRY_MS: u64 = 250;
const LAST_RETRY_MS: u64 = 10_000;

/// How the cache stands to its backend.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// Not connected.
    #[default]
    Offline,
    /// A connection is being opened.
    Connecting,
    /// Connected; what was missed is coming in.
    Syncing,
    /// Everything up to now is here, and changes arrive as they happen.
    Live,
}

/// What a session wants of its driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Connect,
    Disconnect,
    Ping,
}

/// The life of one connection after the other.
#[derive(Default)]
pub(crate) struct Session {
    phase: Phase,
    /// The app wants to be connected.
    wanted: bool,
    attempt: u32,
    /// When the present phase must have moved on.
    deadline_ms: u64,
    heard_ms: u64,
    pinged: bool,
}

impl Session {
    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Syncing | Phase::Live)
    }

    /// The app wants a connection.
    pub(crate) fn want(&mut self, now_ms: u64) -> Option<Wish> {
        self.wanted = true;
        self.attempt = 0;
        (self.phase == Phase::Offline).then(|| self.start(now_ms))
    }

    /// The app wants no connection any more.
    pub(crate) fn unwant(&mut self) -> Option<Wish> {
        self.wanted = false;
        (std::mem::take(&mut self.phase) != Phase::Offline).then_some(Wish::Disconnect)
    }

    fn start(&mut self, now_ms: u64) -> Wish {
        self.phase = Phase::Connecting;
        self.deadline_ms = now_ms + CONNECT_MS;
        Wish::Connect
    }

    pub(crate) fn opened(&mut self, now_ms: u64) {
        self.wanted = true;
        self.phase = Phase::Syncing;
        self.heard(now_ms);
    }

    pub(crate) fn heard(&mut self, now_ms: u64) {
        self.heard_ms = now_ms;
        self.pinged = false;
    }

    pub(crate) fn live(&mut self) {
        if self.phase == Phase::Syncing {
            self.phase = Phase::Live;
            self.attempt = 0;
        }
    }

    pub(crate) fn syncing(&mut self) {
        if self.phase == Phase::Live {
            self.phase = Phase::Syncing;
        }
    }

    pub(crate) fn closed(&mut self, now_ms: u64) {
        self.phase = Phase::Offline;
        self.deadline_ms = now_ms + backoff_ms(self.attempt, now_ms);
        self.attempt = self.attempt.saturating_add(1);
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, now_ms: u64) -> Option<Wish> {
        match self.phase {
            Phase::Offline if self.wanted && now_ms >= self.deadline_ms => Some(self.start(now_ms)),
            // Until the driver reports that it is closed, it is asked once a period, not without end.
            Phase::Connecting if now_ms >= self.deadline_ms => {
                self.deadline_ms = now_ms + CONNECT_MS;
                Some(Wish::Disconnect)
            }
            Phase::Syncing | Phase::Live if now_ms >= self.heard_ms + SILENCE_MS => {
                self.heard_ms = now_ms;
                Some(Wish::Disconnect)
            }
            Phase::Syncing | Phase::Live if !self.pinged && now_ms >= self.heard_ms + PING_AFTER_MS => {
                self.pinged = true;
                Some(Wish::Ping)
            }
            _ => None,
        }
    }

    /// When [`Self::tick`] has something to do next.
    pub(crate) fn wake_at_ms(&self) -> Option<u64> {
        match self.phase {
            Phase::Offline => self.wanted.then_some(self.deadline_ms),
            Phase::Connecting => Some(self.deadline_ms),
            Phase::Syncing | Phase::Live if self.pinged => Some(self.heard_ms + SILENCE_MS),
            Phase::Syncing | Phase::Live => Some(self.heard_ms + PING_AFTER_MS),
        }
    }
}

/// How long to wait before the next attempt: doubling, capped, and spread so that many clients do not come at once.
fn backoff_ms(attempt: u32, entropy: u64) -> u64 {
    let full = (FIRST_RETRY_MS << attempt.min(16)).min(LAST_RETRY_MS);
    let mixed = entropy.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    full / 2 + mixed % (full / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_vary() {
        for attempt in 0..40 {
            let full = (FIRST_RETRY_MS << attempt.min(16)).min(LAST_RETRY_MS);
            let waits: Vec<u64> = (0..50).map(|now| backoff_ms(attempt, now * 37)).collect();
            assert!(waits.iter().all(|&wait| wait >= full / 2 && wait <= full), "{attempt}: {waits:?}");
            assert!(waits.iter().any(|wait| wait != &waits[0]));
        }
    }

    #[test]
    fn a_silent_connection_is_asked_and_then_given_up() {
        let mut session = Session::default();
        assert_eq!(session.want(0), Some(Wish::Connect));
        session.opened(100);
        assert_eq!(session.tick(5_000), None);
        assert_eq!(session.tick(session.wake_at_ms().unwrap()), Some(Wish::Ping));
        let given_up = session.wake_at_ms().unwrap();
        assert_eq!(session.tick(given_up), Some(Wish::Disconnect));
        assert!(session.wake_at_ms().unwrap() > given_up, "the timer does not stand still");
        assert_eq!(session.tick(given_up + 1), None);
        session.closed(40_000);
        assert_eq!(session.phase(), Phase::Offline);
        assert_eq!(session.tick(session.wake_at_ms().unwrap()), Some(Wish::Connect));
    }

    #[test]
    fn an_unwanted_connection_is_not_opened_again() {
        let mut session = Session::default();
        session.want(0);
        session.opened(1);
        assert_eq!(session.unwant(), Some(Wish::Disconnect));
        session.closed(2);
        assert_eq!(session.wake_at_ms(), None);
        assert_eq!(session.tick(u64::MAX), None);
    }
}
