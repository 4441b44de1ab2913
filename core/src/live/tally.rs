//! What queries ask of all rows of a view, or of each group of them, kept row by row.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::compile::to_path;
use super::exact_sum::ExactSum;
use super::matcher::value_of;
use super::order::Order;
use super::sorted::Sorted;
use crate::json::{Kind, text};
use crate::query::{Function, OrderKey, Query, Tree, Value, order_value};
use crate::store::{Address, Cell, Path, RowView, Store};

/// The groups of a view's rows, or all of them as one group, with what is asked of each.
///
/// What a group shows is a row of a table of its own, so that groups are ordered, cut into windows and sent as other rows are.
pub(crate) struct Tally {
    /// The table of the rows that are counted.
    table: u32,
    /// The table of the groups.
    pub groups_table: u32,
    /// Mounted queries that need it.
    pub users: u32,
    /// What the queries ask that share it.
    asked: String,
    /// What is grouped by.
    keys: Vec<Key>,
    figures: Vec<Figure>,
    measures: Vec<Measure>,
    groups: Vec<Option<Group>>,
    vacant: Vec<u32>,
    by_key: HashMap<Vec<u8>, u32, FixedState>,
    /// Groups that may show something else than their rows say.
    touched: Vec<u32>,
}

/// A field that is grouped by.
struct Key {
    name: String,
    column: usize,
}

/// One aggregate of the query, and the measure that it is read off.
struct Figure {
    name: String,
    function: Function,
    measure: usize,
}

/// What several aggregates of one field have in common.
struct Measure {
    column: usize,
    /// Only numbers, for their sum; or all values.
    of_numbers: bool,
    /// By the field's value.
    order: Order,
}

/// One group's part of a measure.
enum Measured {
    /// The numbers of a field: their sum, and how many there are.
    Numbers { sum: ExactSum, count: u32 },
    /// The rows with a value, in the order of the values, and how many different values there are.
    Values { sorted: Sorted, distinct: u32 },
}

struct Group {
    /// The fields that are grouped by, as members of a JSON object.
    key: Vec<u8>,
    /// Its slot in the table of groups; none until it is first shown.
    slot: Option<u32>,
    rows: u32,
    measured: Vec<Measured>,
    is_touched: bool,
}

impl Measured {
    fn new(measure: &Measure) -> Self {
        if measure.of_numbers {
            Self::Numbers { sum: ExactSum::default(), count: 0 }
        } else {
            Self::Values { sorted: Sorted::default(), distinct: 0 }
        }
    }

    /// Takes in all rows of a group at once.
    fn fill(&mut self, measure: &Measure, store: &Store, slots: &[u32]) {
        let cell = |slot| {
            let row = store.view(Address { table: measure.order.table, slot })?;
            Some(row.cell(measure.column))
        };
        let cells = slots.iter().filter_map(|&slot| Some((slot, cell(slot)?)));
        match self {
            Self::Numbers { sum, count } => {
                for (_, cell) in cells.filter(|(_, cell)| cell.kind == Kind::Number) {
                    sum.add(cell.number(), true);
                    *count += 1;
                }
            }
            Self::Values { sorted, distinct } => {
                let values: Vec<u32> =
                    cells.filter(|(_, cell)| is_value(*cell)).map(|(slot, _)| slot).collect();
                *sorted = measure.order.build(store, &values);
                let mut before = None;
                for slot in sorted.range(0, usize::MAX) {
                    let is_same = |other| measure.order.compare_keys(store, other, slot).is_eq();
                    *distinct += u32::from(!before.is_some_and(is_same));
                    before = Some(slot);
                }
            }
        }
    }

    /// A row comes, or goes; the store has it as it is with the group.
    fn change(&mut self, measure: &Measure, store: &Store, slot: u32, cell: Cell, is_added: bool) {
        match self {
            Self::Numbers { sum, count } => {
                if cell.kind == Kind::Number {
                    sum.add(cell.number(), is_added);
                    step(count, is_added);
                }
            }
            Self::Values { sorted, distinct } => {
                if !is_value(cell) {
                    return;
                }
                let (rank, next) = if is_added {
                    let rank = measure.order.insert(store, sorted, slot);
                    (rank, rank + 1)
                } else {
                    let Some(rank) = measure.order.remove(store, sorted, slot) else { return };
                    (rank, rank)
                };
                let around = [rank.checked_sub(1), Some(next)];
                let mut around = around.into_iter().flatten().filter_map(|rank| sorted.get(rank));
                if !around.any(|other| measure.order.compare_keys(store, slot, other).is_eq()) {
                    step(distinct, is_added);
                }
            }
        }
    }
}

