//! Where the bytes of rows live: few large buffers, no allocation per row.
//!
//! The buffer of a bulk event becomes a chunk as it is. A box per row would be ruinous in WebAssembly: thousands of
//! small memory growths, each with a cost in the host's garbage collector.

/// A row's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowRef {
    chunk: u32,
    start: u32,
    len: u32,
}

impl RowRef {
    /// No row.
    pub(crate) const NONE: Self = Self { chunk: u32::MAX, start: 0, len: 0 };

    #[inline(always)]
    pub(crate) fn is_none(self) -> bool {
        self.chunk == u32::MAX
    }
}

/// New chunks for single rows double in size between these.
const FIRST_CHUNK_BYTES: usize = 16 << 10;
const LARGEST_CHUNK_BYTES: usize = 1 << 20;

/// Less waste than this is never worth moving rows for.
const LEAST_WASTE_BYTES: usize = 1 << 20;

/// Waste among small chunks is collected from here on: it comes back as room for the next single rows, so that a host's
/// memory does not have to grow while rows are only changed.
const SMALL_WASTE_BYTES: usize = 4 << 20;

/// Which chunks rows are moved out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compaction {
    /// Those that single rows were appended to.
    Small,
    /// The adopted buffers too.
    All,
}

struct Chunk {
    bytes: Vec<u8>,
    /// How many of the bytes belong to rows that are still there.
    live: usize,
}

impl Chunk {
    #[inline(always)]
    fn is_small(&self) -> bool {
        self.bytes.capacity() <= LARGEST_CHUNK_BYTES
    }
}

/// The buffers, and how much of them is in use.
#[derive(Default)]
pub(crate) struct Slab {
    chunks: Vec<Chunk>,
    /// Chunks without a buffer, to be used again.
    vacant: Vec<u32>,
    /// The chunk that single rows are appended to.
    tail: Option<u32>,
    /// The adopted buffer in which rows are being named: it stays, even while none of them is left.
    adopting: Option<u32>,
    next_chunk_bytes: usize,
    live: usize,
    held: usize,
    /// As `live` and `held`, of small chunks.
    small_live: usize,
    small_held: usize,
    /// The waste that the last compaction left; only much more than that is worth another.
    settled_waste: usize,
}

impl Slab {
    #[inline(always)]
    pub(crate) fn get(&self, row: RowRef) -> &[u8] {
        let chunk = self.chunks.get(row.chunk as usize).map_or(&[][..], |chunk| chunk.bytes.as_slice());
        chunk.get(row.start as usize..row.start as usize + row.len as usize).unwrap_or_default()
    }

    /// Bytes of rows.
    pub(crate) fn live_bytes(&self) -> usize {
        self.live
    }

    /// Bytes of buffers, rows and waste.
    pub(crate) fn held_bytes(&self) -> usize {
        self.held
    }

    /// Copies a row in.
    pub(crate) fn push(&mut self, row: &[u8]) -> RowRef {
        let fits = |chunk: &Chunk| chunk.bytes.capacity() - chunk.bytes.len() >= row.len();
        let tail = self.tail.filter(|&tail| self.chunks.get(tail as usize).is_some_and(fits));
        let id = tail.unwrap_or_else(|| self.grow(row.len()));
        let Some(chunk) = self.chunks.get_mut(id as usize) else { return RowRef::NONE };
        let start = chunk.bytes.len();
        chunk.bytes.extend_from_slice(row);
        chunk.live += row.len();
        self.live += row.len();
        if chunk.is_small() {
            self.small_live += row.len();
        }
        RowRef { chunk: id, start: start as u32, len: row.len() as u32 }
    }

    fn grow(&mut self, least: usize) -> u32 {
        self.next_chunk_bytes = (self.next_chunk_bytes * 2).clamp(FIRST_CHUNK_BYTES, LARGEST_CHUNK_BYTES);
        let capacity = self.next_chunk_bytes.max(least);
        let previous = self.tail.take();
        let id = self.add(Chunk { bytes: Vec::with_capacity(capacity), live: 0 });
        self.tail = Some(id);
        if let Some(previous) = previous {
            self.drop_if_empty(previous);
        }
        id
    }

    /// Takes over a buffer in which rows will be named by [`Self::claim`].
    pub(crate) fn adopt(&mut self, mut bytes: Vec<u8>) -> u32 {
        if bytes.capacity() / 4 > bytes.len() / 3 {
            bytes.shrink_to_fit();
        }
        let id = self.add(Chunk { bytes, live: 0 });
        self.adopting = Some(id);
        id
    }

    /// All bytes of a buffer.
    pub(crate) fn chunk(&self, chunk: u32) -> &[u8] {
        self.chunks.get(chunk as usize).map_or(&[], |chunk| &chunk.bytes)
    }

    /// Names a row in an adopted buffer.
    pub(crate) fn claim(&mut self, chunk: u32, start: u32, len: u32) -> RowRef {
        if let Some(chunk) = self.chunks.get_mut(chunk as usize) {
            chunk.live += len as usize;
            self.live += len as usize;
            if chunk.is_small() {
                self.small_live += len as usize;
            }
        }
        RowRef { chunk, start, len }
    }

