//! Rows come back from disk because something needs them: queries, events, edits, pins.

use super::Cache;
use super::storage::Disk;
use crate::evict::Loading;
use crate::json::text;
use crate::live::Scan;
use crate::persist::{Op, Place, ROWS, SegmentReader, StorageError, What, ops, segment_key, unseal};
use crate::step::Effect;
use crate::store::{Address, FoundRow};
use crate::wire::decode::Body;

/// How many segments are read at once; together they are a few megabytes.
const SEGMENTS_AT_ONCE: usize = 4;

impl Cache {
    /// A row is to come back, if it is on disk.
    pub(super) fn want(&mut self, at: Address) {
        if self.store.is_on_disk(at) {
            self.memory.wanted.insert(at);
        }
    }

    /// What was missing may have come: queries that wait for nothing any more say so in this step.
    pub(super) fn review_memory(&mut self) {
        if !self.live.waiting.is_empty() {
            let scans = &self.memory.scans;
            self.live.review(&self.store, &|table| scans.done(table));
        }
    }

    /// Ends the step: rows go that are too many, and those are asked for that are missing.
    #[inline(never)]
    pub(super) fn tidy_memory(&mut self) {
        let known = self.memory.candidates.len();
        self.live.take_left(&mut self.memory.candidates);
        for at in self.memory.candidates.iter().skip(known) {
            // Until now it was of use.
            if let Some(table) = self.store.tables.get_mut(at.table as usize) {
                table.away.set_used(at.slot);
            }
        }
        self.collect_wanted();
        if self.config.memory.is_bounded() {
            self.evict_some();
        } else {
            self.memory.candidates.clear();
        }
        if matches!(self.disk, Disk::Ready) && self.memory.loading.is_none() {
            if self.early.is_empty() && std::mem::take(&mut self.memory.was_written) {
                self.trim_disk();
            }
            self.ask_for_wanted();
        }
    }

    fn collect_wanted(&mut self) {
        let wanted = self.live.wanted(&self.store);
        wanted.rows.into_iter().for_each(|at| self.want(at));
        for &(table, view) in &wanted.tables {
            let scan = view.and_then(|view| self.live.scan_of(view));
            if scan.as_ref().is_none_or(|scan| **scan == Scan::Wanted) {
                let count = self.memory.scans.want(table, &self.saver.places.away_of(table));
                if let Some(scan) = scan {
                    *scan = Scan::Until(count);
                }
            }
        }
        self.memory.scans.keep(&|table| wanted.tables.iter().any(|wanted| wanted.0 == table));
    }

    fn ask_for_wanted(&mut self) {
        let moving = std::mem::take(&mut self.memory.moving);
        let mut segments = moving.clone();
        let (places, store) = (&self.saver.places, &self.store);
        self.memory.wanted.retain(|&at| store.is_away(at));
        for &at in &self.memory.wanted {
            let place = places.get(at);
            if segments.len() < SEGMENTS_AT_ONCE && !segments.contains(&place.segment) {
                segments.push(place.segment);
            }
        }
        self.memory.scans.begin(&mut segments, SEGMENTS_AT_ONCE);
        if segments.is_empty() {
            return;
        }
        self.effects
            .push(Effect::Load { keys: segments.iter().map(|&number| segment_key(number)).collect() });
        self.memory.loading = Some(Loading { segments, moving });
    }

    /// Takes the segments that were asked for.
    pub(super) fn take_loaded(&mut self, values: &[u8]) {
        let Some(loading) = self.memory.loading.take() else { return };
        // Rows that come back are no news.
        let were_closed = std::mem::replace(&mut self.live.are_lists_closed, true);
        let mut read = Vec::new();
        for (op, _) in ops(values) {
            let Op::Put { key, value } = op else { continue };
            let number = key.strip_prefix(ROWS).and_then(|number| u32::from_str_radix(number, 16).ok());
            let Some(number) = number else { continue };
            let done = unseal(What::Rows, key, value)
                .and_then(|payload| self.take_segment(number, payload, loading.moving.contains(&number)));
            match done {
                Ok(()) => read.push(number),
                Err(error) => self.storage_failed(&error),
            }
        }
        self.live.are_lists_closed = were_closed;
        self.give_up_on(&loading, &read);
        self.memory.scans.end();
        self.live.recount_lists(&self.store);
        self.go_on();
    }

    /// Nothing could be read of what was asked for.
    pub(super) fn loading_failed(&mut self, error: &StorageError) {
        let Some(loading) = self.memory.loading.take() else { return };
        self.storage_failed(error);
        self.give_up_on(&loading, &[]);
        self.memory.scans.end();
        self.go_on();
    }

