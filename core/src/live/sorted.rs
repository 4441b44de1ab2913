//! A counted ordered set of slots: chunks of (8-byte key prefix, slot), so that finding a place, a rank or the
//! slot at a rank costs little however many there are, and rows are only looked at where prefixes tie.

use std::cmp::Ordering;

const MOST: usize = 512;
const LEAST: usize = MOST / 4;

#[derive(Default)]
struct Chunk {
    prefixes: Vec<u64>,
    slots: Vec<u32>,
}

impl Chunk {
    fn entry(&self, at: usize) -> Option<(u64, u32)> {
        Some((*self.prefixes.get(at)?, *self.slots.get(at)?))
    }

    fn insert(&mut self, at: usize, prefix: u64, slot: u32) {
        self.prefixes.insert(at, prefix);
        self.slots.insert(at, slot);
    }
}

type Compare<'c> = &'c mut dyn FnMut(u32, u32) -> Ordering;

/// Slots in order. The order is that of the prefixes, then that of the `compare` given to each call.
#[derive(Default)]
pub(crate) struct Sorted {
    chunks: Vec<Chunk>,
    /// Lengths of the chunks, apart, because ranks sum them.
    lens: Vec<u32>,
    len: usize,
}

impl Sorted {
    /// All entries at once; they need not be in order.
    pub(crate) fn build(entries: Vec<(u64, u32)>, mut compare: impl FnMut(u32, u32) -> Ordering) -> Self {
        Self::from_entries(entries, &mut compare)
    }

    /// One sort in the browser module, whatever decides between equal prefixes; so with the other calls.
    fn from_entries(mut entries: Vec<(u64, u32)>, compare: Compare<'_>) -> Self {
        // Merging compares least, which is what costs: and the module's small unstable sort is far slower.
        entries.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| compare(a.1, b.1)));
        let len = entries.len();
        // Room is left in each chunk, so that the first inserts do not split them all.
        let chunks: Vec<Chunk> = entries
            .chunks(MOST * 3 / 4)
            .map(|part| Chunk {
                prefixes: part.iter().map(|entry| entry.0).collect(),
                slots: part.iter().map(|entry| entry.1).collect(),
            })
            .collect();
        let lens = chunks.iter().map(|chunk| chunk.slots.len() as u32).collect();
        Self { chunks, lens, len }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The chunk and place where `is_before` turns false, and how many entries are before it.
    #[inline(always)]
    fn partition(&self, mut is_before: impl FnMut(u64, u32) -> bool) -> (usize, usize, usize) {
        let mut before =
            |chunk: &Chunk, at: usize| chunk.entry(at).is_some_and(|(prefix, slot)| is_before(prefix, slot));
        let chunk = self.chunks.partition_point(|chunk| before(chunk, chunk.slots.len().saturating_sub(1)));
        let mut low = 0;
        if let Some(found) = self.chunks.get(chunk) {
            let mut high = found.slots.len();
            while low < high {
                let middle = (low + high) / 2;
                if before(found, middle) { low = middle + 1 } else { high = middle }
            }
        }
        let rank = self.lens.iter().take(chunk).map(|&len| len as usize).sum::<usize>() + low;
        (chunk, low, rank)
    }

    /// Where an entry is or would be; see [`Self::partition`].
    fn place(&self, prefix: u64, slot: u32, compare: Compare<'_>) -> (usize, usize, usize) {
        self.partition(before(prefix, slot, compare))
    }

    /// How many entries are before the place where `is_before` turns false.
    pub(crate) fn rank_where(&self, is_before: impl FnMut(u64, u32) -> bool) -> usize {
        self.partition(is_before).2
    }

    /// The rank of this entry.
    pub(crate) fn rank(
        &self,
        prefix: u64,
        slot: u32,
        mut compare: impl FnMut(u32, u32) -> Ordering,
    ) -> Option<usize> {
        let (chunk, at, rank) = self.place(prefix, slot, &mut compare);
        (self.chunks.get(chunk)?.entry(at)? == (prefix, slot)).then_some(rank)
    }

    /// Puts an entry in its place; returns its rank.
    pub(crate) fn insert(
        &mut self,
        prefix: u64,
        slot: u32,
        mut compare: impl FnMut(u32, u32) -> Ordering,
    ) -> usize {
        let place = self.place(prefix, slot, &mut compare);
        self.insert_at(prefix, slot, place)
    }

    fn insert_at(&mut self, prefix: u64, slot: u32, place: (usize, usize, usize)) -> usize {
        let (mut chunk, mut at, rank) = place;
        if chunk == self.chunks.len() {
            // Past the end: the last chunk takes it.
            if self.chunks.is_empty() {
                self.chunks.push(Chunk::default());
                self.lens.push(0);
            }
            chunk = self.chunks.len() - 1;
            at = self.chunks.get(chunk).map_or(0, |chunk| chunk.slots.len());
        }
        if let Some(found) = self.chunks.get_mut(chunk) {
            found.insert(at, prefix, slot);
        }
        self.len += 1;
        self.set_len(chunk);
        if self.lens.get(chunk).is_some_and(|&len| len as usize > MOST) {
            self.split(chunk);
        }
        rank
    }

    /// Takes an entry out; returns its rank.
    pub(crate) fn remove(
        &mut self,
        prefix: u64,
        slot: u32,
        mut compare: impl FnMut(u32, u32) -> Ordering,
    ) -> Option<usize> {
        let place = self.place(prefix, slot, &mut compare);
        self.remove_at(prefix, slot, place)
    }

    fn remove_at(&mut self, prefix: u64, slot: u32, place: (usize, usize, usize)) -> Option<usize> {
        let (index, at, rank) = place;
        let chunk = self.chunks.get_mut(index)?;
        if chunk.entry(at)? != (prefix, slot) {
            return None;
        }
        chunk.prefixes.remove(at);
        chunk.slots.remove(at);
        self.len -= 1;
        self.set_len(index);
        self.join_small(index);
        Some(rank)
    }

    /// The slot at a rank.
    pub(crate) fn get(&self, rank: usize) -> Option<u32> {
        self.range(rank, 1).next()
    }

    /// Up to `count` slots from a rank on.
    pub(crate) fn range(&self, rank: usize, count: usize) -> impl Iterator<Item = u32> + '_ {
        let mut skip = rank;
        let mut first = 0;
        for &len in &self.lens {
            if skip < len as usize {
                break;
            }
            skip -= len as usize;
            first += 1;
        }
        let chunks = self.chunks.get(first..).unwrap_or_default();
        chunks.iter().flat_map(|chunk| chunk.slots.iter().copied()).skip(skip).take(count)
    }

    fn set_len(&mut self, chunk: usize) {
        if let (Some(len), Some(chunk)) = (self.lens.get_mut(chunk), self.chunks.get(chunk)) {
            *len = chunk.slots.len() as u32;
        }
    }

    fn split(&mut self, index: usize) {
        let Some(chunk) = self.chunks.get_mut(index) else { return };
        let half = chunk.slots.len() / 2;
        let upper = Chunk { prefixes: chunk.prefixes.split_off(half), slots: chunk.slots.split_off(half) };
        self.chunks.insert(index + 1, upper);
        self.lens.insert(index + 1, 0);
        self.set_len(index);
        self.set_len(index + 1);
    }

    /// Keeps chunks from getting small and many as entries go.
    fn join_small(&mut self, index: usize) {
        let len_of = |at: usize| self.lens.get(at).map_or(usize::MAX / 2, |&len| len as usize);
        let len = len_of(index);
        if len == 0 {
            self.chunks.remove(index);
            self.lens.remove(index);
            return;
        }
        if len >= LEAST {
            return;
        }
        let left = if index > 0 && len_of(index - 1) + len <= MOST / 2 {
            index - 1
        } else if len + len_of(index + 1) <= MOST / 2 {
            index
        } else {
            return;
        };
        let right = self.chunks.remove(left + 1);
        self.lens.remove(left + 1);
        if let Some(chunk) = self.chunks.get_mut(left) {
            chunk.prefixes.extend(right.prefixes);
            chunk.slots.extend(right.slots);
        }
        self.set_len(left);
    }

    pub(crate) fn bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.prefixes.capacity() * 8 + chunk.slots.capacity() * 4).sum()
    }
}

