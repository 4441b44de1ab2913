//! Pending mutations in order, and the layers they put over confirmed rows.

use std::borrow::Cow;

use hashbrown::HashMap;

use super::mutation::{Mutation, MutationState, PendingMutation};
use crate::order_of::sort_and_dedup;
use crate::registry::merge;
use crate::store::Address;

/// One operation, its entity found and its JSON checked.
pub(crate) struct LayerOp {
    pub at: Address,
    pub change: LayerChange,
}

/// What an operation makes of the row below it.
pub(crate) enum LayerChange {
    Set(Vec<u8>),
    Merge(Vec<u8>),
    Delete,
}

struct Pending {
    mutation: Mutation,
    layer: Vec<LayerOp>,
    state: MutationState,
    /// The sequence that confirms it, once acknowledged.
    sequence: Option<u64>,
}

/// Pending mutations, oldest first.
#[derive(Default)]
pub(crate) struct Outbox {
    pending: Vec<Pending>,
    /// How many operations there are over each row.
    layered: HashMap<Address, u32, foldhash::fast::FixedState>,
}

impl Outbox {
    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.pending.iter().any(|pending| pending.mutation.id == id)
    }

    pub(crate) fn push(&mut self, mutation: Mutation, layer: Vec<LayerOp>) {
        for op in &layer {
            *self.layered.entry(op.at).or_default() += 1;
        }
        self.pending.push(Pending { mutation, layer, state: MutationState::Queued, sequence: None });
    }

    /// Takes a mutation and its layer away; returns the rows that look different without it.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Vec<Address>> {
        let index = self.pending.iter().position(|pending| pending.mutation.id == id)?;
        let removed = self.pending.remove(index);
        let mut rows: Vec<Address> = removed.layer.iter().map(|op| op.at).collect();
        for at in &rows {
            if let Some(count) = self.layered.get_mut(at) {
                *count -= 1;
                if *count == 0 {
                    self.layered.remove(at);
                }
            }
        }
        sort_and_dedup(&mut rows);
        Some(rows)
    }

    /// Is there an operation over this row?
    pub(crate) fn covers(&self, at: Address) -> bool {
        !self.layered.is_empty() && self.layered.contains_key(&at)
    }

    /// What the layers make of a confirmed row.
    pub(crate) fn overlay<'a>(&'a self, at: Address, confirmed: Option<&'a [u8]>) -> Option<Cow<'a, [u8]>> {
        let ops = self.pending.iter().flat_map(|pending| &pending.layer).filter(|op| op.at == at);
        ops.fold(confirmed.map(Cow::Borrowed), |row, op| match (&op.change, row) {
            (LayerChange::Set(resource), _) => Some(Cow::Borrowed(resource.as_slice())),
            (LayerChange::Merge(fields), Some(row)) => {
                let mut merged = Vec::with_capacity(row.len() + fields.len());
                merge::merge(&mut merged, &row, fields, merge::Rules::DEEP);
                Some(Cow::Owned(merged))
            }
            (LayerChange::Merge(_), None) | (LayerChange::Delete, _) => None,
        })
    }

    /// The backend took the mutation; it is confirmed once the stream has reached `sequence`.
    pub(crate) fn acked(&mut self, id: &str, sequence: u64) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.mutation.id == id) {
            pending.state = MutationState::Acked;
            pending.sequence = Some(sequence);
        }
    }

    /// The mutations that are confirmed now that the stream has reached `cursor`.
    pub(crate) fn confirmed_by(&self, cursor: u64) -> Vec<String> {
        let is_confirmed = |pending: &&Pending| pending.sequence.is_some_and(|sequence| sequence <= cursor);
        self.pending.iter().filter(is_confirmed).map(|pending| pending.mutation.id.clone()).collect()
    }

    /// The mutations that are to be sent, oldest first; they count as in flight from here on.
    pub(crate) fn take_unsent(&mut self) -> impl Iterator<Item = &Mutation> + '_ {
        self.pending.iter_mut().filter(|pending| pending.state == MutationState::Queued).map(|pending| {
            pending.state = MutationState::InFlight;
            &pending.mutation
        })
    }

    /// The connection is gone: what was not answered will be sent again.
    pub(crate) fn connection_lost(&mut self) {
        for pending in &mut self.pending {
            if pending.state == MutationState::InFlight {
                pending.state = MutationState::Queued;
            }
        }
    }

    pub(crate) fn list(&self) -> Vec<PendingMutation> {
        let describe = |pending: &Pending| PendingMutation {
            id: pending.mutation.id.clone(),
            name: pending.mutation.name.clone(),
            state: pending.state,
        };
        self.pending.iter().map(describe).collect()
    }
}
