//! Pending mutations in order, and the layers they put over confirmed rows.

use std::borrow::Cow;

use hashbrown::HashMap;

use super::mutation::{Mutation, MutationState, PendingMutation};
use super::record::{self, Record};
use super::retry::retry_at_ms;
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
    /// Its place among all mutations ever made, and its name on disk.
    order: u64,
    mutation: Mutation,
    layer: Vec<LayerOp>,
    state: MutationState,
    /// The sequence that confirms it, once acknowledged.
    sequence: Option<u64>,
    /// It outlives the app, or there is nothing that it could outlive the app in.
    is_safe: bool,
    /// It may have reached the backend.
    was_sent: bool,
    attempts: u32,
    not_before_ms: u64,
    /// Mutations that this one replaced before they were sent.
    also: Vec<String>,
}

impl Pending {
    fn touches(&self, rows: &[Address]) -> bool {
        self.layer.iter().any(|op| rows.contains(&op.at))
    }
}

/// A mutation that is to be sent.
pub(crate) struct Unsent {
    pub id: String,
    pub name: String,
    pub args: Box<serde_json::value::RawValue>,
}

/// A mutation that is pending no longer.
pub(crate) struct Removed {
    /// The rows that look different without it.
    pub rows: Vec<Address>,
    /// Its id, and those of the mutations that it replaced.
    pub ids: Vec<String>,
}

/// Pending mutations, oldest first.
#[derive(Default)]
pub(crate) struct Outbox {
    pending: Vec<Pending>,
    /// The mutations over each row, oldest first.
    layered: HashMap<Address, Vec<u64>, foldhash::fast::FixedState>,
    next_order: u64,
    /// Mutations are kept on disk.
    pub is_durable: bool,
    /// A mutation is sent only once it is there.
    pub must_wait: bool,
    /// Mutations whose record on disk is to be written, and removed.
    unwritten: Vec<u64>,
    gone: Vec<u64>,
}

impl Outbox {
    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    fn find(&self, id: &str) -> Option<usize> {
        self.pending
            .iter()
            .position(|pending| pending.mutation.id == id || pending.also.iter().any(|also| also == id))
    }

    fn at_order(&self, order: u64) -> Option<usize> {
        self.pending.binary_search_by(|pending| pending.order.cmp(&order)).ok()
    }

    /// Mutations get places after this one from now on.
    pub(crate) fn count_from(&mut self, order: u64) {
        self.next_order = self.next_order.max(order);
    }

    /// Adds a mutation with what it does.
    pub(crate) fn push(&mut self, mutation: Mutation, layer: Vec<LayerOp>) {
        if let Some(index) = self.replaceable(&mutation, &layer) {
            return self.replace(index, mutation, layer);
        }
        let order = self.next_order;
        self.next_order += 1;
        self.cover(order, &layer);
        if self.is_durable {
            self.unwritten.push(order);
        }
        self.pending.push(Pending {
            order,
            mutation,
            layer,
            state: MutationState::Queued,
            sequence: None,
            is_safe: !self.must_wait,
            was_sent: false,
            attempts: 0,
            not_before_ms: 0,
            also: Vec::new(),
        });
    }

    /// Adds a mutation that was stored before; those come in order.
    pub(crate) fn restore(&mut self, order: u64, record: Record, layer: Vec<LayerOp>) {
        self.count_from(order + 1);
        self.cover(order, &layer);
        let place = self.pending.partition_point(|pending| pending.order < order);
        self.pending.insert(
            place,
            Pending {
                order,
                mutation: record.mutation,
                layer,
                state: record.state,
                sequence: record.sequence,
                is_safe: true,
                // Nobody knows how far it got before the app ended.
                was_sent: true,
                attempts: 0,
                not_before_ms: 0,
                also: record.also,
            },
        );
    }

    fn cover(&mut self, order: u64, layer: &[LayerOp]) {
        for op in layer {
            let orders = self.layered.entry(op.at).or_default();
            let place = orders.partition_point(|&other| other <= order);
            if place.checked_sub(1).and_then(|before| orders.get(before)) != Some(&order) {
                orders.insert(place, order);
            }
        }
    }

    fn uncover(&mut self, order: u64, rows: &[Address]) {
        for at in rows {
            if let Some(orders) = self.layered.get_mut(at) {
                orders.retain(|&other| other != order);
                if orders.is_empty() {
                    self.layered.remove(at);
                }
            }
        }
    }

