//! How far reading back has come: first what is needed to show the last screen, then the rest, the newest first.

use hashbrown::HashMap;

use super::places::Place;

/// How many segments are read at once; together they are a few megabytes.
const SEGMENTS_AT_ONCE: usize = 4;

/// What was asked for last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The cursor, pending mutations and the screen.
    Head,
    /// Rows that were written after the screen was.
    Tail,
    /// All other rows.
    Rest,
}

/// Reading back in progress.
pub(crate) struct Restoring {
    pub phase: Phase,
    /// Segments to read, by number.
    pub segments: Vec<u32>,
    /// All segments that there are.
    all: Vec<u32>,
    /// The screen, until it can be shown.
    pub hot: Vec<u8>,
    /// Rows of segments, by number, that are out of date.
    dead: HashMap<u32, Vec<u32>, foldhash::fast::FixedState>,
    /// Some rows could not be read, or may not be the last word.
    pub is_incomplete: bool,
}

impl Restoring {
    pub(crate) fn new(segments: Vec<u32>) -> Self {
        Self {
            phase: Phase::Head,
            all: segments.clone(),
            segments,
            hot: Vec::new(),
            dead: HashMap::default(),
            is_incomplete: false,
        }
    }

    /// Another segment says that these rows are out of date.
    pub(crate) fn mark(&mut self, marks: &[Place]) {
        for mark in marks {
            self.dead.entry(mark.segment).or_default().push(mark.index);
        }
    }

    /// The rows of a segment that are out of date, in order.
    pub(crate) fn dead_in(&self, segment: u32) -> Vec<u32> {
        let mut dead = self.dead.get(&segment).cloned().unwrap_or_default();
        crate::order_of::sort_and_dedup(&mut dead);
        dead
    }

    /// Is this row out of date, as far as is known?
    pub(crate) fn is_dead(&self, place: Place) -> bool {
        self.dead.get(&place.segment).is_some_and(|dead| dead.contains(&place.index))
    }

    /// Is the segment of this place among those that are stored?
    pub(crate) fn is_there(&self, place: Place) -> bool {
        self.all.binary_search(&place.segment).is_ok()
    }

    /// The segments to read next, the newest first, of those from `first` on.
    pub(crate) fn next_segments(&mut self, first: u32) -> Vec<u32> {
        let mut next = Vec::new();
        while next.len() < SEGMENTS_AT_ONCE
            && let Some(number) = self.segments.pop_if(|number| *number >= first)
        {
            next.push(number);
        }
        next
    }
}
