//! Where rows are on disk: in which segment, and which of its rows.

use std::collections::BTreeMap;

use crate::store::Address;

/// A row's place on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub segment: u32,
    pub index: u32,
}

impl Place {
    /// Not on disk.
    pub(crate) const NONE: Self = Self { segment: u32::MAX, index: 0 };

    pub(crate) fn is_none(self) -> bool {
        self.segment == u32::MAX
    }
}

/// A stored segment.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub number: u32,
    /// How many rows it has, and how many of them are still those that count.
    pub rows: u32,
    pub live: u32,
    pub bytes: u32,
    /// The rows of other segments that it says are out of date.
    pub marks: Vec<Place>,
}

/// Segments with fewer bytes are put together when there are many.
const SMALL_BYTES: u32 = 64 << 10;
const MOST_SMALL: usize = 32;
/// So many rows are moved together at most in one batch.
const MOST_MOVED: u32 = 4096;

/// The places of all rows, and the segments there are, by number.
#[derive(Default)]
pub(crate) struct Places {
    rows: Vec<Vec<Place>>,
    segments: Vec<Segment>,
    /// Segments that are to go.
    pub doomed: Vec<u32>,
    /// How many rows of a table, not in memory, are in a segment; by segment and table.
    away: BTreeMap<(u32, u32), u32>,
}

impl Places {
    pub(crate) fn get(&self, at: Address) -> Place {
        let place = self.rows.get(at.table as usize).and_then(|rows| rows.get(at.slot as usize));
        place.copied().unwrap_or(Place::NONE)
    }

    /// The row is there now; the place before counts no longer.
    pub(crate) fn set(&mut self, at: Address, place: Place) -> Place {
        let (table, slot) = (at.table as usize, at.slot as usize);
        if table >= self.rows.len() {
            self.rows.resize_with(table + 1, Vec::new);
        }
        let Some(rows) = self.rows.get_mut(table) else { return Place::NONE };
        if slot >= rows.len() {
            if place.is_none() {
                return Place::NONE;
            }
            rows.resize(slot + 1, Place::NONE);
        }
        let Some(held) = rows.get_mut(slot) else { return Place::NONE };
        let old = std::mem::replace(held, place);
        self.count(old, -1);
        self.count(place, 1);
        old
    }

    /// So many more rows of a segment count.
    pub(crate) fn count(&mut self, place: Place, by: i32) {
        if let Some(segment) = self.segment_mut(place.segment) {
            segment.live = segment.live.saturating_add_signed(by);
        }
    }

    fn index(&self, number: u32) -> Option<usize> {
        self.segments.binary_search_by(|segment| segment.number.cmp(&number)).ok()
    }

    fn segment_mut(&mut self, number: u32) -> Option<&mut Segment> {
        let index = self.index(number)?;
        self.segments.get_mut(index)
    }

    pub(crate) fn has(&self, number: u32) -> bool {
        self.index(number).is_some()
    }

    /// There is a segment of this number; nobody's row is in it yet.
    pub(crate) fn add(&mut self, segment: Segment) {
        if let Err(index) = self.segments.binary_search_by(|other| other.number.cmp(&segment.number)) {
            self.segments.insert(index, segment);
        }
    }

    /// There is no segment of this number any more.
    pub(crate) fn remove(&mut self, number: u32) -> Option<Segment> {
        let index = self.index(number)?;
        Some(self.segments.remove(index))
    }

    /// Segments whose rows are better written anew: those that are mostly out of date, and small ones when there are many. Of those
    /// with rows that are not in memory, or of the others.
    pub(crate) fn victims(&self, has_away: bool) -> Vec<u32> {
        let small = self.segments.iter().filter(|segment| segment.bytes < SMALL_BYTES).count();
        let mut room = MOST_MOVED;
        let mut victims = Vec::new();
        for segment in &self.segments {
            let is_sparse = segment.live * 2 < segment.rows || segment.rows == 0;
            let is_one_of_many = small > MOST_SMALL && segment.bytes < SMALL_BYTES;
            // A sparse one that is full of marks for others is as good as any.
            if (is_sparse && (segment.rows > 0 || small > MOST_SMALL) || is_one_of_many)
                && segment.live <= room
                && self.has_away(segment.number) == has_away
            {
                room -= segment.live;
                victims.push(segment.number);
            }
        }
        victims
    }

    /// One more row of a segment is not in memory, or is in memory again.
    pub(crate) fn count_away(&mut self, table: u32, place: Place, is_away: bool) {
        if place.is_none() {
            return;
        }
        let key = (place.segment, table);
        if is_away {
            *self.away.entry(key).or_default() += 1;
        } else if let Some(count) = self.away.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                self.away.remove(&key);
            }
        }
    }

    /// Is there such a segment, whose rows are all in memory?
    pub(crate) fn may_go(&self, number: u32) -> bool {
        self.has(number) && !self.has_away(number)
    }

    fn has_away(&self, segment: u32) -> bool {
        self.away.range((segment, 0)..=(segment, u32::MAX)).next().is_some()
    }

    /// The segments with rows of a table that are not in memory.
    pub(crate) fn away_of(&self, table: u32) -> Vec<u32> {
        self.away.keys().filter(|key| key.1 == table).map(|key| key.0).collect()
    }

    /// The oldest segment with rows that are not in memory.
    pub(crate) fn oldest_away(&self) -> Option<u32> {
        self.away.keys().next().map(|key| key.0)
    }

    /// The segment goes with the next batch, and what counts in it is moved; returns its bytes.
    pub(crate) fn doom(&mut self, number: u32) -> u64 {
        self.doomed.push(number);
        self.index(number)
            .and_then(|index| self.segments.get(index))
            .map_or(0, |segment| u64::from(segment.bytes))
    }

    /// Bytes of all segments.
    pub(crate) fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| u64::from(segment.bytes)).sum()
    }

    /// The rows that are in one of these segments.
    pub(crate) fn rows_in(&self, segments: &[u32]) -> impl Iterator<Item = Address> {
        self.rows_where(|place| segments.contains(&place.segment))
    }

    /// The rows that were in a segment that there is no more.
    pub(crate) fn rows_in_none(&self) -> impl Iterator<Item = Address> {
        self.rows_where(|place| !place.is_none() && !self.has(place.segment))
    }

    fn rows_where(&self, holds: impl Fn(&Place) -> bool + Copy) -> impl Iterator<Item = Address> {
        self.rows.iter().enumerate().flat_map(move |(table, rows)| {
            let is_in = move |(_, place): &(usize, &Place)| holds(place);
            let address = move |(slot, _)| Address { table: table as u32, slot: slot as u32 };
            rows.iter().enumerate().filter(is_in).map(address)
        })
    }
}