/// Is an entry before (prefix, slot)?
fn before(
    prefix: u64,
    slot: u32,
    mut compare: impl FnMut(u32, u32) -> Ordering,
) -> impl FnMut(u64, u32) -> bool {
    move |other_prefix, other| match other_prefix.cmp(&prefix) {
        Ordering::Less => true,
        Ordering::Greater => false,
        Ordering::Equal => other != slot && compare(other, slot) == Ordering::Less,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_equals_a_sorted_vector_after_every_step(steps in prop::collection::vec((0_u32..3000, any::<bool>()), 1..3000)) {
            // Prefixes tie often, so that `compare` matters.
            let prefix = |slot: u32| u64::from(slot / 7);
            let by_slot = |a: u32, b: u32| a.cmp(&b);
            let mut sorted = Sorted::default();
            let mut model: Vec<u32> = Vec::new();
            for (slot, insert) in steps {
                match (model.binary_search(&slot), insert) {
                    (Err(at), true) => {
                        prop_assert_eq!(sorted.insert(prefix(slot), slot, by_slot), at);
                        model.insert(at, slot);
                    }
                    (Ok(at), false) => {
                        prop_assert_eq!(sorted.remove(prefix(slot), slot, by_slot), Some(at));
                        model.remove(at);
                    }
                    (Ok(at), true) => prop_assert_eq!(sorted.rank(prefix(slot), slot, by_slot), Some(at)),
                    (Err(_), false) => prop_assert_eq!(sorted.remove(prefix(slot), slot, by_slot), None),
                }
                prop_assert_eq!(sorted.len(), model.len());
            }
            let all: Vec<u32> = sorted.range(0, usize::MAX).collect();
            prop_assert_eq!(&all, &model);
            let middle = model.len() / 2;
            prop_assert_eq!(sorted.range(middle, 10).collect::<Vec<_>>(), model.iter().copied().skip(middle).take(10).collect::<Vec<_>>());
            let rebuilt = Sorted::build(model.iter().rev().map(|&slot| (prefix(slot), slot)).collect(), by_slot);
            prop_assert_eq!(rebuilt.range(0, usize::MAX).collect::<Vec<_>>(), model);
        }
    }
}
