//! What a registry says about queries to come: the fields it names are indexed as rows come in.

use super::Live;
use super::routes::{Of, Routes};
use crate::registry::{Holds, RelationKind, ResourceType};
use crate::store::{Path, Store};

impl Live {
    /// Keeps the rows of each value of the fields that types name in `index`, from now on and for good.
    pub(crate) fn keep_hinted(&mut self, store: &mut Store) {
        self.routes.resize_with(store.tables.len(), Routes::default);
        for (table, routes) in store.tables.iter_mut().zip(&mut self.routes) {
            let of: Vec<Of> =
                table.resource.index.iter().map(|path| of_field(&table.resource, path)).collect();
            let paths: Vec<Path> = table
                .resource
                .index
                .iter()
                .map(|path| path.split('.').map(str::to_owned).collect())
                .collect();
            let columns = table.columns_for(&paths, &store.slab);
            for (column, of) in columns.into_iter().zip(of) {
                routes.pin(column, of, table, &store.slab);
            }
        }
    }
}

/// Lists of ids are looked up by their elements.
fn of_field(resource: &ResourceType, path: &str) -> Of {
    let is_list = resource.relations.values().any(|relation| {
        relation.field == path && relation.kind == RelationKind::Many && relation.holds != Holds::Reverse
    });
    if is_list { Of::Elements } else { Of::Field }
}
