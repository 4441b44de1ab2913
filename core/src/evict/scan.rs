//! Reading back all rows of a type, a few segments at a time, for queries that any of them might match.
//!
//! A query that comes while others are being served begins in the middle and goes round once, so that none waits for ever.

use std::collections::VecDeque;

/// The scan of one table.
#[derive(Default)]
struct Scan {
    /// Segments to read, in order.
    queue: VecDeque<u32>,
    /// So many of the first are being read.
    reading: usize,
    /// How many have been read.
    done: u64,
}

/// The scans of all tables.
#[derive(Default)]
pub(crate) struct Scans {
    tables: Vec<Scan>,
}

impl Scans {
    /// All these segments are to be read from now on; returns the count at which they have been.
    pub(crate) fn want(&mut self, table: u32, segments: &[u32]) -> u64 {
        let table = table as usize;
        if table >= self.tables.len() {
            self.tables.resize_with(table + 1, Scan::default);
        }
        let Some(scan) = self.tables.get_mut(table) else { return 0 };
        for &segment in segments {
            if !scan.queue.contains(&segment) {
                scan.queue.push_back(segment);
            }
        }
        scan.done + scan.queue.len() as u64
    }

    /// How many segments have been read for this table.
    pub(crate) fn done(&self, table: u32) -> u64 {
        self.tables.get(table as usize).map_or(0, |scan| scan.done)
    }

    /// Nobody waits for the tables any more that are not among these.
    pub(crate) fn keep(&mut self, wanted: &dyn Fn(u32) -> bool) {
        for (table, scan) in self.tables.iter_mut().enumerate() {
            if !scan.queue.is_empty() && !wanted(table as u32) {
                scan.done += scan.queue.len() as u64;
                scan.queue.clear();
                scan.reading = 0;
            }
        }
    }

    /// The segments to read next, added to these until there are `most`.
    pub(crate) fn begin(&mut self, segments: &mut Vec<u32>, most: usize) {
        for scan in &mut self.tables {
            scan.reading = 0;
            for &segment in &scan.queue {
                if !segments.contains(&segment) {
                    if segments.len() >= most {
                        break;
                    }
                    segments.push(segment);
                }
                scan.reading += 1;
            }
        }
    }

    /// Is this segment being read for this table?
    pub(crate) fn is_reading(&self, table: u32, segment: u32) -> bool {
        let scan = self.tables.get(table as usize);
        scan.is_some_and(|scan| scan.queue.iter().take(scan.reading).any(|&read| read == segment))
    }

    /// What was being read has been.
    pub(crate) fn end(&mut self) {
        for scan in &mut self.tables {
            scan.queue.drain(..scan.reading.min(scan.queue.len()));
            scan.done += std::mem::take(&mut scan.reading) as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_comes_later_goes_round_once_and_the_first_need_not_wait_for_it() {
        let mut scans = Scans::default();
        let first = scans.want(1, &[3, 4, 5]);
        let mut read = Vec::new();
        scans.begin(&mut read, 2);
        assert_eq!(read, [3, 4]);
        assert!(scans.is_reading(1, 4) && !scans.is_reading(1, 5) && !scans.is_reading(0, 4));
        scans.end();
        let second = scans.want(1, &[3, 4, 5]);
        let mut read = Vec::new();
        scans.begin(&mut read, 2);
        assert_eq!(read, [5, 3]);
        assert!(scans.done(1) < first);
        scans.end();
        assert!(first <= scans.done(1) && scans.done(1) < second);
        scans.begin(&mut Vec::new(), 2);
        scans.end();
        assert_eq!(scans.done(1), second);
    }
}
