//! From a filter to a matcher: finds the columns of its fields, and the tables that its relations lead to.

use std::collections::BTreeMap;

use super::matcher::Matcher;
use super::related::{Dependency, Hop, Names, Related, Way, in_lists};
use super::routes::Of;
use super::view::column_bit;
use super::words::Words;
use crate::query::{FieldPath, Filter, OrderKey, Test, WordMatch};
use crate::registry::{Holds, Relation, ResourceType};
use crate::store::{Path, Store};

/// What a filter and an order over one table come to.
pub(crate) struct Compiled {
    pub matcher: Matcher,
    /// The columns of the order's keys; that of relevance has none.
    pub order: Vec<usize>,
    /// The words that all rows have.
    pub words: Vec<Words>,
    /// Bits of the columns that decide membership.
    pub filter_columns: u64,
    /// Those columns; nobody has read them for this view yet.
    pub to_filter_by: Vec<usize>,
    /// The columns of the fields that the filter reads, for whoever looks some up.
    columns: Columns,
}

impl Compiled {
    /// The column of a field that the filter reads.
    pub(crate) fn column(&self, path: &FieldPath) -> usize {
        self.columns.of(path)
    }
}

/// Where paths are among the columns of a table.
struct Columns {
    paths: Vec<Path>,
    columns: Vec<usize>,
}

impl Columns {
    fn words(&self, wanted: &WordMatch) -> Words {
        Words {
            worst_rank: wanted.worst_rank(),
            wanted: wanted.clone(),
            columns: wanted.fields.iter().map(|path| self.of(path)).collect(),
        }
    }

    fn of(&self, path: &FieldPath) -> usize {
        let path = to_path(path);
        let index = self.paths.iter().position(|other| *other == path).unwrap_or_default();
        self.columns.get(index).copied().unwrap_or_default()
    }
}

pub(super) fn to_path(path: &FieldPath) -> Path {
    path.segments().iter().map(ToString::to_string).collect()
}

type Relations = BTreeMap<String, Relation>;

/// The relation that a condition is on, if it is on one.
pub(crate) fn relation_of<'r>(
    relations: &'r Relations,
    path: &FieldPath,
    test: &Test,
) -> Option<&'r Relation> {
    match test {
        Test::Elements(..) => relations.get(path.single()?),
        _ => None,
    }
}

/// Is any condition on the elements of a list, or on what a relation leads to?
fn asks_elements(filter: &Filter) -> bool {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().any(asks_elements),
        Filter::Not(part) => asks_elements(part),
        Filter::Field { test, .. } => matches!(test, Test::Elements(..)),
        Filter::Match(_) => false,
    }
}

fn own_paths(filter: &Filter, relations: &Relations, out: &mut Vec<Path>) {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter().for_each(|part| own_paths(part, relations, out))
        }
        Filter::Not(part) => own_paths(part, relations, out),
        Filter::Field { path, test } => match relation_of(relations, path, test) {
            None => out.push(to_path(path)),
            Some(relation) if relation.holds == Holds::Reverse => {}
            Some(relation) => out.push(vec![relation.field.clone()]),
        },
        Filter::Match(wanted) => out.extend(wanted.fields.iter().map(to_path)),
    }
}

