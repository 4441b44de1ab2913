//! Runs of changes to one row, of which only the newest is sent.

use super::change::{SharedChange, What};
use super::model::{Merge, Strategy};
use super::registry::Registry;

/// Leaves out of a part of a stream what a later change of the same run says anew: earlier writes of a row as a whole, and fields that are
/// written again. What deleted rows said is left out anywhere. Only neighbours are a run: what stands between two changes may
/// need the first, and where that is left out, the position of the second covers both.
///
/// Links keep all their makings, since each can be undone; and rows with a rule of their own all their changes.
pub(super) fn coalesce(registry: &Registry, changes: Vec<SharedChange>) -> Vec<SharedChange> {
    let mut kept: Vec<SharedChange> = Vec::with_capacity(changes.len());
    for change in changes {
        if change.what == What::Redacted {
            continue;
        }
        let merge = registry.table(&change.model).map(|table| table.info().strategy);
        let begins = kept
            .iter()
            .rposition(|before| before.model != change.model || before.id != change.id)
            .map_or(0, |other| other + 1);
        match (merge, &change.what) {
            (Some(Strategy::Shared(Merge::LastWriteWins)), What::Put(_)) => {
                let is_write = |before: &SharedChange| matches!(before.what, What::Put(_));
                if kept[begins..].iter().all(is_write) {
                    kept.truncate(begins);
                }
            }
            (Some(Strategy::Shared(Merge::Fields)), What::Set { fields: again, .. }) => {
                let mut run = kept.split_off(begins);
                run.retain_mut(|before| match &mut before.what {
                    What::Set { fields, .. } if !fields.is_empty() => {
                        fields.retain(|field, _| !again.contains_key(field));
                        !fields.is_empty()
                    }
                    _ => true,
                });
                kept.append(&mut run);
            }
            _ => {}
        }
        kept.push(change);
    }
    kept
}
