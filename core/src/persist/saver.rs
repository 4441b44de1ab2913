//! Decides when something is written, puts batches together, and knows what is on disk.

use super::batch::Batch;
use super::error::StorageError;
use super::meta::Meta;
use super::places::{Place, Places, Segment};
use super::sealed::{What, seal};
use super::segment::{SEGMENT_BYTES, SegmentWriter};
use super::unsaved::Unsaved;
use crate::bytes::Writer;
use crate::outbox::Outbox;
use crate::store::{Address, Store};

/// So long may a change be in memory only.
const SAVE_AFTER_MS: u64 = 250;
/// After a batch that could not be written, so long nothing is tried.
const RETRY_AFTER_MS: u64 = 10_000;
/// While there is no cursor, no state is worth being kept whole, and batches stay of a size.
const PART_BYTES: usize = 8 << 20;

/// How much of what is on the screen is kept in one place.
const HOT_BYTES: usize = 512 << 10;
/// It is written anew after so many segments, or when the app asks to be saved.
const HOT_AFTER_SEGMENTS: u32 = 16;

pub(crate) const META: &str = "meta";
pub(crate) const HOT: &str = "hot";
pub(crate) const ROWS: &str = "rows/";
pub(crate) const OUT: &str = "out/";

pub(crate) fn segment_key(number: u32) -> String {
    format!("{ROWS}{number:08x}")
}

pub(crate) fn mutation_key(order: u64) -> String {
    format!("{OUT}{order:016x}")
}

/// What a batch on its way holds, to be taken up again if it fails.
#[derive(Default)]
struct InFlight {
    number: u64,
    mutations: Vec<u64>,
    gone: Vec<u64>,
    records: Vec<(String, Option<Vec<u8>>)>,
    moved: Vec<(Address, Place, Place)>,
    marks: Vec<Place>,
    victims: Vec<Segment>,
    added: Vec<u32>,
    deleted: Vec<String>,
}

/// What is to be written, and what has been.
#[derive(Default)]
pub(crate) struct Saver {
    pub places: Places,
    unsaved: Unsaved,
    /// Values of other modules, by key, that are to be written with the next rows.
    records: Vec<(String, Option<Vec<u8>>)>,
    /// Keys to delete with the next rows.
    pub stale_keys: Vec<String>,
    pub next_segment: u32,
    /// What the stored meta value says.
    pub meta: Meta,
    next_batch: u64,
    in_flight: Option<InFlight>,
    due_ms: Option<u64>,
    is_flushing: bool,
    wrote_at_ms: u64,
    /// The first segment that the stored screen does not know.
    hot: Option<u32>,
    /// The last batch could not be written.
    has_failed: bool,
    /// The rows of the batches that were written, until somebody takes them.
    pub written_rows: Vec<Address>,
}

/// What goes into a batch beside rows, as the cache is.
pub(crate) struct Context<'a> {
    pub store: &'a Store,
    pub outbox: &'a mut Outbox,
    /// The meta value as it should be, but for the next segment.
    pub meta: Meta,
    /// The rows that the host shows.
    pub shown: &'a mut dyn FnMut() -> Vec<Address>,
    pub now_ms: u64,
    /// All rows are in memory, and what is stored may follow them.
    pub has_rows: bool,
}

impl Saver {
    /// The row is another than on disk.
    pub(crate) fn changed(&mut self, at: Address) {
        self.unsaved.add(at);
    }

    /// The row is gone, and its slot may soon be another's.
    pub(crate) fn left(&mut self, at: Address) {
        let place = self.places.set(at, Place::NONE);
        if !place.is_none() {
            self.unsaved.left.push(place);
        }
    }

    /// Is the row on disk as it is in memory?
    pub(crate) fn is_saved(&self, at: Address) -> bool {
        let place = self.places.get(at);
        let is_on_its_way = |flight: &InFlight| flight.added.contains(&place.segment);
        !place.is_none() && !self.unsaved.has(at) && !self.in_flight.as_ref().is_some_and(is_on_its_way)
    }

    /// A copy on disk that is out of date, of a row that is stored elsewhere too.
    pub(crate) fn out_of_date(&mut self, place: Place) {
        self.unsaved.left.push(place);
    }

    /// Rows of the screen whose segment could not be read are in no other place.
    pub(crate) fn save_what_was_lost(&mut self) {
        for at in self.places.rows_in_none() {
            self.unsaved.add(at);
        }
    }

    /// The first segment that the stored screen does not know; `u32::MAX` if no screen is stored.
    pub(crate) fn first_unknown_to_hot(&self) -> u32 {
        self.hot.unwrap_or(u32::MAX)
    }

