//! Which views a row can belong to, found by its values instead of by trying every view.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::upkeep::Clock;
use super::value_hash::{Hashes, hash_scalar};
use super::value_index::ValueIndex;
use super::word_indexes::WordIndexes;
use super::words::Words;
use crate::order_of::sort_and_dedup;
use crate::query::{FieldPath, Filter, Scalar, Test};
use crate::store::{RowView, Slab, Table};

/// How a view is found.
pub(crate) enum Route {
    /// By any of these values of one column, or in the lists of one column.
    Values { column: usize, of: Of, hashes: Vec<u64> },
    /// Only by trying it.
    Everything,
}

/// Where a value is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// It is the field.
    Field,
    /// It is an element of the field's list.
    Elements,
}

type ViewsByHash = HashMap<u64, Vec<u32>, FixedState>;

/// The views that are found by one column.
struct Routed {
    column: usize,
    of: Of,
    views: ViewsByHash,
}

/// The rows of each value of one column.
struct Indexed {
    column: usize,
    of: Of,
    rows: ValueIndex,
    /// Conditions that look rows up in it.
    pins: u32,
    last_used: u64,
}

/// The views of one table, by what a row must have to belong to them.
#[derive(Default)]
pub(crate) struct Routes {
    by_value: Vec<Routed>,
    everything: Vec<u32>,
    /// Made when a column is read for a view or a second view comes, or when a condition needs it.
    indexes: Vec<Indexed>,
    words: WordIndexes,
    clock: Clock,
    /// Hashes of a row before and after a change.
    old: Hashes,
    new: Hashes,
}

/// An equality that all rows of a filter have: one of these values.
struct Equality<'f> {
    path: &'f FieldPath,
    of: Of,
    hashes: Vec<u64>,
    is_text: bool,
}

impl<'f> Equality<'f> {
    fn of(filter: &'f Filter) -> Option<Self> {
        let text = |scalar: &Scalar| matches!(scalar, Scalar::Text(_));
        match filter {
            Filter::Field { path, test: Test::Eq(scalar) } => {
                Some(Self { path, of: Of::Field, hashes: vec![hash_scalar(scalar)], is_text: text(scalar) })
            }
            Filter::Field { path, test: Test::Contains(scalar) } => Some(Self {
                path,
                of: Of::Elements,
                hashes: vec![hash_scalar(scalar)],
                is_text: text(scalar),
            }),
            Filter::Field { path, test: Test::In(scalars) } => {
                let mut hashes: Vec<u64> = scalars.iter().map(hash_scalar).collect();
                sort_and_dedup(&mut hashes);
                Some(Self { path, of: Of::Field, hashes, is_text: false })
            }
            Filter::Or(parts) => {
                let mut parts = parts.iter().map(Self::of);
                let mut all = parts.next()??;
                for part in parts {
                    let part = part.filter(|part| part.path == all.path && part.of == all.of)?;
                    all.hashes.extend(part.hashes);
                }
                sort_and_dedup(&mut all.hashes);
                Some(Self { is_text: false, ..all })
            }
            _ => None,
        }
    }
}

impl Route {
    /// The best way to find a view with this filter: by an equality that all of its rows have.
    pub(crate) fn choose(filter: &Filter, column: &mut impl FnMut(&FieldPath) -> usize) -> Self {
        let mut best: Option<Equality<'_>> = None;
        for found in filter.conjuncts().iter().filter_map(Equality::of) {
            // Text tells more rows apart than flags and numbers do.
            let is_better = |best: &Equality<'_>| {
                found.is_text && (!best.is_text || found.hashes.len() <= best.hashes.len())
            };
            if best.as_ref().is_none_or(is_better) {
                best = Some(found);
            }
        }
        best.map_or(Self::Everything, |found| Self::Values {
            column: column(found.path),
            of: found.of,
            hashes: found.hashes,
        })
    }
}

impl Routes {
    fn routed(&mut self, column: usize, of: Of) -> Option<&mut Routed> {
        self.by_value.iter_mut().find(|routed| (routed.column, routed.of) == (column, of))
    }

