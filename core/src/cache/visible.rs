//! The one place where a row changes: confirmed rows below, what pending mutations make of them above.

use std::borrow::Cow;

use super::Cache;
use crate::json::beside::Beside;
use crate::store::{Address, Cell, RowRef, RowView, Store};
use crate::wire::decode::Replaced;

impl Cache {
    /// Makes a row the confirmed one, or none; what is visible follows. Returns whether anything visible changed.
    /// `replaced` is what is known of the visible row beside it.
    pub(super) fn confirm_row(
        &mut self,
        at: Address,
        row: RowRef,
        cells: &[Cell],
        replaced: Option<&Replaced>,
    ) -> bool {
        let was_away = self.store.is_away(at);
        if was_away {
            self.take_back(at);
        }
        self.note_unsaved(at, row.is_none());
        if self.memory.is_on {
            self.used(at);
        }
        let changed = self.lay(at, row, cells, replaced);
        if was_away && row.is_none() {
            // Nothing was seen of it, but others may have waited for it.
            self.live.named_otherwise(&self.store, at);
        }
        changed
    }

    /// Makes a row the confirmed one that is no news to the disk.
    pub(super) fn lay(
        &mut self,
        at: Address,
        row: RowRef,
        cells: &[Cell],
        replaced: Option<&Replaced>,
    ) -> bool {
        let is_covered = self.outbox.covers(at);
        let Some(table) = self.store.tables.get_mut(at.table as usize) else { return false };
        if table.is_split(at.slot) {
            let old = table.confirmed_ref(at.slot);
            self.store.slab.free(old);
        }
        if !is_covered {
            table.set_confirmed(at.slot, None);
            return self.show(at, row, cells, replaced);
        }
        table.set_confirmed(at.slot, Some(row));
        self.overlay(at)
    }

    /// The layers over a row changed, or the row below them: works out what is visible.
    pub(super) fn overlay(&mut self, at: Address) -> bool {
        let Some(table) = self.store.tables.get_mut(at.table as usize) else { return false };
        if !self.outbox.covers(at) {
            if self.memory.is_on {
                self.memory.candidates.push(at);
            }
            if !table.is_split(at.slot) {
                return false;
            }
            let row = table.confirmed_ref(at.slot);
            table.set_confirmed(at.slot, None);
            return self.show_beside(at, row);
        }
        if !table.is_split(at.slot) {
            let row = table.row_ref(at.slot);
            table.set_confirmed(at.slot, Some(row));
        }
        let visible = self.outbox.overlay(at, self.store.confirmed(at)).map(Cow::into_owned);
        let row = visible.map_or(RowRef::NONE, |row| self.store.slab.push(&row));
        self.show_beside(at, row)
    }

    /// Makes a good row visible, or none.
    fn show_beside(&mut self, at: Address, row: RowRef) -> bool {
        let (cells, replaced) = self.beside_visible(at, row);
        self.show(at, row, &cells, replaced.as_ref())
    }

    /// The cells of a good row, and what is known of the visible one beside it.
    pub(super) fn beside_visible(&mut self, at: Address, row: RowRef) -> (Vec<Cell>, Option<Replaced>) {
        let mut cells = Vec::new();
        let Store { tables, slab, .. } = &mut self.store;
        let Some(table) = tables.get_mut(at.table as usize).filter(|_| !row.is_none()) else {
            return (cells, None);
        };
        let visible = table.row_ref(at.slot);
        let mut beside = (!visible.is_none()).then(|| Beside::new(slab.get(visible), 0));
        table.cells_beside(slab.get(row), &mut cells, beside.as_mut());
        let replaced = beside.map(|beside| Replaced { slot: at.slot, row: visible, others: beside.others() });
        (cells, replaced)
    }

    /// Makes a row visible, or none, and keeps the live queries current.
    pub(super) fn show(
        &mut self,
        at: Address,
        row: RowRef,
        cells: &[Cell],
        replaced: Option<&Replaced>,
    ) -> bool {
        let new = (!row.is_none()).then(|| RowView::new(self.store.slab.get(row), cells));
        let visible = self.store.table(at.table).map(|table| table.row_ref(at.slot));
        let replaced = replaced.filter(|replaced| visible == Some(replaced.row));
        let others = replaced.and_then(|replaced| replaced.others.as_ref());
        let is_same = match (self.store.view(at), &new, others) {
            (Some(_), Some(_), Some(others)) => others.is_empty(),
            (Some(old), Some(new), None) => old.bytes == new.bytes,
            (old, new, _) => old.is_none() && new.is_none(),
        };
        if !is_same {
            self.live.before(&self.store, at, new.as_ref(), others);
        }
        self.store.put(at, row, cells);
        if !is_same {
            self.live.after(&self.store, at);
        }
        if row.is_none() && !self.outbox.covers(at) {
            self.store.release_if_empty(at);
        }
        !is_same
    }
}
