//! The time that the core is told: milliseconds since 1970 that never go back, whatever happens to the clock of the machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

#[derive(Clone)]
pub(crate) struct Clock {
    start: Instant,
    start_ms: u64,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), start_ms: since_epoch.as_millis() as u64 }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.start_ms + self.start.elapsed().as_millis() as u64
    }

    pub(crate) fn instant(&self, at_ms: u64) -> Instant {
        // A year is as good as never.
        const LONGEST_MS: u64 = 365 * 24 * 3_600_000;
        self.start + Duration::from_millis(at_ms.saturating_sub(self.start_ms).min(LONGEST_MS))
    }
}
