//! What of the cache stays in memory: budgets, which row goes next, and what has to come back from disk.

mod budget;
mod hand;
mod scan;

pub use budget::MemoryConfig;
pub(crate) use hand::Hand;
pub(crate) use scan::Scans;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use crate::store::Address;

/// Rows to look at in one step at most, beside those that the step itself is about.
pub(crate) const LOOKS_A_STEP: u64 = 256;
/// So many are looked at when time has passed.
pub(crate) const LOOKS_A_TICK: u64 = 4096;

/// Segments that are being read, and what for.
#[derive(Default)]
pub(crate) struct Loading {
    pub segments: Vec<u32>,
    /// Of these all rows are wanted, so that they can be written elsewhere.
    pub moving: Vec<u32>,
}

/// What the cache knows of its memory.
#[derive(Default)]
pub(crate) struct Memory {
    /// There is a budget, rows that expire, or rows that are not in memory.
    pub is_on: bool,
    pub hand: Hand,
    pub scans: Scans,
    /// Rows that must not be put away: the app said so. By table and hash of the id.
    pub pins: HashSet<(u32, u64), FixedState>,
    /// Rows that are to come back.
    pub wanted: HashSet<Address, FixedState>,
    /// Rows that events wait for; they stay until those are applied.
    pub needed: HashSet<Address, FixedState>,
    /// Rows that may have come to be of no use, to be looked at when the hand finds none.
    pub candidates: Vec<Address>,
    /// Rows that changed in this step, for each of which some are looked at.
    pub changed: u64,
    pub loading: Option<Loading>,
    /// A batch was written: there may be too much on the disk.
    pub was_written: bool,
    /// Segments to bring back, to be put together.
    pub moving: Vec<u32>,
    /// When rows that expired are looked for next, and where.
    pub sweep_at_ms: Option<u64>,
    pub swept: Address,
    /// Rows put away so far, and brought back from disk.
    pub evicted: u64,
    pub reloaded: u64,
    /// Rows looked at so far to find some to put away.
    pub looked_at: u64,
    /// There is more to do.
    pub is_behind: bool,
}
