//! One distinct filter and order: the rows that match, in order, shared by all queries that show parts of them.

use super::matcher::Matcher;
use super::order::Order;
use super::routes::Route;
use super::sorted::Sorted;
use crate::order_of::sort_and_dedup;
use crate::query::{Filter, Query, Scalar, Test};
use crate::store::{Path, Store};

/// The rows that match a filter, in order.
pub(crate) struct View {
    /// What two queries must share to share a view.
    pub key: String,
    pub table: u32,
    pub matcher: Matcher,
    pub order: Order,
    pub route: Route,
    pub sorted: Sorted,
    /// The mounted queries that show parts of it.
    pub queries: Vec<u32>,
    /// Bits of the columns that decide membership.
    pub filter_columns: u64,
    /// Bits of the columns that decide the place.
    pub order_columns: u64,
}

/// The bit of a column in a set of columns; the last bit stands for all from there on.
pub(crate) fn column_bit(column: usize) -> u64 {
    1 << column.min(63)
}

impl View {
    /// The view of a query, its rows not found yet. All columns that it needs are filled in one pass.
    pub(crate) fn new(key: String, table: u32, query: &Query, store: &mut Store) -> Self {
        let mut paths: Vec<Path> = Vec::new();
        let to_path = |path: &crate::query::FieldPath| {
            path.segments().iter().map(ToString::to_string).collect::<Path>()
        };
        let id_field = store.table(table).map(|table| table.resource.id.clone()).unwrap_or_default();
        let filter = query.filter().with_both_id_spellings(&id_field);
        filter.visit_paths(&mut |path| paths.push(to_path(path)));
        let filter_paths = paths.len();
        paths.extend(query.order_by().iter().map(|key| to_path(&key.path)));
        let slab = &store.slab;
        let columns = store
            .tables
            .get_mut(table as usize)
            .map(|table| table.columns_for(&paths, slab))
            .unwrap_or_default();
        let bits = |range: &[usize]| range.iter().fold(0, |bits, &column| bits | column_bit(column));
        let (of_filter, of_order) = columns.split_at(filter_paths.min(columns.len()));
        let mut column = |path: &crate::query::FieldPath| {
            let path = to_path(path);
            let index = paths.iter().position(|other| *other == path).unwrap_or_default();
            columns.get(index).copied().unwrap_or_default()
        };
        let matcher = Matcher::new(&filter, &mut column);
        let route = Route::choose(&filter, &mut column);
        let order =
            Order { table, keys: of_order.iter().copied().zip(query.order_by().iter().cloned()).collect() };
        let (filter_columns, order_columns) = (bits(of_filter), bits(of_order));
        Self {
            key,
            table,
            matcher,
            order,
            route,
            sorted: Sorted::default(),
            queries: Vec::new(),
            filter_columns,
            order_columns,
        }
    }

    /// Finds the rows of the view: those of `rows` that match, or of all rows. Returns how many rows it looked at.
    pub(crate) fn fill(&mut self, query: &Query, rows: Option<Vec<u32>>, store: &Store) -> u64 {
        let Some(table) = store.table(self.table) else { return 0 };
        let mut scanned = 0;
        let matches = |slot: &u32| {
            scanned += 1;
            table.view(*slot, &store.slab).is_some_and(|row| self.matcher.matches(&row))
        };
        let id_field = &table.resource.id;
        let filter = query.filter().with_both_id_spellings(id_field);
        let slots: Vec<u32> = match (named_ids(&filter, id_field), rows) {
            (Some(ids), _) => {
                let found = ids.iter().filter_map(|id| table.ids.find(id.as_bytes()));
                let mut slots: Vec<u32> = found.filter(matches).collect();
                sort_and_dedup(&mut slots);
                slots
            }
            (None, Some(rows)) => rows.into_iter().filter(matches).collect(),
            (None, None) => (0..table.slots()).filter(matches).collect(),
        };
        let entries = slots.into_iter().map(|slot| (self.order.prefix(store, slot), slot)).collect();
        self.sorted = Sorted::build(entries, |a, b| self.order.compare(store, a, b));
        scanned
    }
}

/// The only ids that a filter can match, when it names them. Every id is spelled as a text among them.
fn named_ids<'f>(filter: &'f Filter, id_field: &str) -> Option<Vec<&'f str>> {
    let text = |scalar: &'f Scalar| match scalar {
        Scalar::Text(id) => Some(id.as_str()),
        _ => None,
    };
    filter.conjuncts().iter().find_map(|part| match part {
        Filter::Field { path, test } if path.single() == Some(id_field) => match test {
            Test::Eq(scalar) => Some(text(scalar).into_iter().collect()),
            Test::In(scalars) => Some(scalars.iter().filter_map(text).collect()),
            _ => None,
        },
        _ => None,
    })
}
