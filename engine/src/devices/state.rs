//! What a device is doing about the library, from what is known of it.

use crate::database::entity::device_status::DeviceState;

/// What is known of a device now.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Facts {
    /// Somebody took it offline.
    pub(super) is_paused: bool,
    /// It and another device have told each other what they have.
    pub(super) has_met: bool,
    /// There is something that it does not have.
    pub(super) is_behind: bool,
    /// All shared rows are being given to it.
    pub(super) is_filling: bool,
}

/// The state that follows. A device that has had everything once is never new again.
pub(super) fn next(before: DeviceState, was_whole: bool, facts: Facts) -> DeviceState {
    let Facts { is_paused, has_met, is_behind, is_filling } = facts;
    if is_paused {
        return DeviceState::Paused;
    }
    let is_new = !was_whole
        && matches!(before, DeviceState::Uninitialized | DeviceState::Backfilling | DeviceState::Paused);
    match (is_new, has_met) {
        (true, false) if before == DeviceState::Backfilling => DeviceState::Backfilling,
        (true, false) => DeviceState::Uninitialized,
        (true, true) if is_behind || is_filling => DeviceState::Backfilling,
        (false, _) if is_filling => DeviceState::Backfilling,
        (false, _) if is_behind => DeviceState::CatchingUp,
        _ => DeviceState::Ready,
    }
}

#[cfg(test)]
mod tests {
    use super::DeviceState::{Backfilling, CatchingUp, Paused, Ready, Uninitialized};
    use super::*;

    const MET: Facts = Facts { has_met: true, is_paused: false, is_behind: false, is_filling: false };
    const BEHIND: Facts = Facts { is_behind: true, ..MET };

    #[test]
    fn a_new_device_is_filled_and_then_ready() {
        let mut state = Uninitialized;
        let mut states = Vec::new();
        for facts in [Facts::default(), BEHIND, BEHIND, MET] {
            state = next(state, false, facts);
            states.push(state);
        }
        assert_eq!(states, [Uninitialized, Backfilling, Backfilling, Ready]);
        assert_eq!(next(Backfilling, false, Facts::default()), Backfilling, "it broke off");
    }

    #[test]
    fn a_device_that_was_whole_catches_up() {
        assert_eq!(next(Ready, true, BEHIND), CatchingUp);
        assert_eq!(next(CatchingUp, true, Facts { has_met: false, ..BEHIND }), CatchingUp, "it went away");
        assert_eq!(next(CatchingUp, true, MET), Ready);
        assert_eq!(
            next(Ready, true, Facts { is_filling: true, ..MET }),
            Backfilling,
            "it was away for too long"
        );
    }

    #[test]
    fn a_device_that_is_offline_is_paused_until_it_is_back() {
        let paused = Facts { is_paused: true, ..BEHIND };
        assert_eq!(next(Ready, true, paused), Paused);
        assert_eq!(next(Paused, true, BEHIND), CatchingUp);
        assert_eq!(next(Paused, false, Facts::default()), Uninitialized);
    }
}
