//! Makes a story that goes wrong shorter, as long as it still goes wrong.

use crate::bug::Bug;
use crate::outcome::live;
use crate::plan::Plan;

/// So many stories are tried at most.
const MOST_TRIES: usize = 4_000;

/// A story that also goes wrong, with none of its steps to spare, and what goes wrong in it.
pub(crate) fn shrink(plan: &Plan, wrong: String, bug: Option<Bug>) -> (Plan, String) {
    let (mut best, mut wrong) = (plan.clone(), wrong);
    let mut tries = 0;
    let mut parts = 2;
    while tries < MOST_TRIES && best.steps.len() > 1 {
        let size = best.steps.len().div_ceil(parts);
        let mut is_shorter = false;
        let mut at = 0;
        while at < best.steps.len() && tries < MOST_TRIES {
            let mut steps = best.steps.clone();
            steps.drain(at..(at + size).min(steps.len()));
            let shorter = Plan { clients: best.clients.clone(), steps, killed_at: best.killed_at };
            tries += 1;
            match live(&shorter, bug) {
                Err(still) => {
                    (best, wrong, is_shorter) = (shorter, still, true);
                }
                Ok(_) => at += size,
            }
        }
        match (is_shorter, size) {
            (false, 1) => break,
            (false, _) => parts = (parts * 2).min(best.steps.len()),
            (true, _) => parts = parts.clamp(2, best.steps.len().max(2)),
        }
    }
    (best, wrong)
}
