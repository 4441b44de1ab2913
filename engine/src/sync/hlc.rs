//! The hybrid logical clock: instants that agree with the clock on the wall as far as it can be trusted, and with cause and
//! effect always.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far ahead of this device's clock an instant from another may be, in milliseconds: 3 days. Two clocks that are a day
/// wrong each way still work together; one that is years ahead would win every conflict for years.
pub(crate) const MAX_AHEAD_MS: u64 = 3 * 86_400_000;

const COUNTER_BITS: u32 = 16;

/// An instant: milliseconds since 1970 in the upper 47 bits, a counter in the lower 16. In the order of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Hlc(u64);

impl Hlc {
    /// From the number that [`Hlc::number`] gave; negative ones are the beginning of time.
    pub(crate) fn from_number(number: i64) -> Self {
        Self(u64::try_from(number).unwrap_or(0))
    }

    /// As a number whose order is the order of instants.
    pub(crate) fn number(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }

    /// Milliseconds since 1970.
    pub(crate) fn ms(self) -> u64 {
        self.0 >> COUNTER_BITS
    }

    /// The instant of something that happens now, after `self`, which is the newest that this device knows of. A counter that is
    /// full goes on in the next millisecond.
    #[must_use]
    pub(crate) fn next(self, now_ms: u64) -> Self {
        let wall = now_ms.min(u64::MAX >> (COUNTER_BITS + 1)) << COUNTER_BITS;
        Self(wall.max(self.0.saturating_add(1)))
    }

    /// Whether it is so far ahead that the clock it is from must be wrong.
    pub(crate) fn is_too_far_ahead(self, now_ms: u64) -> bool {
        self.ms() > now_ms.saturating_add(MAX_AHEAD_MS)
    }
}

/// What decides between two changes: the instant, and between equal instants the device. No two changes have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Dot(pub(crate) Hlc, pub(crate) Uuid);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_device_never_gives_an_instant_twice_whatever_its_clock_does(readings in prop::collection::vec(0u64..1 << 46, 1..50)) {
            let mut last = Hlc::default();
            for now_ms in readings {
                let next = last.next(now_ms);
                prop_assert!(next > last);
                prop_assert!(next.ms() >= now_ms);
                prop_assert_eq!(Hlc::from_number(next.number()), next);
                last = next;
            }
        }

        #[test]
        fn an_effect_is_later_than_its_cause_on_another_device(cause in 0u64..1 << 46, behind in 0u64..1 << 46) {
            let seen = Hlc::default().next(cause);
            let effect = seen.next(cause.saturating_sub(behind));
            prop_assert!(effect > seen);
            // It is no further ahead of the wall than what it follows.
            prop_assert_eq!(effect.ms(), seen.ms());
        }

        #[test]
        fn instants_follow_the_wall_while_it_moves(first in 0u64..1 << 46, later in 1u64..1 << 40, many in 1u64..200) {
            let mut last = Hlc::default().next(first);
            for _ in 0..many {
                last = last.next(first);
            }
            prop_assert_eq!(last.next(first + later), Hlc::default().next(first + later));
        }

        #[test]
        fn clocks_may_differ_by_so_much_and_no_more(now in MAX_AHEAD_MS..1 << 46, off in 0u64..2 * MAX_AHEAD_MS) {
            let ahead = Hlc::default().next(now + off);
            prop_assert_eq!(ahead.is_too_far_ahead(now), off > MAX_AHEAD_MS);
            let behind = Hlc::default().next(now - off.min(now));
            prop_assert!(!behind.is_too_far_ahead(now));
        }
    }

    #[test]
    fn a_full_counter_goes_on_in_the_next_millisecond() {
        let mut last = Hlc::default().next(7);
        for _ in 0..=u64::from(u16::MAX) {
            last = last.next(7);
        }
        assert_eq!(last.ms(), 8);
    }

    #[test]
    fn instants_beyond_what_fits_stay_in_order() {
        let end = Hlc::from_number(i64::MAX);
        assert_eq!(Hlc::from_number(end.next(u64::MAX).number()), end);
        assert_eq!(Hlc::from_number(-1), Hlc::default());
    }

    #[test]
    fn equal_instants_are_told_apart_by_the_device() {
        let at = Hlc::default().next(5);
        assert!(Dot(at, Uuid::from_u128(1)) < Dot(at, Uuid::from_u128(2)));
        assert!(Dot(at, Uuid::from_u128(2)) < Dot(at.next(5), Uuid::from_u128(1)));
    }
}