/// Compiles a filter, in which ids are spelled both ways, and an order. What else must be watched goes to `dependencies`, and
/// `back` leads from this table to the one whose rows the view is of.
pub(crate) fn compile(
    store: &mut Store,
    table: u32,
    filter: &Filter,
    order_by: &[OrderKey],
    back: &[Hop],
    dependencies: &mut Vec<Dependency>,
) -> Compiled {
    let relations = match store.table(table) {
        Some(table) if asks_elements(filter) => table.resource.relations.clone(),
        _ => Relations::new(),
    };
    let mut paths = Vec::new();
    own_paths(filter, &relations, &mut paths);
    let of_filter = paths.len();
    paths.extend(order_by.iter().filter(|key| !key.is_relevance()).map(|key| to_path(&key.path)));
    let columns = match store.tables.get_mut(table as usize) {
        Some(table) => table.columns_to_read(&paths),
        None => Vec::new(),
    };
    let to_filter_by = columns.get(..of_filter).unwrap_or_default().to_vec();
    let filter_columns = columns.iter().take(of_filter).fold(0, |bits, &column| bits | column_bit(column));
    let mut of_order = columns.iter().skip(of_filter).copied();
    let mut of_key = |key: &OrderKey| if key.is_relevance() { None } else { of_order.next() };
    let order = order_by.iter().map(|key| of_key(key).unwrap_or_default()).collect();
    let columns = Columns { paths, columns };
    let has_words = |wanted: &&WordMatch| wanted.words().next().is_some();
    let words = filter.matches().filter(has_words).map(|wanted| columns.words(wanted)).collect();
    let mut compiler =
        Compiler { store, table, relations: &relations, columns: &columns, back, dependencies };
    let matcher = compiler.matcher(filter);
    Compiled { matcher, order, filter_columns, to_filter_by, words, columns }
}

struct Compiler<'a> {
    store: &'a mut Store,
    table: u32,
    relations: &'a Relations,
    columns: &'a Columns,
    back: &'a [Hop],
    dependencies: &'a mut Vec<Dependency>,
}

impl Compiler<'_> {
    fn matcher(&mut self, filter: &Filter) -> Matcher {
        match filter {
            Filter::And(parts) => Matcher::All(parts.iter().map(|part| self.matcher(part)).collect()),
            Filter::Or(parts) => Matcher::Any(parts.iter().map(|part| self.matcher(part)).collect()),
            Filter::Not(part) => Matcher::Not(Box::new(self.matcher(part))),
            Filter::Field { path, test } => match (relation_of(self.relations, path, test), test) {
                (Some(relation), Test::Elements(quantifier, filter)) => self
                    .related(*quantifier, relation, filter)
                    .map_or(Matcher::Any(Vec::new()), |related| Matcher::Related(Box::new(related))),
                _ => Matcher::Test { column: self.columns.of(path), test: test.clone() },
            },
            Filter::Match(wanted) => Matcher::Words(self.columns.words(wanted)),
        }
    }

    fn related(
        &mut self,
        quantifier: crate::query::Quantifier,
        relation: &Relation,
        filter: &Filter,
    ) -> Option<Related> {
        let target = self.store.find_table(&relation.to)?;
        let resource: &ResourceType = &self.store.table(target)?.resource;
        let of = if in_lists(relation, resource) { Of::Elements } else { Of::Field };
        let filter = filter.with_both_id_spellings(&resource.id);
        let field = relation.field.clone();
        let (way, hop) = if relation.holds == Holds::Reverse {
            let column = self.column(target, &field);
            let names = Names { table: target, field: field.clone(), column, of };
            (Way::Naming(names), Hop::Named { table: self.table, field })
        } else {
            let column = self.column(self.table, &field);
            let names = Names { table: self.table, field: field.clone(), column, of };
            (Way::Named { field }, Hop::Naming(names))
        };
        let hops: Vec<Hop> = std::iter::once(hop).chain(self.back.iter().cloned()).collect();
        let inner = compile(self.store, target, &filter, &[], &hops, self.dependencies);
        let slab = &self.store.slab;
        if let Some(table) = self.store.tables.get_mut(target as usize) {
            table.read(&inner.to_filter_by, slab, &mut |_, _, _| {});
        }
        self.dependencies.push(Dependency { table: target, hops });
        Some(Related { quantifier, way, target, matcher: inner.matcher })
    }

    fn column(&mut self, table: u32, field: &str) -> usize {
        let slab = &self.store.slab;
        let Some(table) = self.store.tables.get_mut(table as usize) else { return 0 };
        table.columns_for(&[vec![field.to_owned()]], slab).first().copied().unwrap_or_default()
    }
}
