//! Conditions on what a row's relations lead to, and the way back from there to the rows that must be looked at again.

use super::matcher::Matcher;
use super::routes::{Of, Routes};
use super::shape::ids_in;
use super::value_hash::hash_scalar;
use crate::query::{Quantifier, id_scalars};
use crate::registry::{Holds, Relation, RelationKind, ResourceType};
use crate::store::{Address, RowView, Store};

/// What a condition may look at beside the row itself.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub store: &'a Store,
    pub routes: &'a [Routes],
}

/// A condition on the rows that a relation leads to.
pub(crate) struct Related {
    pub quantifier: Quantifier,
    pub way: Way,
    pub target: u32,
    pub matcher: Matcher,
}

/// How to get from a row to others.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// Its field names them.
    Named { field: String },
    /// Their field, which is indexed, names it.
    Naming(Names),
}

/// A field of a table that names rows, and its index.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub table: u32,
    pub field: String,
    pub column: usize,
    pub of: Of,
}

/// When a row of `table` changes, the rows at the end of `hops` must be looked at again.
pub(crate) struct Dependency {
    pub table: u32,
    pub hops: Vec<Hop>,
}

/// A way back: from a row to those whose condition looks at it.
#[derive(Debug, Clone)]
pub(crate) enum Hop {
    /// Those whose field names it.
    Naming(Names),
    /// Those of a table that its own field names.
    Named { table: u32, field: String },
}

/// Is a relation's field a list of ids?
pub(crate) fn in_lists(relation: &Relation, target: &ResourceType) -> bool {
    match relation.holds {
        Holds::Ids | Holds::Resources => relation.kind == RelationKind::Many,
        Holds::Reverse => target.relations.values().any(|other| {
            other.holds != Holds::Reverse && other.field == relation.field && other.kind == RelationKind::Many
        }),
    }
}

impl Related {
    /// Does it hold for this row?
    pub(crate) fn matches(&self, around: Around<'_>, at: Address, row: &RowView<'_>) -> bool {
        // Some: one that matches decides. None: the same, the other way round. Every: one that does not match decides.
        let wanted = self.quantifier != Quantifier::Every;
        let mut decided = false;
        let mut look = |slot: u32| {
            let other = Address { table: self.target, slot };
            let Some(row) = around.store.view(other) else { return };
            decided = decided || self.matcher.matches(around, other, &row) == wanted;
        };
        match &self.way {
            Way::Named { field } => {
                let Some(target) = around.store.table(self.target) else { return !wanted };
                ids_in(row.bytes, field, |id| target.find(id).into_iter().for_each(&mut look));
            }
            Way::Naming(names) => names.each(around, at, |slot| {
                if names.names(around.store, slot, at) {
                    look(slot);
                }
            }),
        }
        decided == (self.quantifier == Quantifier::Some)
    }
}

impl Names {
    /// The rows that may name this one: all that do, and perhaps more.
    fn each(&self, around: Around<'_>, at: Address, mut each: impl FnMut(u32)) {
        let Some(table) = around.store.table(at.table) else { return };
        let hashes: Vec<u64> = table
            .names_of(at.slot)
            .iter()
            .flat_map(|id| id_scalars(&String::from_utf8_lossy(id)))
            .map(|scalar| hash_scalar(&scalar))
            .collect();
        let index = around.routes.get(self.table as usize);
        match index.and_then(|routes| routes.indexed_rows(self.column, self.of, &hashes)) {
            Some(slots) => slots.into_iter().for_each(&mut each),
            None => {
                let slots = around.store.table(self.table).map_or(0, crate::store::Table::slots);
                (0..slots).for_each(&mut each);
            }
        }
    }

    fn names(&self, store: &Store, slot: u32, at: Address) -> bool {
        let Some(row) = store.view(Address { table: self.table, slot }) else { return false };
        let Some(table) = store.table(at.table) else { return false };
        let mut found = false;
        ids_in(row.bytes, &self.field, |id| found = found || table.find(id) == Some(at.slot));
        found
    }
}

impl Hop {
    fn each(
        &self,
        around: Around<'_>,
        at: Address,
        row: Option<&RowView<'_>>,
        mut each: impl FnMut(Address),
    ) {
        match self {
            Self::Naming(names) => names.each(around, at, |slot| each(Address { table: names.table, slot })),
            Self::Named { table, field } => {
                let (Some(row), Some(target)) = (row, around.store.table(*table)) else { return };
                ids_in(row.bytes, field, |id| {
                    target.find(id).into_iter().for_each(|slot| each(Address { table: *table, slot }));
                });
            }
        }
    }
}

impl Dependency {
    /// The rows to look at again because of this one, which is as given.
    pub(crate) fn slots(
        &self,
        around: Around<'_>,
        at: Address,
        row: Option<&RowView<'_>>,
        out: &mut Vec<u32>,
    ) {
        let Some((first, rest)) = self.hops.split_first() else { return };
        let mut reached = Vec::new();
        first.each(around, at, row, |at| reached.push(at));
        for hop in rest {
            for at in std::mem::take(&mut reached) {
                hop.each(around, at, around.store.view(at).as_ref(), |at| reached.push(at));
            }
        }
        out.extend(reached.into_iter().map(|at| at.slot));
    }
}