    /// Rows that were asked for and are not in what was read are lost: the backend has to send everything anew.
    fn give_up_on(&mut self, loading: &Loading, read: &[u32]) {
        let unread: Vec<u32> =
            loading.segments.iter().copied().filter(|number| !read.contains(number)).collect();
        let places = &self.saver.places;
        let mut lost: Vec<Address> =
            if unread.is_empty() { Vec::new() } else { places.rows_in(&unread).collect() };
        let is_read = |at: &Address| read.contains(&places.get(*at).segment);
        lost.extend(self.memory.wanted.iter().copied().filter(is_read));
        lost.retain(|&at| self.store.is_on_disk(at));
        if lost.is_empty() {
            return;
        }
        lost.into_iter().for_each(|at| self.lose(at));
        self.stream.forget_cursor();
        if self.expects_stream {
            // The copy that is to come has them. Applied before it, they would say that all before them is here.
            self.early.clear();
            self.memory.candidates.extend(self.memory.needed.drain());
        }
        if self.session.is_open() {
            self.effects.push(Effect::Disconnect);
        }
    }

    fn take_segment(&mut self, number: u32, payload: &[u8], is_moving: bool) -> Result<(), StorageError> {
        let mut segment = SegmentReader::new(payload)?;
        let tables: Vec<Option<u32>> =
            segment.types.iter().map(|(name, _)| self.store.find_table(name)).collect();
        let mut names = Vec::new();
        for index in 0..segment.rows {
            let row = segment.next(&mut names)?;
            let Some(table) = tables.get(row.kind as usize).copied().flatten() else { continue };
            let slot = self.store.table(table).and_then(|rows| rows.ids.find(row.id));
            let Some(at) = slot.map(|slot| Address { table, slot }) else { continue };
            let is_it = self.store.is_on_disk(at)
                && self.saver.places.get(at) == Place { segment: number, index }
                && !row.bytes.is_empty();
            let is_wanted = || {
                is_moving || self.memory.scans.is_reading(table, number) || self.memory.wanted.contains(&at)
            };
            if is_it && is_wanted() {
                self.bring_back(at, row.bytes);
                if is_moving {
                    self.saver.changed(at);
                }
            }
        }
        Ok(())
    }

    fn bring_back(&mut self, at: Address, bytes: &[u8]) {
        self.take_back(at);
        let mut cells = Vec::new();
        if let Some(table) = self.store.table_mut(at.table) {
            table.cells_of(bytes, &mut cells);
        }
        let row = self.store.slab.push(bytes);
        self.lay(at, row, &cells, None);
        self.memory.reloaded += 1;
        self.memory.changed += 1;
        self.memory.candidates.push(at);
    }

    /// Events that waited for rows go on, if all of those are there.
    fn go_on(&mut self) {
        if self.early.is_empty() {
            return;
        }
        let needed = self.memory.needed.iter().copied();
        let still: Vec<Address> = needed.filter(|&at| self.store.is_on_disk(at)).collect();
        if !still.is_empty() {
            still.into_iter().for_each(|at| self.want(at));
            return;
        }
        self.replay_early();
        if self.early.is_empty() {
            self.memory.candidates.extend(self.memory.needed.drain());
        }
    }

    /// Do rows have to come back before this event can be applied, because it says only part of what they are to be?
    #[inline(never)]
    pub(super) fn must_load(&mut self, event: &[u8], body: &Body) -> bool {
        let mut needed = Vec::new();
        let mut note = |index: u32, rows: &[FoundRow], bytes: &[u8]| {
            let Some(table) = self.store.table(index).filter(|table| table.away.count() > table.away.lost())
            else {
                return;
            };
            if !table.resource.is_merged() {
                return;
            }
            for row in rows {
                let bytes = bytes.get(row.start as usize..row.end as usize).unwrap_or_default();
                let id = text::decode(bytes, row.id(bytes, &table.resource));
                let Some(slot) = table.find(id.as_bytes()) else { continue };
                let at = Address { table: index, slot };
                if self.store.is_on_disk(at) && !self.stream.is_new_in_copy(at) {
                    needed.push(at);
                }
            }
        };
        match body {
            Body::Rows { table, rows, .. } => note(*table, rows, event),
            Body::Parts { parts, .. } => {
                parts.iter().for_each(|part| note(part.table, &part.rows, &part.bytes))
            }
            _ => {}
        }
        for &at in &needed {
            self.want(at);
            self.memory.needed.insert(at);
        }
        !needed.is_empty()
    }

    /// A batch was written: segments that are mostly waste are brought back to be put together, if rows in them are not in memory.
    pub(super) fn find_segments_to_move(&mut self) {
        if self.memory.is_on && self.memory.moving.is_empty() {
            let mut segments = self.saver.places.victims(true);
            segments.truncate(SEGMENTS_AT_ONCE);
            self.memory.moving = segments;
        }
    }
}
