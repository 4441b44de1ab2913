//! What one mounted query shows of its view, and how that changes, as splices.

use super::shape::HostType;
use super::sorted::Sorted;

/// Past so many words, plus half the list, a whole new list is smaller than its splices.
const SPLICE_WORDS: usize = 64;

/// The part of a view that one query shows: `limit` rows from a rank on.
pub(crate) struct Shown {
    /// What the rows are to the host.
    pub host_type: HostType,
    /// Rows before the cursor; 0 without one.
    before_cursor: usize,
    offset: usize,
    limit: usize,
    /// Words of the splices since the last patch: position, remove, insert count, slots.
    pub splices: Vec<u32>,
    pub splice_count: u32,
    /// What was recorded before the last change, if that only moved the list up by one.
    before_shift: Option<(usize, u32)>,
    /// The next patch carries the whole list.
    pub reset: bool,
    /// The next patch says something about this query.
    pub dirty: bool,
}

/// A row comes into a list, or goes out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    Enter(HostType, u32),
    Leave(HostType, u32),
}

impl Shown {
    pub(crate) fn new(
        host_type: HostType,
        before_cursor: usize,
        offset: usize,
        limit: Option<usize>,
    ) -> Self {
        Self {
            host_type,
            before_cursor,
            offset,
            limit: limit.unwrap_or(usize::MAX),
            splices: Vec::new(),
            splice_count: 0,
            before_shift: None,
            reset: true,
            dirty: true,
        }
    }

    fn start(&self) -> usize {
        self.before_cursor.saturating_add(self.offset)
    }

    /// The rank of the first row shown.
    pub(crate) fn first(&self) -> usize {
        self.start()
    }

    fn end(&self) -> usize {
        self.start().saturating_add(self.limit)
    }

    /// How many rows are shown.
    pub(crate) fn len(&self, sorted: &Sorted) -> usize {
        sorted.len().saturating_sub(self.start()).min(self.limit)
    }

