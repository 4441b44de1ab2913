//! Which rows the host holds objects for: what must be sent when a row changes, and what it may let go of.

use crate::json::beside::{Members, write_members};
use crate::json::changes::changed_members;
use crate::store::Address;

#[derive(Clone, Copy, Default)]
struct HostRow {
    /// How many lists show the row.
    lists: u32,
    /// Flags, and above them which of the changes that are written are the row's, counted from 1.
    flags: u32,
}

/// The host has an object for the row.
const HELD: u32 = 1;
/// The row changed since the last patch.
const CHANGED: u32 = 2;
/// The row is among those to look at for the next patch.
const LISTED: u32 = 4;
/// How many bits those are.
const FLAGS: u32 = 3;

/// What the host holds, by table and slot.
#[derive(Default)]
pub(crate) struct Host {
    rows: Vec<Vec<HostRow>>,
    listed: Vec<Address>,
    takes_changes: bool,
    /// Rows that left results, if somebody wants to know.
    pub left: Vec<Address>,
    pub notes_left: bool,
    /// The members that changed of rows that changed once since the last patch, and where each row's end.
    changes: Vec<u8>,
    ends: Vec<u32>,
}

/// What the host must be told about one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// Here is the row.
    Set(Address),
    /// In the row that it holds, members changed: those of this number.
    Changed(Address, u32),
    /// No list shows it any more.
    Released(Address),
}

impl Host {
    /// A host that takes what changed in a row instead of the row, or does not.
    pub(crate) fn new(takes_changes: bool) -> Self {
        Self { takes_changes, ..Self::default() }
    }

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
            if row.lists == 0 && self.notes_left {
                self.left.push(at);
            }
        }
    }

    /// The row's bytes are about to be others. A row that no list shows costs nothing.
    pub(crate) fn changed(&mut self, at: Address, old: &[u8], new: &[u8], others: Option<&Members>) {
        let row = self.rows.get(at.table as usize).and_then(|rows| rows.get(at.slot as usize));
        let Some(flags) = row.map(|row| row.flags).filter(|flags| flags & HELD != 0) else { return };
        // What the host holds is `old`, if this is the first change since the last patch.
        let is_written = self.takes_changes
            && flags & CHANGED == 0
            && match others {
                Some(others) => write_members(&mut self.changes, new, others),
                None => changed_members(&mut self.changes, old, new),
            };
        if is_written {
            self.ends.push(self.changes.len() as u32);
        }
        let number = if is_written { self.ends.len() as u32 } else { 0 };
        if let Some(row) = self.noted(at) {
            row.flags = row.flags & LISTED | HELD | CHANGED | number << FLAGS;
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
                // Whole, because somebody is to get it who does not have it.
                row.flags = HELD | CHANGED | LISTED;
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
            match (row.lists > 0, is_held, row.flags >> FLAGS) {
                (true, true, 0) if !is_changed => {}
                (true, _, 0) => news.push(News::Set(at)),
                (true, _, number) => news.push(News::Changed(at, number)),
                (false, true, _) => news.push(News::Released(at)),
                (false, false, _) => {}
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

    /// Does some list show the row, or does the host still have it?
    pub(crate) fn shows(&self, at: Address) -> bool {
        let row = self.rows.get(at.table as usize).and_then(|rows| rows.get(at.slot as usize));
        row.is_some_and(|row| row.lists > 0 || row.flags & HELD != 0)
    }

    /// The members of this number, as an object.
    pub(crate) fn written(&self, number: u32) -> &[u8] {
        let end = |number: usize| self.ends.get(number.wrapping_sub(1)).map_or(0, |&end| end as usize);
        let number = number as usize;
        self.changes.get(end(number.saturating_sub(1))..end(number)).unwrap_or_default()
    }

    /// The news have been told.
    pub(crate) fn forget_changes(&mut self) {
        self.changes.clear();
        self.ends.clear();
        // A large batch must not hold its memory for ever.
        self.changes.shrink_to(64 << 10);
        self.ends.shrink_to(4 << 10);
    }

    /// How many rows the host holds; counted by looking at all.
    pub(crate) fn held(&self) -> usize {
        self.rows.iter().flatten().filter(|row| row.flags & HELD != 0).count()
    }
}