    pub(crate) fn add(&mut self, view: u32, route: &Route) {
        let Route::Values { column, of, hashes } = route else {
            self.everything.push(view);
            return;
        };
        if self.routed(*column, *of).is_none() {
            self.by_value.push(Routed { column: *column, of: *of, views: HashMap::default() });
        }
        if let Some(routed) = self.routed(*column, *of) {
            for hash in hashes {
                routed.views.entry(*hash).or_default().push(view);
            }
        }
    }

    pub(crate) fn remove(&mut self, view: u32, route: &Route) {
        let Route::Values { column, of, hashes } = route else {
            self.everything.retain(|&other| other != view);
            return;
        };
        let Some(routed) = self.routed(*column, *of) else { return };
        for hash in hashes {
            if let Some(list) = routed.views.get_mut(hash) {
                list.retain(|&other| other != view);
                if list.is_empty() {
                    routed.views.remove(hash);
                }
            }
        }
        if routed.views.is_empty() {
            self.by_value.retain(|routed| !routed.views.is_empty());
            self.was_used(*column, *of);
        }
    }

    /// Reads the columns of a new view that have not been. Each row is at hand then, so the column by which the view is found is
    /// indexed on the way: the next view of another value will look at its own rows only.
    pub(crate) fn read(&mut self, route: &Route, columns: &[usize], table: &mut Table, slab: &Slab) {
        if columns.iter().any(|&column| table.is_unread(column)) {
            self.read_unread(route, columns, table, slab);
        }
    }

    #[inline(never)]
    fn read_unread(&mut self, route: &Route, columns: &[usize], table: &mut Table, slab: &Slab) {
        let mut unread = Vec::new();
        for &column in columns {
            // A field may be in several conditions.
            if table.is_unread(column) && !unread.contains(&column) {
                unread.push(column);
            }
        }
        let place = match route {
            // Rows are found by their ids anyway.
            Route::Values { column, of, .. }
                if self.place(*column, *of).is_none() && !table.is_id(*column) =>
            {
                unread.iter().position(|unread| unread == column).map(|place| (place, *column, *of))
            }
            _ => None,
        };
        let Some((place, column, of)) = place else {
            table.read(&unread, slab, &mut |_, _, _| {});
            return;
        };
        let mut rows = ValueIndex::default();
        let hashes = &mut self.new;
        table.read(&unread, slab, &mut |slot, row, cells| {
            hashes.set(Some(&RowView::new(row, cells)), place, of);
            hashes.iter().for_each(|hash| rows.insert(hash, slot));
        });
        self.indexes.push(Indexed { column, of, rows, pins: 0, last_used: self.clock.now });
        self.clock.built += 1;
    }

    fn place(&self, column: usize, of: Of) -> Option<usize> {
        self.indexes.iter().position(|index| (index.column, index.of) == (column, of))
    }

    /// The rows that a new view of this route can have, where an index over its column pays; `None` for all rows.
    pub(crate) fn rows(&mut self, route: &Route, table: &Table, slab: &Slab) -> Option<Vec<u32>> {
        let Route::Values { column, of, hashes } = route else { return None };
        if self.place(*column, *of).is_none() {
            self.routed(*column, *of)?;
        }
        self.index(*column, *of, table, slab)?.rows.rows(hashes)
    }

    /// The rows that may have these words; `None` for all rows. Their indexes are kept until [`Self::release_words`].
    pub(crate) fn rows_of_words(&mut self, words: &[Words], table: &Table, slab: &Slab) -> Option<Vec<u32>> {
        self.words.rows(words, table, slab, &mut self.clock)
    }

    /// One view less is of these words.
    pub(crate) fn release_words(&mut self, words: &[Words]) {
        self.words.release(words, &self.clock);
    }

    /// A view comes: a time to let go of what no view uses.
    pub(crate) fn mounted(&mut self) {
        self.clock.mounted();
        self.drop_unused();
    }