    /// The rows shown, in order.
    pub(crate) fn slots<'s>(&self, sorted: &'s Sorted) -> impl Iterator<Item = u32> + 's {
        sorted.range(self.start(), self.limit)
    }

    /// Shows another part of the same view. What is in both parts stays where it is.
    pub(crate) fn move_to(
        &mut self,
        before_cursor: usize,
        offset: usize,
        limit: Option<usize>,
        sorted: &Sorted,
        moves: &mut Vec<Move>,
    ) {
        self.before_shift = None;
        let old = self.ranks(sorted);
        self.before_cursor = before_cursor;
        self.offset = offset;
        self.limit = limit.unwrap_or(usize::MAX);
        let new = self.ranks(sorted);
        // Those that come enter first, so that none is let go of in between.
        let host_type = self.host_type;
        for ranks in [new.start..new.end.min(old.start), new.start.max(old.end)..new.end] {
            moves.extend(sorted.range(ranks.start, ranks.len()).map(|slot| Move::Enter(host_type, slot)));
        }
        for ranks in [old.start..old.end.min(new.start), old.start.max(new.end)..old.end] {
            moves.extend(sorted.range(ranks.start, ranks.len()).map(|slot| Move::Leave(host_type, slot)));
        }
        let both = old.start.max(new.start)..old.end.min(new.end);
        let moved = (old.len() + new.len()).saturating_sub(2 * both.len());
        if moved == 0 {
            return;
        }
        self.dirty = true;
        if both.is_empty() || self.splices.len() + moved > SPLICE_WORDS + new.len() / 2 {
            self.start_over();
        }
        if self.reset {
            return;
        }
        let mut splice = |position: usize, remove: usize, insert: std::ops::Range<usize>| {
            if remove + insert.len() > 0 {
                self.splices.extend([position as u32, remove as u32, insert.len() as u32]);
                self.splices.extend(sorted.range(insert.start, insert.len()));
                self.splice_count += 1;
            }
        };
        splice(both.end - old.start, old.end - both.end, both.end..new.end);
        splice(0, both.start - old.start, new.start..both.start);
    }

    /// The ranks of the rows shown.
    fn ranks(&self, sorted: &Sorted) -> std::ops::Range<usize> {
        let start = self.start().min(sorted.len());
        start..start + self.len(sorted)
    }

    /// Everything is another than before, also how many rows are before the cursor.
    pub(crate) fn start_anew(&mut self, before_cursor: usize) {
        self.before_shift = None;
        self.before_cursor = before_cursor;
        self.dirty = true;
        self.start_over();
    }

    fn start_over(&mut self) {
        self.reset = true;
        self.splices.clear();
        self.splice_count = 0;
    }

    /// A row was taken out of the view at this rank; `sorted` is the view without it.
    pub(crate) fn removed(&mut self, rank: usize, slot: u32, sorted: &Sorted, moves: &mut Vec<Move>) {
        self.before_shift = None;
        if rank < self.before_cursor {
            self.before_cursor -= 1;
            return;
        }
        let (start, end) = (self.start(), self.end());
        let was_shown = (sorted.len() + 1).saturating_sub(start).min(self.limit);
        if rank >= end || was_shown == 0 {
            return;
        }
        let before_shift = (rank < start).then_some((self.splices.len(), self.splice_count));
        if rank < start {
            // Everything moves up by one: the first row shown goes out at the top.
            self.splice(0, 1, None, was_shown);
            moves.extend(sorted.get(start - 1).map(|slot| Move::Leave(self.host_type, slot)));
        } else {
            self.splice(rank - start, 1, None, was_shown);
            moves.push(Move::Leave(self.host_type, slot));
        }
        if sorted.len() >= end
            && let Some(entering) = sorted.get(end - 1)
        {
            self.splice(self.limit - 1, 0, Some(entering), was_shown);
            moves.push(Move::Enter(self.host_type, entering));
        }
        self.before_shift = before_shift;
    }

    /// A row was put into the view at this rank; `sorted` is the view with it.
    pub(crate) fn inserted(
        &mut self,
        rank: usize,
        slot: u32,
        is_before_cursor: bool,
        sorted: &Sorted,
        moves: &mut Vec<Move>,
    ) {
        let before_shift = self.before_shift.take();
        if is_before_cursor {
            self.before_cursor += 1;
            return;
        }
        let (start, end) = (self.start(), self.end());
        let shown = self.len(sorted);
        if rank >= end || shown == 0 {
            return;
        }
        if rank < start {
            let Some(entering) = sorted.get(start) else { return };
            self.splice(0, 0, Some(entering), shown);
            moves.push(Move::Enter(self.host_type, entering));
        } else {
            self.splice(rank - start, 0, Some(slot), shown);
            moves.push(Move::Enter(self.host_type, slot));
        }
        if sorted.len() > end
            && let Some(leaving) = sorted.get(end)
        {
            self.splice(self.limit, 1, None, shown);
            moves.push(Move::Leave(self.host_type, leaving));
        }
        // Up by one and down by one again: the list is what it was, and nobody needs to hear of it.
        if rank < start
            && !self.reset
            && let Some((words, count)) = before_shift
        {
            self.splices.truncate(words);
            self.splice_count = count;
        }
    }

    /// The row at this rank changed and stayed where it is.
    pub(crate) fn touched(&mut self, rank: usize, slot: u32, sorted: &Sorted) {
        // The row that went out at the top may come back, and the host must hear that it is another.
        if rank + 1 >= self.start() {
            self.before_shift = None;
        }
        if rank >= self.start() && rank < self.end() {
            self.splice(rank - self.start(), 1, Some(slot), self.len(sorted));
        }
    }

    fn splice(&mut self, position: usize, remove: u32, insert: Option<u32>, list_len: usize) {
        self.dirty = true;
        if self.reset {
            return;
        }
        if self.splices.len() > SPLICE_WORDS + list_len / 2 {
            return self.start_over();
        }
        self.splices.extend([position as u32, remove, u32::from(insert.is_some())]);
        self.splices.extend(insert);
        self.splice_count += 1;
    }

    /// The whole list, as one splice.
    #[inline(never)]
    pub(crate) fn put_all(&mut self, sorted: &Sorted, length: u32) {
        self.splices = [0, 0, length].into_iter().chain(self.slots(sorted)).collect();
        self.splice_count = 1;
    }

    /// Everything recorded has been delivered.
    pub(crate) fn delivered(&mut self) {
        self.before_shift = None;
        self.splices.clear();
        self.splice_count = 0;
        self.reset = false;
        self.dirty = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_row_that_moves_about_before_a_window_leaves_no_splices() {
        let order = |a: u32, b: u32| a.cmp(&b);
        let mut sorted = Sorted::build((0..50).map(|slot| (0, slot * 2)).collect(), order);
        let mut shown = Shown::new(0, 0, 10, Some(5));
        shown.delivered();
        let mut moves = Vec::new();
        let rank = sorted.remove(0, 4, order).unwrap();
        shown.removed(rank, 4, &sorted, &mut moves);
        assert_eq!(shown.splice_count, 2);
        let rank = sorted.insert(0, 9, order);
        shown.inserted(rank, 9, false, &sorted, &mut moves);
        assert_eq!((shown.splice_count, shown.splices.len()), (0, 0));
    }

    proptest! {
        #[test]
        fn splices_turn_the_old_list_into_the_new_one(
            offset in 0_usize..12,
            limit in prop::option::of(0_usize..12),
            cursor in prop::option::of(0_u32..40),
            steps in prop::collection::vec((0_u32..40, any::<bool>(), any::<bool>(), 0_u8..4), 1..80),
            windows in prop::collection::vec((0_usize..12, prop::option::of(0_usize..12)), 80),
        ) {
            let (mut offset, mut limit) = (offset, limit);
            let order = |a: u32, b: u32| a.cmp(&b);
            let prefix = |slot: u32| u64::from(slot / 3);
            let mut sorted = Sorted::default();
            let mut shown = Shown::new(0, 0, offset, limit);
            shown.delivered();
            let mut versions = [0; 40];
            let mut list: Vec<(u32, u32)> = Vec::new();
            let mut held: Vec<u32> = Vec::new();
            for ((slot, insert, deliver, turn), window) in steps.into_iter().zip(windows) {
                let mut moves = Vec::new();
                if turn == 0 {
                    (offset, limit) = window;
                    let before = cursor.map_or(0, |cursor| sorted.rank_where(|_, slot| slot <= cursor));
                    shown.move_to(before, offset, limit, &sorted, &mut moves);
                }
                match (sorted.rank(prefix(slot), slot, order), insert) {
                    (None, true) => {
                        versions[slot as usize] += 1;
                        let rank = sorted.insert(prefix(slot), slot, order);
                        shown.inserted(rank, slot, cursor.is_some_and(|cursor| slot <= cursor), &sorted, &mut moves);
                    }
                    (Some(_), false) => {
                        let rank = sorted.remove(prefix(slot), slot, order).unwrap();
                        shown.removed(rank, slot, &sorted, &mut moves);
                    }
                    (Some(rank), true) => {
                        versions[slot as usize] += 1;
                        shown.touched(rank, slot, &sorted);
                    }
                    (None, false) => {}
                }
                for change in moves {
                    match change {
                        Move::Enter(_, slot) => held.push(slot),
                        Move::Leave(_, slot) => _ = held.remove(held.iter().position(|&held| held == slot).unwrap()),
                    }
                }
                if !deliver {
                    continue;
                }
                let as_it_is = |slot: u32| (slot, versions[slot as usize]);
                let mut words = shown.splices.iter().copied();
                while let Some(position) = words.next() {
                    let (remove, insert) = (words.next().unwrap(), words.next().unwrap());
                    let inserted: Vec<_> = words.by_ref().take(insert as usize).map(as_it_is).collect();
                    list.splice(position as usize..(position + remove) as usize, inserted);
                }
                if shown.reset {
                    list = shown.slots(&sorted).map(as_it_is).collect();
                }
                shown.delivered();
                let expected: Vec<u32> = sorted
                    .range(0, usize::MAX)
                    .filter(|&slot| cursor.is_none_or(|cursor| slot > cursor))
                    .skip(offset)
                    .take(limit.unwrap_or(usize::MAX))
                    .collect();
                prop_assert_eq!(&list, &expected.iter().copied().map(as_it_is).collect::<Vec<_>>());
                held.sort_unstable();
                prop_assert_eq!(&held, &expected);
                prop_assert_eq!(shown.slots(&sorted).collect::<Vec<_>>(), expected);
            }
        }
    }
}