    pub(crate) fn set_first_unknown_to_hot(&mut self, first: Option<u32>) -> u32 {
        self.hot = first;
        self.first_unknown_to_hot()
    }

    /// Another module's value: written with the next rows, or removed.
    pub(crate) fn record(&mut self, key: String, value: Option<Vec<u8>>) {
        self.records.retain(|(known, _)| *known != key);
        self.records.push((key, value));
    }

    /// All of it is to be written now.
    pub(crate) fn flush(&mut self) {
        self.is_flushing = true;
    }

    /// When there will be something to write. What is due and was not written waits for something else than time.
    pub(crate) fn wake_at_ms(&self, now_ms: u64) -> Option<u64> {
        self.due_ms.filter(|&due_ms| due_ms > now_ms && self.in_flight.is_none())
    }

    fn has_unsaved(&self, context: &Context<'_>) -> bool {
        let meta = Meta { next_segment: self.meta.next_segment, ..context.meta.clone() };
        !self.unsaved.is_empty()
            || !self.records.is_empty()
            || !self.stale_keys.is_empty()
            || context.outbox.has_gone()
            || meta != self.meta
    }

    /// May there be a batch now? Most steps end with no, and need not look at what there is to write.
    pub(crate) fn may_write(&self, outbox: &Outbox, now_ms: u64) -> bool {
        let is_due = self.is_flushing || self.due_ms.is_none_or(|due_ms| due_ms <= now_ms);
        self.in_flight.is_none() && (is_due || outbox.has_unwritten())
    }

    /// The batch that is to be written now, if there is one; [`Self::may_write`] says whether to ask.
    #[inline(never)]
    pub(crate) fn next_batch(&mut self, mut context: Context<'_>) -> Option<Batch> {
        let is_urgent = context.outbox.has_unwritten() && !self.has_failed;
        let has_unsaved = context.has_rows && (self.is_flushing || self.has_unsaved(&context));
        if has_unsaved && self.due_ms.is_none() {
            let earliest = context.now_ms.max(self.wrote_at_ms);
            self.due_ms = Some(earliest + SAVE_AFTER_MS);
        }
        let is_due =
            has_unsaved && (self.is_flushing || self.due_ms.is_some_and(|due_ms| due_ms <= context.now_ms));
        if !is_urgent && !is_due {
            return None;
        }
        let mut batch = Batch::new(self.next_batch);
        let mut flight = InFlight { number: self.next_batch, ..InFlight::default() };
        self.next_batch += 1;
        for (order, record) in context.outbox.take_unwritten() {
            batch.put(&mutation_key(order), &seal(What::Mutation, &record));
            flight.mutations.push(order);
        }
        if is_due {
            self.due_ms = None;
            self.wrote_at_ms = context.now_ms;
            self.write_rows(&mut batch, &mut flight, &mut context);
        }
        if batch.is_empty() {
            self.is_flushing = false;
            return None;
        }
        self.in_flight = Some(flight);
        Some(batch)
    }

    fn write_rows(&mut self, batch: &mut Batch, flight: &mut InFlight, context: &mut Context<'_>) {
        flight.gone = context.outbox.take_gone();
        for &order in &flight.gone {
            batch.delete(&mutation_key(order));
        }
        flight.records = std::mem::take(&mut self.records);
        for (key, value) in &flight.records {
            match value {
                Some(value) => batch.put(key, &seal(What::Record, value)),
                None => batch.delete(key),
            }
        }
        flight.deleted = std::mem::take(&mut self.stale_keys);
        for key in &flight.deleted {
            batch.delete(key);
        }
        let mut victims = self.places.victims(false);
        let mut doomed = std::mem::take(&mut self.places.doomed);
        doomed.retain(|&number| self.places.may_go(number) && !victims.contains(&number));
        victims.append(&mut doomed);
        for at in self.places.rows_in(&victims) {
            self.unsaved.add(at);
        }
        flight.marks = std::mem::take(&mut self.unsaved.left);
        let mut marks = flight.marks.clone();
        let is_partial = context.meta.cursor.is_none();
        let mut segment = SegmentWriter::default();
        let mut rows = self.unsaved.take().into_iter();
        for at in rows.by_ref() {
            let old = self.places.get(at);
            let Some(row) = context.store.stored(at) else { continue };
            let place = Place { segment: self.next_segment, index: segment.count };
            segment.push(row.resource_type, row.version, &row.id, row.aliases.iter(), row.bytes);
            self.places.set(at, place);
            flight.moved.push((at, old, place));
            if !old.is_none() {
                marks.push(old);
            }
            if segment.len() >= SEGMENT_BYTES {
                self.close_segment(std::mem::take(&mut segment), Vec::new(), batch, flight);
                if is_partial && batch.as_bytes().len() >= PART_BYTES && !self.is_flushing {
                    break;
                }
            }
        }
        let is_whole = rows.len() == 0;
        // What did not fit goes with the next batch.
        for at in rows {
            self.unsaved.add(at);
        }
        for number in victims {
            if is_whole && let Some(victim) = self.places.remove(number) {
                marks.extend_from_slice(&victim.marks);
                batch.delete(&segment_key(number));
                flight.victims.push(victim);
            }
        }
        marks.retain(|mark| self.places.has(mark.segment));
        crate::order_of::sort_and_dedup(&mut marks);
        if segment.count > 0 || !marks.is_empty() {
            self.close_segment(segment, marks, batch, flight);
        }
        if is_whole {
            self.write_hot(batch, context);
            self.is_flushing = false;
        } else {
            self.due_ms = Some(context.now_ms);
        }
        let meta = Meta { next_segment: self.next_segment, ..context.meta.clone() };
        if meta != self.meta {
            batch.put(META, &seal(What::Meta, &meta.write()));
            self.meta = meta;
        }
    }