/// Is there something to compare, and not null, an array or an object?
fn is_value(cell: Cell) -> bool {
    !matches!(cell.kind, Kind::Missing | Kind::Null | Kind::Array | Kind::Object)
}

/// Appends `"name":value,` with the one spelling of each value.
fn push_member(out: &mut Vec<u8>, name: &str, value: &Tree) {
    text::push_quoted(out, name);
    out.push(b':');
    out.extend_from_slice(value.to_json().as_bytes());
    out.push(b',');
}

fn tree_of(cell: Cell, row: &[u8]) -> Tree {
    match value_of(cell, row) {
        Value::Composite => Tree::Null,
        value => order_value(&value),
    }
}

impl Tally {
    /// The tally of a query over the rows of `table`, whose groups are the rows of `groups_table`; it has counted none.
    pub(crate) fn new(query: &Query, table: u32, groups_table: u32, store: &mut Store) -> Self {
        let asked = query.aggregates().iter().filter_map(|(_, aggregate)| aggregate.field());
        let paths: Vec<Path> = query.group_by().iter().chain(asked).map(to_path).collect();
        let slab = &store.slab;
        let columns = store.tables.get_mut(table as usize).map(|table| table.columns_for(&paths, slab));
        let mut columns = columns.unwrap_or_default().into_iter();
        let mut column = || columns.next().unwrap_or_default();
        let keys =
            query.group_by().iter().map(|path| Key { name: path.to_string(), column: column() }).collect();
        let mut measures: Vec<Measure> = Vec::new();
        let mut figures = Vec::new();
        for (name, aggregate) in query.aggregates() {
            let function = aggregate.function();
            let mut measure = 0;
            if let Some(path) = aggregate.field() {
                let column = column();
                let of_numbers = matches!(function, Function::Sum | Function::Average);
                let same = |other: &Measure| (other.column, other.of_numbers) == (column, of_numbers);
                measure = measures.iter().position(same).unwrap_or(measures.len());
                if measure == measures.len() {
                    let keys = vec![(column, OrderKey::ascending(path.clone()))];
                    let order = Order { table, keys, words: Vec::new(), by_slot: true, list: None };
                    measures.push(Measure { column, of_numbers, order });
                }
            }
            figures.push(Figure { name: name.clone(), function, measure });
        }
        let mut tally = Self {
            table,
            groups_table,
            users: 0,
            asked: query.canonical_of_figures(),
            keys,
            figures,
            measures,
            groups: Vec::new(),
            vacant: Vec::new(),
            by_key: HashMap::default(),
            touched: Vec::new(),
        };
        if tally.keys.is_empty() {
            // The one group of all rows is there even when they are not.
            let only = tally.add_group(Vec::new());
            tally.touch(only);
            tally.slot_of(store, only);
        }
        tally
    }

    /// Is it what this query asks for?
    pub(crate) fn is_for(&self, query: &Query) -> bool {
        self.asked == query.canonical_of_figures()
    }

    /// What the orders of values in it take up.
    pub(crate) fn bytes(&self) -> usize {
        let measured = self.groups.iter().flatten().flat_map(|group| &group.measured);
        let bytes = measured.map(|measured| match measured {
            Measured::Numbers { .. } => 0,
            Measured::Values { sorted, .. } => sorted.bytes(),
        });
        bytes.sum()
    }

    /// The columns that it looks at.
    pub(crate) fn columns(&self) -> impl Iterator<Item = usize> {
        let measured = self.measures.iter().map(|measure| measure.column);
        self.keys.iter().map(|key| key.column).chain(measured)
    }

    /// The slot of the group of all rows.
    pub(crate) fn only_slot(&self) -> u32 {
        self.groups.first().and_then(Option::as_ref).and_then(|group| group.slot).unwrap_or_default()
    }

    /// A row comes, or goes; the store has it as it is while it is counted.
    pub(crate) fn change(&mut self, store: &Store, slot: u32, is_added: bool) {
        let Some(row) = store.view(Address { table: self.table, slot }) else { return };
        let index = self.group_of(&row);
        let Some(group) = self.groups.get_mut(index as usize).and_then(Option::as_mut) else { return };
        step(&mut group.rows, is_added);
        for (measure, measured) in self.measures.iter().zip(&mut group.measured) {
            measured.change(measure, store, slot, row.cell(measure.column), is_added);
        }
        self.touch(index);
    }

