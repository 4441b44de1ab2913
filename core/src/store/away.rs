//! Rows of a table that are not in memory: their ids are, and perhaps their places on disk.

/// The row is not in memory.
const AWAY: u8 = 1;
/// It is not on disk either: only the backend has it.
const LOST: u8 = 2;
/// It was used since it was last looked at.
const USED: u8 = 4;

/// What is known of each slot beside its row. Takes no memory before the first row is put away or marked.
#[derive(Default)]
pub(crate) struct Away {
    marks: Vec<u8>,
    /// When each row was confirmed last, in seconds; empty unless rows of the type expire.
    seen_s: Vec<u32>,
    count: u32,
    lost: u32,
}

impl Away {
    /// How many rows are not in memory.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// How many of them are not on disk either.
    pub(crate) fn lost(&self) -> u32 {
        self.lost
    }

    /// Slots from here on have nothing noted.
    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    fn mark(&self, slot: u32) -> u8 {
        self.marks.get(slot as usize).copied().unwrap_or_default()
    }

    fn mark_mut(&mut self, slot: u32) -> Option<&mut u8> {
        let index = slot as usize;
        if index >= self.marks.len() {
            self.marks.resize(index + 1, 0);
        }
        self.marks.get_mut(index)
    }

    #[inline]
    pub(crate) fn has(&self, slot: u32) -> bool {
        self.count > 0 && self.mark(slot) & AWAY != 0
    }

    pub(crate) fn is_lost(&self, slot: u32) -> bool {
        self.lost > 0 && self.mark(slot) & LOST != 0
    }

    /// The row is not in memory from now on; `true` if it was.
    pub(crate) fn put_away(&mut self, slot: u32) -> bool {
        let Some(mark) = self.mark_mut(slot) else { return false };
        if *mark & AWAY != 0 {
            return false;
        }
        *mark = AWAY;
        self.count += 1;
        true
    }

    /// A row that is not in memory is not on disk either; `true` if that is news.
    pub(crate) fn lose(&mut self, slot: u32) -> bool {
        let Some(mark) = self.mark_mut(slot) else { return false };
        if *mark & AWAY == 0 || *mark & LOST != 0 {
            return false;
        }
        *mark |= LOST;
        self.lost += 1;
        true
    }

    /// The row is in memory again, or is no more; `true` if it was away.
    pub(crate) fn take_back(&mut self, slot: u32) -> bool {
        if !self.has(slot) {
            return false;
        }
        let Some(mark) = self.mark_mut(slot) else { return false };
        let was_lost = *mark & LOST != 0;
        *mark = 0;
        self.count -= 1;
        self.lost -= u32::from(was_lost);
        true
    }

    /// The row is of use.
    pub(crate) fn set_used(&mut self, slot: u32) {
        if let Some(mark) = self.mark_mut(slot) {
            *mark |= USED;
        }
    }

    /// Was the row of use since this was last asked?
    pub(crate) fn take_used(&mut self, slot: u32) -> bool {
        let Some(mark) = self.marks.get_mut(slot as usize) else { return false };
        let was_used = *mark & USED != 0;
        *mark &= !USED;
        was_used
    }

    /// The row was confirmed at this time, in seconds.
    pub(crate) fn set_seen_s(&mut self, slot: u32, now_s: u32) {
        let index = slot as usize;
        if index >= self.seen_s.len() {
            self.seen_s.resize(index + 1, 0);
        }
        if let Some(seen) = self.seen_s.get_mut(index) {
            *seen = now_s;
        }
    }

    pub(crate) fn seen_s(&self, slot: u32) -> u32 {
        self.seen_s.get(slot as usize).copied().unwrap_or(u32::MAX)
    }
}
