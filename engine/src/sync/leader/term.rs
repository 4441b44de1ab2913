//! A term: for how long one device leads.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A term. The greater of two counts, everywhere. No two devices ever lead in the same one, since each names its leader, so a
/// position in the log of a term cannot be mistaken for one in another log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Term {
    /// How often the mode was switched on or off: it is on at odd numbers. Comes first, so that no election overrules a user.
    pub(crate) switched: u64,
    /// Counts the leaders since it was switched on, from 1.
    pub(crate) epoch: u64,
    /// Who leads, or who switched it off.
    pub(crate) device: Uuid,
}

impl Term {
    /// Who leads in it; nobody, while the mode is off.
    pub(crate) fn leader(&self) -> Option<Uuid> {
        (self.switched % 2 == 1).then_some(self.device)
    }

    /// A term after this one in which `device` leads.
    pub(crate) fn led_by(&self, device: Uuid) -> Self {
        match self.leader() {
            Some(_) => Self { epoch: self.epoch.saturating_add(1), device, ..*self },
            None => Self { switched: self.switched.saturating_add(1), epoch: 1, device },
        }
    }

    /// A term after this one in which nobody leads. `None`: it is off already.
    pub(crate) fn off(&self, by: Uuid) -> Option<Self> {
        self.leader()?;
        Some(Self { switched: self.switched.saturating_add(1), epoch: 0, device: by })
    }

    /// Whether two are of the same election.
    pub(crate) fn is_same_epoch(&self, other: &Self) -> bool {
        (self.switched, self.epoch) == (other.switched, other.epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Uuid = Uuid::from_u128(1);
    const B: Uuid = Uuid::from_u128(2);

    #[test]
    fn whatever_comes_next_is_greater_and_switching_overrules_all_elections() {
        let on = Term::default().led_by(B);
        assert_eq!((on.leader(), on.epoch), (Some(B), 1));
        let (handed, off) = (on.led_by(A), on.off(A).unwrap());
        assert_eq!((handed.leader(), off.leader(), off.off(B)), (Some(A), None, None));
        let elected_meanwhile = handed.led_by(B).led_by(A);
        assert!(Term::default() < on && on < handed && handed < elected_meanwhile && elected_meanwhile < off);
        assert!(off < off.led_by(A));
    }

    #[test]
    fn two_that_lead_at_once_are_not_in_the_same_term() {
        let [a, b] = [A, B].map(|device| Term::default().led_by(device));
        assert!(a != b && a.is_same_epoch(&b));
    }
}
