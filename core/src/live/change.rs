//! A row changes: who belongs to which view afterwards.

use super::Live;
use super::listed::on_list;
use super::lists::{carry_out, put_in, take_out, touch};
use super::related::Around;
use super::view::column_bit;
use crate::json::beside::Members;
use crate::order_of::sort_and_dedup;
use crate::store::{Address, RowView, Store};

impl Live {
    /// A row is about to become `new`, or to go. The store still has the old one. `others` are the members that are others,
    /// where that is known.
    pub(crate) fn before(
        &mut self,
        store: &Store,
        at: Address,
        new: Option<&RowView<'_>>,
        others: Option<&Members>,
    ) {
        self.joining.clear();
        let old = store.view(at);
        if let (Some(old), Some(new)) = (&old, new) {
            self.host.changed(at, old.bytes, new.bytes, others);
        }
        self.related.clear();
        if old.is_some() && !self.dependents.is_empty() {
            self.relate(store, at, old.as_ref());
        }
        let mut candidates = std::mem::take(&mut self.candidates);
        self.find_candidates(store, at, old.as_ref(), new, &mut candidates);
        let changed = match (&old, new) {
            (Some(old), Some(new)) if !candidates.is_empty() => changed_columns(store, at.table, old, new),
            _ => u64::MAX,
        };
        for &index in &candidates {
            let Some(view) = self.views.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            self.counts.views_evaluated += 1;
            view.evaluated += 1;
            let around = Around { store, routes: &self.routes };
            let was = match &old {
                // Its conditions look at more than the row, so what held before can only be read off.
                Some(_) if !view.dependencies.is_empty() => view.has(store, at.slot),
                Some(row) => view.matcher.matches(around, at, row),
                None => false,
            };
            let is = match new {
                Some(_) if old.is_some() && changed & view.filter_columns == 0 => was,
                Some(row) => view.matcher.matches(around, at, row),
                None => false,
            };
            let (was, is) =
                on_list(view, &mut self.listings, index, store, at, (was, is), !self.are_lists_closed);
            if was && is && changed & view.tally_columns != 0 && changed & view.order_columns == 0 {
                view.tallies.iter_mut().for_each(|tally| tally.change(store, at.slot, false));
                self.recounting.push(index);
            }
            if was && is && changed & view.order_columns == 0 {
                touch(view, store, at.slot, None, &mut self.queries, &mut self.dirty);
                continue;
            }
            if was {
                if self.host.notes_left {
                    self.host.left.push(at);
                }
                take_out(view, store, at.slot, &mut self.queries, &mut self.dirty, &mut self.moves);
                carry_out(&mut self.host, &mut self.graph, &mut self.moves);
            }
            if is {
                self.joining.push(index);
            }
        }
        self.candidates = candidates;
    }

    /// The row announced by [`Self::before`] is in the store now.
    pub(crate) fn after(&mut self, store: &Store, at: Address) {
        let mut joining = std::mem::take(&mut self.joining);
        for index in joining.drain(..) {
            let Some(view) = self.views.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            put_in(view, store, at.slot, &mut self.queries, &mut self.dirty, &mut self.moves);
            carry_out(&mut self.host, &mut self.graph, &mut self.moves);
        }
        self.joining = joining;
        let mut recounting = std::mem::take(&mut self.recounting);
        for index in recounting.drain(..) {
            let Some(view) = self.views.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            view.tallies.iter_mut().for_each(|tally| tally.change(store, at.slot, true));
            self.recounted(index);
        }
        self.recounting = recounting;
        self.named_otherwise(store, at);
    }

    /// Notes the rows whose conditions look at this one, which is as given.
    #[inline(never)]
    fn relate(&mut self, store: &Store, at: Address, row: Option<&RowView<'_>>) {
        let Some(views) = self.dependents.get(&at.table) else { return };
        let around = Around { store, routes: &self.routes };
        let mut slots = Vec::new();
        for &index in views {
            let Some(view) = self.views.get(index as usize).and_then(Option::as_ref) else { continue };
            for dependency in view.dependencies.iter().filter(|dependency| dependency.table == at.table) {
                dependency.slots(around, at, row, &mut slots);
            }
            self.related.extend(slots.drain(..).map(|slot| (index, slot)));
        }
    }

    /// Looks again at the rows whose conditions look at one that changed.
    #[inline(never)]
    fn look_at_related(&mut self, store: &Store) {
        let mut related = std::mem::take(&mut self.related);
        sort_and_dedup(&mut related);
        for (index, slot) in related.drain(..) {
            let Some(view) = self.views.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            let at = Address { table: view.table, slot };
            let Some(row) = store.view(at) else { continue };
            self.counts.views_evaluated += 1;
            view.evaluated += 1;
            let is = view.matcher.matches(Around { store, routes: &self.routes }, at, &row);
            let both = (view.has(store, slot), is);
            match on_list(view, &mut self.listings, index, store, at, both, !self.are_lists_closed) {
                (true, false) => {
                    if self.host.notes_left {
                        self.host.left.push(at);
                    }
                    take_out(view, store, slot, &mut self.queries, &mut self.dirty, &mut self.moves)
                }
                (false, true) => {
                    put_in(view, store, slot, &mut self.queries, &mut self.dirty, &mut self.moves)
                }
                _ => {}
            }
            carry_out(&mut self.host, &mut self.graph, &mut self.moves);
        }
        self.related = related;
    }

    /// What leads to a row, or to none, is another than before.
    pub(crate) fn named_otherwise(&mut self, store: &Store, at: Address) {
        if !self.dependents.is_empty() {
            self.relate(store, at, store.view(at).as_ref());
            self.look_at_related(store);
        }
        if !self.graph.is_empty() {
            self.graph.changed(store, at);
        }
    }
}

/// The columns in which two rows differ.
fn changed_columns(store: &Store, table: u32, old: &RowView<'_>, new: &RowView<'_>) -> u64 {
    let columns = store.table(table).map_or(0, crate::store::Table::columns);
    let differs = |&column: &usize| !old.cell(column).same(old.bytes, new.cell(column), new.bytes);
    (0..columns).filter(differs).fold(0, |bits, column| bits | column_bit(column))
}
