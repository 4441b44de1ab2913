//! How long to wait before trying again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(30);

/// Each wait is twice as long as the one before, up to half a minute.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { next: FIRST }
    }
}

impl Backoff {
    /// The next wait. `random` makes it up to a half shorter, so that many do not come at once.
    pub(super) fn wait(&mut self, random: u8) -> Duration {
        let wait = self.next;
        self.next = (wait * 2).min(LONGEST);
        wait - wait.mul_f64(f64::from(random) / 512.0)
    }

    /// It worked.
    pub(super) fn reset(&mut self) {
        self.next = FIRST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_half_a_minute_and_begin_anew() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..9).map(|_| backoff.wait(0).as_millis().try_into().unwrap()).collect();
        assert_eq!(waits, [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        backoff.reset();
        assert!((125..=250).contains(&backoff.wait(255).as_millis()));
    }
}
