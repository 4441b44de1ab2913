//! Which views a row can belong to, found by its values instead of by trying every view.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::value_hash::{hash_cell, hash_scalar};
use super::value_index::ValueIndex;
use crate::order_of::sort_and_dedup;
use crate::query::{FieldPath, Filter, Scalar, Test};
use crate::store::{RowView, Slab, Table};

/// How a view is found.
pub(crate) enum Route {
    /// By any of these values of one column.
    Values { column: usize, hashes: Vec<u64> },
    /// Only by trying it.
    Everything,
}

type ViewsByHash = HashMap<u64, Vec<u32>, FixedState>;

/// The views that are found by one column.
struct Routed {
    column: usize,
    views: ViewsByHash,
    /// Made when the second view comes, gone with the last.
    rows: Option<ValueIndex>,
}

/// The views of one table, by what a row must have to belong to them.
#[derive(Default)]
pub(crate) struct Routes {
    by_value: Vec<Routed>,
    everything: Vec<u32>,
}

impl Route {
    /// The best way to find a view with this filter: by an equality that all of its rows have.
    pub(crate) fn choose(filter: &Filter, column: &mut impl FnMut(&FieldPath) -> usize) -> Self {
        let mut best: Option<(&FieldPath, Vec<u64>)> = None;
        for part in filter.conjuncts() {
            let (path, hashes) = match part {
                Filter::Field { path, test: Test::Eq(scalar) } => (path, vec![hash_scalar(scalar)]),
                Filter::Field { path, test: Test::In(scalars) } => {
                    let mut hashes: Vec<u64> = scalars.iter().map(hash_scalar).collect();
                    sort_and_dedup(&mut hashes);
                    (path, hashes)
                }
                _ => continue,
            };
            // Text tells more rows apart than flags and numbers do.
            let is_text = matches!(part, Filter::Field { test: Test::Eq(Scalar::Text(_)), .. });
            if best.is_none()
                || (is_text && hashes.len() <= best.as_ref().map_or(usize::MAX, |best| best.1.len()))
            {
                best = Some((path, hashes));
            }
        }
        best.map_or(Self::Everything, |(path, hashes)| Self::Values { column: column(path), hashes })
    }
}

impl Routes {
    pub(crate) fn add(&mut self, view: u32, route: &Route) {
        let Route::Values { column, hashes } = route else {
            self.everything.push(view);
            return;
        };
        let index = self.by_value.iter().position(|routed| routed.column == *column).unwrap_or_else(|| {
            self.by_value.push(Routed { column: *column, views: HashMap::default(), rows: None });
            self.by_value.len() - 1
        });
        if let Some(routed) = self.by_value.get_mut(index) {
            for hash in hashes {
                routed.views.entry(*hash).or_default().push(view);
            }
        }
    }

    pub(crate) fn remove(&mut self, view: u32, route: &Route) {
        let Route::Values { column, hashes } = route else {
            self.everything.retain(|&other| other != view);
            return;
        };
        let Some(routed) = self.by_value.iter_mut().find(|routed| routed.column == *column) else { return };
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
        }
    }

    /// The rows that a new view of this route can have, where an index over its column pays; `None` for all rows.
    pub(crate) fn rows(&mut self, route: &Route, table: &Table, slab: &Slab) -> Option<Vec<u32>> {
        let Route::Values { column, hashes } = route else { return None };
        let routed = self.by_value.iter_mut().find(|routed| routed.column == *column)?;
        routed.rows.get_or_insert_with(|| ValueIndex::build(table, slab, *column)).rows(hashes)
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
        for Routed { column, views, rows } in &mut self.by_value {
            let hash = |row: &RowView<'_>| hash_cell(row.cell(*column), row.bytes);
            let (old, new) = (old.map(hash), new.map(hash));
            let found =
                |hash: Option<u64>| hash.and_then(|hash| views.get(&hash)).map_or(&[][..], Vec::as_slice);
            out.extend_from_slice(found(new));
            if old == new {
                continue;
            }
            has_doubles |= !found(old).is_empty() && !found(new).is_empty();
            out.extend_from_slice(found(old));
            if let Some(rows) = rows {
                old.into_iter().for_each(|hash| rows.remove(hash, slot));
                new.into_iter().for_each(|hash| rows.insert(hash, slot));
            }
        }
        // Only a view that is found by several values can be found twice.
        if has_doubles {
            sort_and_dedup(out);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.by_value.iter().filter_map(|routed| routed.rows.as_ref()).map(ValueIndex::bytes).sum()
    }
}