    fn index(&mut self, column: usize, of: Of, table: &Table, slab: &Slab) -> Option<&mut Indexed> {
        let same = |index: &Indexed| (index.column, index.of) == (column, of);
        if !self.indexes.iter().any(same) {
            let rows = ValueIndex::build(table, slab, column, of);
            self.indexes.push(Indexed { column, of, rows, pins: 0, last_used: 0 });
            self.clock.built += 1;
        }
        self.was_used(column, of);
        self.indexes.iter_mut().find(|index| same(index))
    }

    fn was_used(&mut self, column: usize, of: Of) {
        let now = self.clock.now;
        if let Some(index) = self.indexes.iter_mut().find(|index| (index.column, index.of) == (column, of)) {
            index.last_used = now;
        }
    }

    #[inline(never)]
    fn drop_unused(&mut self) {
        let Self { by_value, indexes, words, clock, .. } = self;
        let had = indexes.len();
        indexes.retain(|index| {
            let is_routed =
                by_value.iter().any(|routed| (routed.column, routed.of) == (index.column, index.of));
            is_routed || index.pins > 0 || !clock.is_long_ago(index.last_used)
        });
        clock.dropped += (had - indexes.len()) as u64;
        words.drop_unused(clock);
    }

    /// A condition will look rows up by this column.
    pub(crate) fn pin(&mut self, column: usize, of: Of, table: &Table, slab: &Slab) {
        if let Some(index) = self.index(column, of, table, slab) {
            index.pins += 1;
        }
    }

    /// One condition less looks rows up by this column.
    pub(crate) fn unpin(&mut self, column: usize, of: Of) {
        if let Some(index) = self.indexes.iter_mut().find(|index| (index.column, index.of) == (column, of)) {
            index.pins = index.pins.saturating_sub(1);
        }
        self.was_used(column, of);
    }

    /// The rows that may have one of these values in a column; `None` if only a look at all rows can tell.
    pub(crate) fn indexed_rows(&self, column: usize, of: Of, hashes: &[u64]) -> Option<Vec<u32>> {
        let index = self.indexes.iter().find(|index| (index.column, index.of) == (column, of))?;
        index.rows.rows(hashes)
    }

    /// The views that a changing row belonged to or may belong to from now on; each once.
    pub(crate) fn candidates(
        &mut self,
        slot: u32,
        old: Option<&RowView<'_>>,
        new: Option<&RowView<'_>>,
        out: &mut Vec<u32>,
    ) {
        out.clear();
        out.extend_from_slice(&self.everything);
        let mut has_doubles = false;
        if self.clock.changed() {
            self.drop_unused();
        }
        let Self { by_value, indexes, words, old: before, new: after, .. } = self;
        words.change(slot, old, new);
        for Routed { column, of, views } in by_value {
            before.set(old, *column, *of);
            after.set(new, *column, *of);
            let mut lists = 0;
            for hash in after.iter().chain(before.without(after)) {
                if let Some(views) = views.get(&hash) {
                    out.extend_from_slice(views);
                    lists += 1;
                }
            }
            // Only a view that is found by several values can be found twice.
            has_doubles |= lists > 1;
        }
        for Indexed { column, of, rows, .. } in indexes {
            before.set(old, *column, *of);
            after.set(new, *column, *of);
            before.without(after).for_each(|hash| rows.remove(hash, slot));
            after.without(before).for_each(|hash| rows.insert(hash, slot));
        }
        if has_doubles {
            sort_and_dedup(out);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.indexes.iter().map(|index| index.rows.bytes()).sum::<usize>() + self.words.bytes()
    }

    /// Bytes of the index of this column's values, if there is one.
    pub(crate) fn index_bytes(&self, column: usize, of: Of) -> Option<usize> {
        let index = self.indexes.iter().find(|index| (index.column, index.of) == (column, of))?;
        Some(index.rows.bytes())
    }

    /// Bytes of the index of this column's words, if there is one.
    pub(crate) fn word_index_bytes(&self, column: usize) -> Option<usize> {
        self.words.bytes_of(column)
    }

    /// How many indexes there are, were built, and were dropped.
    pub(crate) fn counts(&self) -> (usize, u64, u64) {
        (self.indexes.len() + self.words.len(), self.clock.built, self.clock.dropped)
    }
}