    /// The mutation that this one makes superfluous: never sent, of the same name and key, and the last over its rows.
    fn replaceable(&self, mutation: &Mutation, layer: &[LayerOp]) -> Option<usize> {
        let key = mutation.coalesce.as_ref()?;
        let rows: Vec<Address> = layer.iter().map(|op| op.at).collect();
        let (index, last) =
            self.pending.iter().enumerate().rev().find(|(_, pending)| pending.touches(&rows))?;
        let is_same = last.mutation.name == mutation.name && last.mutation.coalesce.as_ref() == Some(key);
        (is_same && last.state == MutationState::Queued && !last.was_sent).then_some(index)
    }

    fn replace(&mut self, index: usize, mutation: Mutation, layer: Vec<LayerOp>) {
        let Some(order) = self.pending.get(index).map(|pending| pending.order) else { return };
        self.cover(order, &layer);
        let (is_durable, must_wait) = (self.is_durable, self.must_wait);
        let Some(pending) = self.pending.get_mut(index) else { return };
        let mut before = std::mem::replace(&mut pending.mutation, mutation);
        pending.also.push(std::mem::take(&mut before.id));
        // What only the one before touched must not be lost: it was shown, and the app has not taken it back.
        before.optimistic.append(&mut pending.mutation.optimistic);
        pending.mutation.optimistic = before.optimistic;
        pending.layer.extend(layer);
        pending.is_safe = !must_wait;
        if is_durable {
            self.unwritten.push(order);
        }
    }

    /// Takes a mutation and its layer away.
    #[inline(never)]
    pub(crate) fn remove(&mut self, id: &str) -> Option<Removed> {
        let removed = self.pending.remove(self.find(id)?);
        let mut rows: Vec<Address> = removed.layer.iter().map(|op| op.at).collect();
        sort_and_dedup(&mut rows);
        self.uncover(removed.order, &rows);
        if self.is_durable {
            self.gone.push(removed.order);
        }
        let mut ids = removed.also;
        ids.push(removed.mutation.id);
        Some(Removed { rows, ids })
    }

    /// Is there an operation over this row?
    pub(crate) fn covers(&self, at: Address) -> bool {
        !self.layered.is_empty() && self.layered.contains_key(&at)
    }