    /// Ends the naming of rows in an adopted buffer; without any it is given back.
    pub(crate) fn settle(&mut self, chunk: u32) {
        self.adopting = None;
        self.drop_if_empty(chunk);
    }

    fn add(&mut self, chunk: Chunk) -> u32 {
        self.held += chunk.bytes.capacity();
        if chunk.is_small() {
            self.small_held += chunk.bytes.capacity();
        }
        if let Some(id) = self.vacant.pop()
            && let Some(place) = self.chunks.get_mut(id as usize)
        {
            *place = chunk;
            return id;
        }
        self.chunks.push(chunk);
        self.chunks.len() as u32 - 1
    }

    /// Gives a row's bytes up.
    pub(crate) fn free(&mut self, row: RowRef) {
        let Some(chunk) = self.chunks.get_mut(row.chunk as usize) else { return };
        chunk.live -= row.len as usize;
        self.live -= row.len as usize;
        if chunk.is_small() {
            self.small_live -= row.len as usize;
        }
        if chunk.live == 0 {
            self.drop_if_empty(row.chunk);
        }
    }

    fn drop_if_empty(&mut self, id: u32) {
        let Some(chunk) = self.chunks.get_mut(id as usize) else { return };
        if chunk.live != 0 || chunk.bytes.capacity() == 0 || self.adopting == Some(id) {
            return;
        }
        if self.tail == Some(id) {
            chunk.bytes.clear();
            return;
        }
        self.held -= chunk.bytes.capacity();
        if chunk.is_small() {
            self.small_held -= chunk.bytes.capacity();
        }
        chunk.bytes = Vec::new();
        self.vacant.push(id);
    }

    /// Is enough wasted that moving rows together pays?
    pub(crate) fn wants_compaction(&self) -> Option<Compaction> {
        let waste = self.waste();
        if waste > LEAST_WASTE_BYTES && waste > self.live && waste > self.settled_waste * 2 {
            return Some(Compaction::All);
        }
        let small_waste = self.small_held.saturating_sub(self.small_live + LARGEST_CHUNK_BYTES);
        (small_waste > SMALL_WASTE_BYTES.max(self.small_live)).then_some(Compaction::Small)
    }

    fn waste(&self) -> usize {
        self.held.saturating_sub(self.live + LARGEST_CHUNK_BYTES)
    }

    /// Rows have been moved together.
    pub(crate) fn compacted(&mut self, reach: Compaction) {
        if reach == Compaction::All {
            self.settled_waste = self.waste();
        }
    }

    /// Is this row in a chunk that is mostly waste?
    pub(crate) fn is_sparse(&self, row: RowRef, reach: Compaction) -> bool {
        let is_sparse = |chunk: &Chunk| {
            (reach == Compaction::All || chunk.is_small()) && chunk.live * 4 < chunk.bytes.capacity() * 3
        };
        self.tail != Some(row.chunk) && self.chunks.get(row.chunk as usize).is_some_and(is_sparse)
    }

    /// Moves a row to the tail.
    pub(crate) fn relocate(&mut self, row: RowRef) -> RowRef {
        let bytes = self.get(row).to_vec();
        self.free(row);
        self.push(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_and_empty_buffers_are_given_up() {
        let mut slab = Slab::default();
        let a = slab.push(b"first");
        let chunk = slab.adopt(b"[one,two]".to_vec());
        let one = slab.claim(chunk, 1, 3);
        let two = slab.claim(chunk, 5, 3);
        slab.settle(chunk);
        assert_eq!((slab.get(a), slab.get(one), slab.get(two)), (&b"first"[..], &b"one"[..], &b"two"[..]));
        let held = slab.held_bytes();
        slab.free(one);
        assert_eq!(slab.get(two), b"two");
        slab.free(two);
        assert_eq!(slab.held_bytes(), held - 9);
        assert_eq!(slab.live_bytes(), 5);
    }

    #[test]
    fn an_adopted_buffer_stays_while_rows_are_named_in_it() {
        let mut slab = Slab::default();
        let chunk = slab.adopt(b"one two".to_vec());
        let one = slab.claim(chunk, 0, 3);
        slab.free(one);
        let two = slab.claim(chunk, 4, 3);
        slab.settle(chunk);
        assert_eq!(slab.get(two), b"two");
        slab.free(two);
        assert_eq!((slab.live_bytes(), slab.held_bytes()), (0, 0));
    }

    #[test]
    fn a_buffer_with_much_room_left_is_cut_to_size() {
        let mut slab = Slab::default();
        let mut bytes = Vec::with_capacity(1 << 20);
        bytes.extend_from_slice(&[b'x'; 1000]);
        let chunk = slab.adopt(bytes);
        slab.claim(chunk, 0, 1000);
        assert!(slab.held_bytes() < 2000, "{}", slab.held_bytes());
    }

    #[test]
    fn a_hundred_thousand_updates_of_one_row_do_not_pile_up() {
        let mut slab = Slab::default();
        let mut row = slab.push(&[b'x'; 500]);
        for _ in 0..100_000 {
            let new = slab.push(&[b'y'; 500]);
            slab.free(row);
            row = new;
        }
        assert!(slab.held_bytes() < 4 << 20, "{}", slab.held_bytes());
    }
}
