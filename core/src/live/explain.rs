//! What a query costs, and how its rows are found.

use super::Live;
use super::routes::Route;
use super::view::{View, column_bit};
use crate::query::{Query, Window};
use crate::step::{ColumnCost, Explanation, IndexCost};
use crate::store::Store;

/// How the rows of a view were found when it was mounted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum FoundBy {
    #[default]
    Scan,
    Ids,
    Values,
    Words,
}

impl FoundBy {
    fn name(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Ids => "ids",
            Self::Values => "values",
            Self::Words => "words",
        }
    }
}

impl Live {
    /// What a query costs: it is mounted for this moment, without a window, and shares the view of the queries like it.
    pub(crate) fn explain(&mut self, store: &mut Store, table: u32, query: &Query) -> Option<Explanation> {
        let none = Window { limit: Some(0), ..query.window().clone() };
        let is_grouped = !query.group_by().is_empty();
        let order = if is_grouped { Vec::new() } else { query.order_by().to_vec() };
        let after = none.after.clone().filter(|_| !is_grouped);
        let rows =
            Query::of_rows(query.resource_type(), query.filter().clone(), order, Window { after, ..none });
        let id = self.mount_as(store, table, &rows, table, None);
        let explanation = self.explain_mounted(store, id, query.window());
        self.unmount(id);
        explanation
    }

    fn explain_mounted(&self, store: &Store, id: u32, window: &Window) -> Option<Explanation> {
        let mounted = self.queries.get(id as usize)?.as_ref()?;
        let view = self.views.get(mounted.view as usize)?.as_ref()?;
        let table = store.table(view.table)?;
        let used = view.filter_columns | view.order_columns;
        let is_used = |column: &usize| used & column_bit(*column) != 0;
        let columns = (0..table.columns()).filter(is_used).map(|column| ColumnCost {
            field: table.column_field(column),
            bytes: table.column_bytes_of(column) as u64,
        });
        let route = match &view.route {
            Route::Values { column, .. } => Some(table.column_field(*column)),
            Route::Everything => None,
        };
        let first = mounted.shown.first().min(view.sorted.len());
        Some(Explanation {
            found_by: view.found_by.name(),
            rows_scanned: view.scanned,
            route,
            times_evaluated: view.evaluated,
            matches: view.sorted.len() as u32,
            first: first as u32,
            shown: (view.sorted.len() - first).min(window.limit.map_or(usize::MAX, |limit| limit as usize))
                as u32,
            mounted: view.queries.len() as u32 - 1,
            view_bytes: view.sorted.bytes() as u64,
            columns: columns.collect(),
            indexes: self.indexes_of(store, view),
        })
    }

    fn indexes_of(&self, store: &Store, view: &View) -> Vec<IndexCost> {
        let mut indexes = Vec::new();
        let mut add = |kind: &'static str, table: u32, column: usize, bytes: Option<usize>| {
            let (Some(bytes), Some(table)) = (bytes, store.table(table)) else { return };
            let (resource_type, field) = (table.resource.name.clone(), table.column_field(column));
            indexes.push(IndexCost { kind, resource_type, field, bytes: bytes as u64 });
        };
        let routes = |table: u32| self.routes.get(table as usize);
        if let Route::Values { column, of, .. } = &view.route {
            let bytes = routes(view.table).and_then(|routes| routes.index_bytes(*column, *of));
            add("values", view.table, *column, bytes);
        }
        for &column in view.order.words.iter().filter(|_| view.holds_words).flat_map(|words| &words.columns) {
            let bytes = routes(view.table).and_then(|routes| routes.word_index_bytes(column));
            add("words", view.table, column, bytes);
        }
        for names in view.indexes() {
            let bytes = routes(names.table).and_then(|routes| routes.index_bytes(names.column, names.of));
            add("values", names.table, names.column, bytes);
        }
        indexes
    }
}