    /// What the layers make of a confirmed row.
    pub(crate) fn overlay<'a>(&'a self, at: Address, confirmed: Option<&'a [u8]>) -> Option<Cow<'a, [u8]>> {
        let orders = self.layered.get(&at).into_iter().flatten();
        let layers = orders.filter_map(|&order| self.pending.get(self.at_order(order)?));
        let ops = layers.flat_map(|pending| &pending.layer).filter(|op| op.at == at);
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

    /// All rows that some mutation is over.
    pub(crate) fn covered(&self) -> Vec<Address> {
        let mut rows: Vec<Address> = self.layered.keys().copied().collect();
        sort_and_dedup(&mut rows);
        rows
    }

    /// The backend took the mutation; it is confirmed once the stream has reached `sequence`.
    pub(crate) fn acked(&mut self, id: &str, sequence: u64) {
        let Some(pending) = self.find(id).and_then(|index| self.pending.get_mut(index)) else { return };
        pending.state = MutationState::Acked;
        pending.sequence = Some(sequence);
        if self.is_durable {
            self.unwritten.push(pending.order);
        }
    }

    /// Sequences count in another log now, and say nothing of mutations that were accepted before. Asked again, the backend says where
    /// they are in this one.
    pub(crate) fn log_changed(&mut self) {
        for pending in &mut self.pending {
            if pending.sequence.take().is_some() {
                pending.state = MutationState::Queued;
                if self.is_durable {
                    self.unwritten.push(pending.order);
                }
            }
        }
    }

    /// The backend could not deal with the mutation now; it goes again later. `false` if it is not pending.
    pub(crate) fn postpone(&mut self, id: &str, now_ms: u64) -> bool {
        let Some(pending) = self.find(id).and_then(|index| self.pending.get_mut(index)) else { return false };
        pending.state = MutationState::Queued;
        pending.not_before_ms = retry_at_ms(pending.attempts, now_ms);
        true
    }

    /// When the next postponed mutation may go. One that may go already waits for something else than time.
    pub(crate) fn wake_at_ms(&self, now_ms: u64) -> Option<u64> {
        let queued = self.pending.iter().filter(|pending| pending.state == MutationState::Queued);
        queued.map(|pending| pending.not_before_ms).filter(|&at_ms| at_ms > now_ms).min()
    }

    /// The refused mutation's rows are known: unsent edits of the same entities wait for the app's word, and so do those after them.
    pub(crate) fn hold_dependents(&mut self, rows: &[Address]) {
        let mut rows = rows.to_vec();
        for pending in &mut self.pending {
            if pending.state == MutationState::Queued && pending.touches(&rows) {
                pending.state = MutationState::Held;
                rows.extend(pending.layer.iter().map(|op| op.at));
                if self.is_durable {
                    self.unwritten.push(pending.order);
                }
            }
        }
    }

    /// Lets a held mutation go after all; `false` if it is not held.
    pub(crate) fn release(&mut self, id: &str) -> bool {
        let Some(pending) = self.find(id).and_then(|index| self.pending.get_mut(index)) else { return false };
        if pending.state != MutationState::Held {
            return false;
        }
        pending.state = MutationState::Queued;
        if self.is_durable {
            self.unwritten.push(pending.order);
        }
        true
    }

    /// Is the mutation with the backend? `None` if it is not pending.
    pub(crate) fn is_sent(&self, id: &str) -> Option<bool> {
        let pending = self.pending.get(self.find(id)?)?;
        Some(matches!(pending.state, MutationState::InFlight | MutationState::Acked))
    }

    /// The mutations that are confirmed now that the stream has reached `cursor`.
    pub(crate) fn confirmed_by(&self, cursor: u64) -> Vec<String> {
        let is_confirmed = |pending: &&Pending| pending.sequence.is_some_and(|sequence| sequence <= cursor);
        self.pending.iter().filter(is_confirmed).map(|pending| pending.mutation.id.clone()).collect()
    }

    /// The mutations that are to be sent now, oldest first; they count as in flight from here on.
    ///
    /// Edits of one entity go one after the other, each when the one before it has been accepted.
    pub(crate) fn take_unsent(&mut self, now_ms: u64) -> Vec<Unsent> {
        let mut unsent = Vec::new();
        for index in 0..self.pending.len() {
            if self.may_go(index, now_ms)
                && let Some(pending) = self.pending.get_mut(index)
            {
                pending.state = MutationState::InFlight;
                pending.attempts += 1;
                pending.not_before_ms = 0;
                pending.was_sent = true;
                let Mutation { id, name, args, .. } = &pending.mutation;
                unsent.push(Unsent { id: id.clone(), name: name.clone(), args: args.clone() });
            }
        }
        unsent
    }

    fn may_go(&self, index: usize, now_ms: u64) -> bool {
        let Some(pending) = self.pending.get(index) else { return false };
        let is_free = |op: &LayerOp| {
            let orders = self.layered.get(&op.at).into_iter().flatten();
            let mut before = orders.take_while(|&&order| order < pending.order);
            before.all(|&order| {
                let other = self.at_order(order).and_then(|index| self.pending.get(index));
                other.is_none_or(|other| other.state == MutationState::Acked)
            })
        };
        pending.state == MutationState::Queued
            && pending.is_safe
            && pending.not_before_ms <= now_ms
            && pending.layer.iter().all(is_free)
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

    /// Is there a mutation that waits for being stored before it can be sent?
    pub(crate) fn has_unwritten(&self) -> bool {
        !self.unwritten.is_empty()
    }

    /// Are there records to remove?
    pub(crate) fn has_gone(&self) -> bool {
        !self.gone.is_empty()
    }

    /// The records to write, with their places; they count as written from here on.
    pub(crate) fn take_unwritten(&mut self) -> Vec<(u64, Vec<u8>)> {
        let mut orders = std::mem::take(&mut self.unwritten);
        sort_and_dedup(&mut orders);
        let record = |order| {
            let pending = self.pending.get(self.at_order(order)?)?;
            let Pending { state, sequence, also, mutation, .. } = pending;
            Some((order, record::write(*state, *sequence, also, mutation)))
        };
        orders.into_iter().filter_map(record).collect()
    }

    /// The records to remove; they count as removed from here on.
    pub(crate) fn take_gone(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.gone)
    }

    /// These records are on disk now.
    pub(crate) fn written(&mut self, orders: &[u64]) {
        for &order in orders {
            if self.unwritten.contains(&order) {
                continue;
            }
            if let Some(pending) = self.at_order(order).and_then(|index| self.pending.get_mut(index)) {
                pending.is_safe = true;
            }
        }
    }

    /// What counted as written and removed was not. What waited for that may go all the same: the app was told.
    pub(crate) fn not_written(&mut self, written: &[u64], gone: &[u64]) {
        self.unwritten.extend_from_slice(written);
        self.gone.extend_from_slice(gone);
        for pending in &mut self.pending {
            pending.is_safe = true;
        }
    }

    /// Nothing is stored any more.
    pub(crate) fn give_up_durability(&mut self) {
        self.not_written(&[], &[]);
        (self.is_durable, self.must_wait) = (false, false);
        self.unwritten.clear();
        self.gone.clear();
    }
}