    /// Counts rows that are there already, as many as there may be. None have been counted before.
    pub(crate) fn fill(&mut self, store: &Store, slots: impl Iterator<Item = u32>) {
        let mut members: Vec<Vec<u32>> = Vec::new();
        for slot in slots {
            let Some(row) = store.view(Address { table: self.table, slot }) else { continue };
            let index = self.group_of(&row);
            if members.len() < self.groups.len() {
                members.resize(self.groups.len(), Vec::new());
            }
            members.get_mut(index as usize).into_iter().for_each(|slots| slots.push(slot));
        }
        for (index, slots) in members.into_iter().enumerate() {
            let Some(group) = self.groups.get_mut(index).and_then(Option::as_mut) else { continue };
            group.rows = slots.len() as u32;
            for (measure, measured) in self.measures.iter().zip(&mut group.measured) {
                measured.fill(measure, store, &slots);
            }
            self.touch(index as u32);
        }
    }

    fn group_of(&mut self, row: &RowView<'_>) -> u32 {
        if self.keys.is_empty() {
            return 0;
        }
        let mut key = Vec::new();
        for own in &self.keys {
            push_member(&mut key, &own.name, &tree_of(row.cell(own.column), row.bytes));
        }
        match self.by_key.get(&key) {
            Some(&index) => index,
            None => self.add_group(key),
        }
    }

    fn add_group(&mut self, key: Vec<u8>) -> u32 {
        let index = self.vacant.pop().unwrap_or_else(|| {
            self.groups.push(None);
            self.groups.len() as u32 - 1
        });
        self.by_key.insert(key.clone(), index);
        let measured = self.measures.iter().map(Measured::new).collect();
        if let Some(place) = self.groups.get_mut(index as usize) {
            *place = Some(Group { key, slot: None, rows: 0, measured, is_touched: false });
        }
        index
    }

    fn touch(&mut self, index: u32) {
        let Some(group) = self.groups.get_mut(index as usize).and_then(Option::as_mut) else { return };
        if !group.is_touched {
            group.is_touched = true;
            self.touched.push(index);
        }
    }

    fn slot_of(&mut self, store: &mut Store, index: u32) -> Option<u32> {
        let group = self.groups.get_mut(index as usize)?.as_mut()?;
        if group.slot.is_none() {
            let table = store.table_mut(self.groups_table)?;
            group.slot = Some(table.find_or_insert(&index.to_le_bytes()));
        }
        group.slot
    }

    /// The groups to look at again, once.
    pub(crate) fn take_touched(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.touched)
    }

    /// What a group shows now, and in which slot; no row if it has none left, and nothing at all if it was never shown.
    pub(crate) fn settled(&mut self, store: &mut Store, index: u32) -> Option<(u32, Option<Vec<u8>>)> {
        let group = self.groups.get_mut(index as usize)?.as_mut()?;
        group.is_touched = false;
        if group.rows > 0 || self.keys.is_empty() {
            let slot = self.slot_of(store, index)?;
            return Some((slot, self.row(store, index)));
        }
        let group = self.groups.get_mut(index as usize)?.take()?;
        self.by_key.remove(&group.key);
        self.vacant.push(index);
        Some((group.slot?, None))
    }

    fn row(&self, store: &Store, index: u32) -> Option<Vec<u8>> {
        let group = self.groups.get(index as usize)?.as_ref()?;
        let mut row = vec![b'{'];
        row.extend_from_slice(&group.key);
        for figure in &self.figures {
            push_member(&mut row, &figure.name, &self.figure(store, group, figure));
        }
        if row.len() > 1 {
            row.pop();
        }
        row.push(b'}');
        Some(row)
    }

    fn figure(&self, store: &Store, group: &Group, figure: &Figure) -> Tree {
        let measured = group.measured.get(figure.measure);
        match (figure.function, measured) {
            (Function::Sum, Some(Measured::Numbers { sum, .. })) => Tree::Number(sum.value()),
            (Function::Average, Some(Measured::Numbers { sum, count })) if *count > 0 => {
                Tree::Number(sum.value() / f64::from(*count))
            }
            (Function::Distinct, Some(Measured::Values { distinct, .. })) => Tree::Number((*distinct).into()),
            (Function::Min, Some(Measured::Values { sorted, .. })) => self.value(store, figure, sorted, 0),
            (Function::Max, Some(Measured::Values { sorted, .. })) => {
                self.value(store, figure, sorted, sorted.len().wrapping_sub(1))
            }
            (Function::Count, _) => Tree::Number(group.rows.into()),
            _ => Tree::Null,
        }
    }

    fn value(&self, store: &Store, figure: &Figure, sorted: &Sorted, rank: usize) -> Tree {
        let slot = sorted.get(rank);
        let row = slot.and_then(|slot| store.view(Address { table: self.table, slot }));
        let column = self.measures.get(figure.measure).map(|measure| measure.column);
        row.zip(column).map_or(Tree::Null, |(row, column)| tree_of(row.cell(column), row.bytes))
    }
}

fn step(count: &mut u32, is_added: bool) {
    *count = if is_added { *count + 1 } else { count.saturating_sub(1) };
}
