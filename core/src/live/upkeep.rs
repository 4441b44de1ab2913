//! When an index that was built on demand has gone unused for so long that it goes.
//!
//! The core has no clock, so time is counted in what costs something: queries that are mounted, and rows that change.

/// One mounted query is as long as so many changed rows.
const MOUNT: u64 = 64;
/// An index goes when it was of no use to the last 256 mounted queries, or to the last 16,384 changed rows, of its table.
const LONG: u64 = 256 * MOUNT;

/// The time of one table, and what it did to its indexes.
#[derive(Default)]
pub(crate) struct Clock {
    pub now: u64,
    pub built: u64,
    pub dropped: u64,
}

impl Clock {
    pub(crate) fn mounted(&mut self) {
        self.now += MOUNT;
    }

    /// A row changed. Is it time to look for indexes that nobody uses?
    pub(crate) fn changed(&mut self) -> bool {
        self.now += 1;
        self.now.is_multiple_of(LONG / 16)
    }

    pub(crate) fn is_long_ago(&self, time: u64) -> bool {
        self.now - time > LONG
    }
}
