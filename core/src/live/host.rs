//! Which rows the host holds objects for: what must be sent when a row changes, and what it may let go of.

use crate::store::Address;

#[derive(Clone, Copy, Default)]
struct HostRow {
    /// How many lists show the row.
    lists: u32,
    flags: u8,
}

/// The host has an object for the row.
const HELD: u8 = 1;
/// The row changed since the last patch.
const CHANGED: u8 = 2;
/// The row is among those to look at for the next patch.
const LISTED: u8 = 4;

/// What the host holds, by table and slot.
#[derive(Default)]
pub(crate) struct Host {
    rows: Vec<Vec<HostRow>>,
    listed: Vec<Address>,
}

/// What the host must be told about one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// Here is the row.
    Set(Address),
    /// No list shows it any more.
    Released(Address),
}

impl Host {
    /// The row's entry, which is noted for the next patch.
    fn noted(&mut self, at: Address) -> Option<&mut HostRow> {
        let table = at.table as usize;
        if table >= self.rows.len() {
            self.rows.resize_with(table + 1, Vec::new);
        }
        let rows = self.rows.get_mut(table)?;
        let slot = at.slot as usize;
        if slot >= rows.len() {
            rows.resize(slot + 1, HostRow::default());
        }
        let row = rows.get_mut(slot)?;
        if row.flags & LISTED == 0 {
            row.flags |= LISTED;
            self.listed.push(at);
        }
        Some(row)
    }

    /// A list shows the row.
    pub(crate) fn enter(&mut self, at: Address) {
        if let Some(row) = self.noted(at) {
            row.lists += 1;
        }
    }

    /// A list no longer shows the row.
    pub(crate) fn leave(&mut self, at: Address) {
        if let Some(row) = self.noted(at) {
            row.lists = row.lists.saturating_sub(1);
        }
    }

    /// The row's bytes changed. A row that no list shows costs nothing.
    pub(crate) fn changed(&mut self, at: Address) {
        let is_held = self
            .rows
            .get(at.table as usize)
            .and_then(|rows| rows.get(at.slot as usize))
            .is_some_and(|row| row.flags & HELD != 0);
        if is_held && let Some(row) = self.noted(at) {
            row.flags |= CHANGED;
        }
    }

    /// Every row that the host holds is sent again with the next patch.
    pub(crate) fn resend(&mut self) {
        for (table, rows) in self.rows.iter_mut().enumerate() {
            for (slot, row) in rows.iter_mut().enumerate() {
                if row.flags & HELD == 0 {
                    continue;
                }
                if row.flags & LISTED == 0 {
                    self.listed.push(Address { table: table as u32, slot: slot as u32 });
                }
                row.flags |= CHANGED | LISTED;
            }
        }
    }

    /// What the host must be told, once.
    pub(crate) fn take_news(&mut self, news: &mut Vec<News>) {
        for at in self.listed.drain(..) {
            let Some(row) =
                self.rows.get_mut(at.table as usize).and_then(|rows| rows.get_mut(at.slot as usize))
            else {
                continue;
            };
            let (is_held, is_changed) = (row.flags & HELD != 0, row.flags & CHANGED != 0);
            match (row.lists > 0, is_held) {
                (true, true) if !is_changed => {}
                (true, _) => news.push(News::Set(at)),
                (false, true) => news.push(News::Released(at)),
                (false, false) => {}
            }
            row.flags = if row.lists > 0 { HELD } else { 0 };
        }
    }

    /// The rows that some list shows.
    pub(crate) fn shown(&self) -> impl Iterator<Item = Address> {
        self.rows.iter().enumerate().flat_map(|(table, rows)| {
            let shown = rows.iter().enumerate().filter(|(_, row)| row.lists > 0);
            shown.map(move |(slot, _)| Address { table: table as u32, slot: slot as u32 })
        })
    }

    /// How many rows the host holds; counted by looking at all.
    pub(crate) fn held(&self) -> usize {
        self.rows.iter().flatten().filter(|row| row.flags & HELD != 0).count()
    }
}
