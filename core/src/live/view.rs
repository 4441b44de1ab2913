//! One distinct filter and order: the rows that match, in order, shared by all queries that show parts of them.

use super::compile::compile;
use super::explain::FoundBy;
use super::matcher::Matcher;
use super::order::Order;
use super::related::{Around, Dependency, Hop, Names};
use super::routes::Route;
use super::sorted::Sorted;
use super::tally::Tally;
use super::waits::Waits;
use crate::order_of::sort_and_dedup;
use crate::query::{Filter, OrderKey, Query, Scalar, Test};
use crate::store::{Address, Store};

/// The rows that match a filter, in order.
pub(crate) struct View {
    /// What two queries must share to share a view.
    pub key: String,
    pub table: u32,
    pub matcher: Matcher,
    pub order: Order,
    pub route: Route,
    /// Rows of which tables change who belongs, beside its own.
    pub dependencies: Vec<Dependency>,
    /// The indexes of its words are kept for it.
    pub holds_words: bool,
    pub found_by: FoundBy,
    /// How many rows were looked at to find them.
    pub scanned: u64,
    /// How often a row that changed was tried since.
    pub evaluated: u64,
    pub sorted: Sorted,
    /// What queries ask of all of them.
    pub tallies: Vec<Tally>,
    /// The mounted queries that show parts of it.
    pub queries: Vec<u32>,
    /// What it waits for, while rows may be missing because they are not in memory.
    pub waits: Option<Box<Waits>>,
    /// Bits of the columns that decide membership.
    pub filter_columns: u64,
    /// Those columns.
    pub to_filter_by: Vec<usize>,
    /// Bits of the columns that decide the place.
    pub order_columns: u64,
    /// Bits of the columns that tallies look at.
    pub tally_columns: u64,
}

/// The bit of a column in a set of columns; the last bit stands for all from there on.
pub(crate) fn column_bit(column: usize) -> u64 {
    1 << column.min(63)
}

impl View {
    /// The view of a query, its rows not found yet, nor its columns read.
    #[inline(never)]
    pub(crate) fn new(key: String, table: u32, query: &Query, store: &mut Store) -> Self {
        let id_field = store.table(table).map(|table| table.resource.id.clone()).unwrap_or_default();
        let filter = query.filter().with_both_id_spellings(&id_field);
        let mut dependencies = Vec::new();
        let compiled = compile(store, table, &filter, query.order_by(), &[], &mut dependencies);
        let route = Route::choose(&filter, &mut |path| compiled.column(path));
        let is_ranked = query.order_by().iter().any(OrderKey::is_relevance);
        let ranked = compiled.words.iter().flat_map(|words| &words.columns).filter(|_| is_ranked);
        let keys: Vec<_> = compiled.order.iter().copied().zip(query.order_by().iter().cloned()).collect();
        let by_field = keys.iter().filter(|(_, key)| !key.is_relevance()).map(|(column, _)| column);
        let order_columns = by_field.chain(ranked).fold(0, |bits, &column| bits | column_bit(column));
        Self {
            key,
            table,
            filter_columns: compiled.filter_columns,
            to_filter_by: compiled.to_filter_by,
            matcher: compiled.matcher,
            order: Order { table, keys, words: compiled.words, by_slot: false, list: None },
            route,
            dependencies,
            holds_words: false,
            found_by: FoundBy::default(),
            scanned: 0,
            evaluated: 0,
            sorted: Sorted::default(),
            tallies: Vec::new(),
            queries: Vec::new(),
            waits: None,
            order_columns,
            tally_columns: 0,
        }
    }

    /// Is the row among them?
    pub(crate) fn has(&self, store: &Store, slot: u32) -> bool {
        let compare = |a, b| self.order.compare(store, a, b);
        self.sorted.rank(self.order.prefix(store, slot), slot, compare).is_some()
    }

    /// What its order and its tallies take up.
    pub(crate) fn bytes(&self) -> usize {
        self.sorted.bytes() + self.tallies.iter().map(Tally::bytes).sum::<usize>()
    }

    /// The fields by which its conditions look rows up.
    pub(crate) fn indexes(&self) -> impl Iterator<Item = &Names> {
        self.matcher.indexes().into_iter().chain(self.dependencies.iter().flat_map(|dependency| {
            dependency.hops.iter().filter_map(|hop| match hop {
                Hop::Naming(names) => Some(names),
                Hop::Named { .. } => None,
            })
        }))
    }

    /// The rows of the view: those of `rows` that match, or of all rows; and how many rows it looked at.
    #[inline(never)]
    pub(crate) fn find(
        &mut self,
        query: &Query,
        rows: Option<Vec<u32>>,
        around: Around<'_>,
    ) -> (Vec<u32>, u64) {
        let store = around.store;
        let Some(table) = store.table(self.table) else { return (Vec::new(), 0) };
        let mut scanned = 0;
        let matches = |slot: &u32| {
            scanned += 1;
            let at = Address { table: self.table, slot: *slot };
            table.view(*slot, &store.slab).is_some_and(|row| self.matcher.matches(around, at, &row))
        };
        let id_field = &table.resource.id;
        // Few filters name ids, and only those need another spelling of them.
        let filter =
            named_ids(query.filter(), id_field).map(|_| query.filter().with_both_id_spellings(id_field));
        let ids = filter.as_ref().and_then(|filter| named_ids(filter, id_field));
        let slots: Vec<u32> = match (ids, rows) {
            (Some(ids), _) => {
                self.found_by = FoundBy::Ids;
                let found = ids.iter().filter_map(|id| table.ids.find(id.as_bytes()));
                let mut slots: Vec<u32> = found.filter(matches).collect();
                sort_and_dedup(&mut slots);
                slots
            }
            (None, Some(rows)) => rows.into_iter().filter(matches).collect(),
            (None, None) => (0..table.slots()).filter(matches).collect(),
        };
        (slots, scanned)
    }

    /// These are its rows; puts them in order.
    pub(crate) fn fill(&mut self, slots: Vec<u32>, store: &mut Store) {
        let columns: Vec<usize> = self.order.keys.iter().map(|(column, _)| *column).collect();
        if let Some(table) = store.tables.get_mut(self.table as usize) {
            table.read_rows(&columns, &slots, &store.slab);
        }
        self.sorted = self.order.build(store, &slots);
    }
}

/// The only ids that a filter can match, when it names them. Every id is spelled as a text among them.
pub(super) fn named_ids<'f>(filter: &'f Filter, id_field: &str) -> Option<Vec<&'f str>> {
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