    /// Keeps the rows that are on the screen in one place, where the next start finds them first.
    fn write_hot(&mut self, batch: &mut Batch, context: &mut Context<'_>) {
        let is_old =
            self.hot.is_none_or(|first| self.next_segment.saturating_sub(first) >= HOT_AFTER_SEGMENTS);
        if !self.is_flushing && !is_old {
            return;
        }
        let mut segment = SegmentWriter::default();
        let mut places = Vec::new();
        for at in (context.shown)() {
            let place = self.places.get(at);
            if let Some(row) = context.store.stored(at).filter(|_| !place.is_none()) {
                segment.push(row.resource_type, row.version, &row.id, [].iter(), row.bytes);
                places.push(place);
            }
            if segment.len() >= HOT_BYTES {
                break;
            }
        }
        let mut out = Writer::default();
        out.u32(self.next_segment);
        out.bytes.extend_from_slice(&segment.finish(&places));
        batch.put(HOT, &seal(What::Hot, &out.bytes));
        self.hot = Some(self.next_segment);
    }

    fn close_segment(
        &mut self,
        segment: SegmentWriter,
        marks: Vec<Place>,
        batch: &mut Batch,
        flight: &mut InFlight,
    ) {
        let number = self.next_segment;
        self.next_segment = self.next_segment.saturating_add(1);
        let rows = segment.count;
        let payload = segment.finish(&marks);
        batch.put(&segment_key(number), &seal(What::Rows, &payload));
        flight.added.push(number);
        self.places.add(Segment { number, rows, live: rows, bytes: payload.len() as u32, marks });
    }
}

impl Saver {
    /// A batch is on disk, or could not be written. `false` if it is not the one on its way.
    pub(crate) fn written(
        &mut self,
        number: u64,
        result: &Result<(), StorageError>,
        outbox: &mut Outbox,
        now_ms: u64,
    ) -> bool {
        let Some(flight) = self.in_flight.take_if(|flight| flight.number == number) else { return false };
        self.has_failed = result.is_err();
        if result.is_ok() {
            // The storage may have been given up while this batch was on its way.
            outbox.must_wait = outbox.is_durable;
            outbox.written(&flight.mutations);
            self.written_rows.extend(flight.moved.into_iter().map(|(at, _, _)| at));
            return true;
        }
        outbox.must_wait = false;
        outbox.not_written(&flight.mutations, &flight.gone);
        let newer = std::mem::take(&mut self.records);
        self.records = flight.records;
        for (key, value) in newer {
            self.record(key, value);
        }
        self.stale_keys.extend(flight.deleted);
        for number in flight.added {
            self.places.remove(number);
        }
        for victim in flight.victims {
            self.places.add(Segment { live: 0, ..victim });
        }
        for (at, old, new) in flight.moved {
            if self.places.get(at) == new {
                self.places.set(at, old);
                self.unsaved.add(at);
            } else if !old.is_none() {
                self.unsaved.left.push(old);
            }
        }
        self.unsaved.left.extend(flight.marks);
        self.meta = Meta::default();
        self.hot = None;
        self.is_flushing = false;
        self.due_ms = Some(now_ms + RETRY_AFTER_MS);
        true
    }
}
