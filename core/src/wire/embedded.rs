//! Whole resources inside others: each becomes a row of its own type, and its id stands in its place.

use std::ops::Range;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::decode::{AN_ID, id_text, is_count};
use super::error::EventError;
use crate::json::scan::Scanner;
use crate::json::{Kind, Span, locate, read, text};
use crate::registry::{Holds, Relation, RelationKind};
use crate::store::{Cell, FoundRow, Store, TRUSTED};

/// Rows of one type, in a buffer of their own.
pub(crate) struct Part {
    pub table: u32,
    pub bytes: Vec<u8>,
    pub rows: Vec<FoundRow>,
    /// Those of all rows, one after the other.
    pub cells: Vec<Cell>,
}

/// Takes the resources out of these objects, which are of one type. The objects themselves are the last part; `None` if nothing
/// is in any.
pub(crate) fn take_apart(
    bytes: &[u8],
    table: u32,
    objects: impl Iterator<Item = Range<u32>>,
    store: &mut Store,
    most: usize,
) -> Result<Option<Vec<Part>>, EventError> {
    if !has_embedded(store, table) {
        return Ok(None);
    }
    let mut taker = Taker { bytes, store, most, found: 0, parts: Vec::new() };
    let mut outer = Rows { table, ..Rows::default() };
    for object in objects {
        let mut row = Vec::with_capacity(object.len());
        taker.rewrite(Span { kind: Kind::Object, start: object.start, end: object.end }, table, &mut row)?;
        outer.push(&row);
    }
    if taker.found == 0 {
        return Ok(None);
    }
    let mut all = taker.parts;
    all.push(outer);
    Ok(Some(all.into_iter().map(|rows| rows.scanned(store)).collect()))
}

fn has_embedded(store: &Store, table: u32) -> bool {
    let holds = |relation: &Relation| relation.holds == Holds::Resources;
    store.table(table).is_some_and(|table| table.resource.relations.values().any(holds))
}

#[derive(Default)]
struct Rows {
    table: u32,
    bytes: Vec<u8>,
    starts: Vec<usize>,
    /// The last row of each id: in one event the same tag comes with many files.
    last: HashMap<Vec<u8>, Range<usize>, FixedState>,
}

impl Rows {
    fn push(&mut self, row: &[u8]) {
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(row);
    }

    /// Adds a row, unless the last one of its id says the same.
    fn push_if_new(&mut self, id: &[u8], row: &[u8]) {
        let is_known = self.last.get(id).is_some_and(|last| self.bytes.get(last.clone()) == Some(row));
        if !is_known {
            let start = self.bytes.len();
            self.push(row);
            self.last.insert(id.to_vec(), start..self.bytes.len());
        }
    }

    fn scanned(self, store: &mut Store) -> Part {
        let mut part = Part { table: self.table, bytes: self.bytes, rows: Vec::new(), cells: Vec::new() };
        let Some(table) = store.table_mut(self.table) else { return part };
        let mut fields = Vec::new();
        for start in self.starts {
            let mut scanner = Scanner::at(&part.bytes, start, TRUSTED);
            // The scanner has accepted these bytes before.
            part.rows.extend(table.scan(&mut scanner, 0, &mut fields, &mut part.cells, None).ok());
        }
        part
    }
}

struct Taker<'a> {
    bytes: &'a [u8],
    store: &'a Store,
    most: usize,
    found: usize,
    parts: Vec<Rows>,
}

impl Taker<'_> {
    /// Writes an object with ids in the place of resources.
    fn rewrite(&mut self, object: Span, table: u32, out: &mut Vec<u8>) -> Result<(), EventError> {
        let store = self.store;
        let Some(resource) = store.table(table).map(|table| &table.resource) else { return Ok(()) };
        let mut copied = object.start as usize;
        for (key, value) in read::members(self.bytes, object.start as usize) {
            let name = text::key_text(self.bytes, key);
            let is_embedded = |relation: &&Relation| {
                relation.holds == Holds::Resources && relation.field.as_bytes() == &*name
            };
            let Some(relation) = resource.relations.values().find(is_embedded) else { continue };
            let Some(target) = store.find_table(&relation.to) else { continue };
            let value = whole(value);
            out.extend_from_slice(self.bytes.get(copied..value.start as usize).unwrap_or_default());
            copied = value.end as usize;
            self.replace(value, relation.kind, target, out)?;
        }
        out.extend_from_slice(self.bytes.get(copied..object.end as usize).unwrap_or_default());
        Ok(())
    }

    fn replace(
        &mut self,
        value: Span,
        kind: RelationKind,
        target: u32,
        out: &mut Vec<u8>,
    ) -> Result<(), EventError> {
        match (kind, value.kind) {
            (_, Kind::Null) => out.extend_from_slice(b"null"),
            (RelationKind::One, _) => self.reference(value, target, out)?,
            (RelationKind::Many, Kind::Array) => {
                out.push(b'[');
                for (index, element) in read::elements(self.bytes, value.start as usize).enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    self.reference(whole(element), target, out)?;
                }
                out.push(b']');
            }
            _ => return Err(self.wrong(value, "", "an array of resources or ids")),
        }
        Ok(())
    }

    /// The id of what is here, a resource or an id already.
    fn reference(&mut self, value: Span, target: u32, out: &mut Vec<u8>) -> Result<(), EventError> {
        if value.kind != Kind::Object {
            if id_text(self.bytes, inner(value)).is_none() {
                return Err(self.wrong(value, "", "a resource or its id"));
            }
            out.extend_from_slice(value.of(self.bytes));
            return Ok(());
        }
        let Some(resource) = self.store.table(target).map(|table| &table.resource) else { return Ok(()) };
        let id = read::member(self.bytes, value, &resource.id);
        if id_text(self.bytes, id).is_none() {
            return Err(match id.kind {
                Kind::Missing => EventError::MissingField { field: self.path(value, &resource.id) },
                _ => self.wrong(value, &resource.id, AN_ID),
            });
        }
        if let Some(field) = &resource.version {
            let version = read::member(self.bytes, value, field);
            if !matches!(version.kind, Kind::Missing | Kind::Null) && !is_count(version, self.bytes) {
                return Err(self.wrong(value, field, "an integer from 0"));
            }
        }
        out.extend_from_slice(whole(id).of(self.bytes));
        self.found += 1;
        if self.found > self.most {
            return Err(EventError::TooManyEntities { limit: self.most as u32 });
        }
        let mut row = Vec::with_capacity((value.end - value.start) as usize);
        self.rewrite(value, target, &mut row)?;
        let index = self.parts.iter().position(|part| part.table == target).unwrap_or_else(|| {
            self.parts.push(Rows { table: target, ..Rows::default() });
            self.parts.len() - 1
        });
        if let Some(rows) = self.parts.get_mut(index) {
            rows.push_if_new(id.of(self.bytes), &row);
        }
        Ok(())
    }

    fn path(&self, value: Span, field: &str) -> String {
        // Just inside of an object its path is that of the object.
        let inside = value.start as usize + usize::from(value.kind == Kind::Object);
        locate::field_at(self.bytes, inside, field)
    }

    #[cold]
    fn wrong(&self, value: Span, field: &str, expected: &'static str) -> EventError {
        EventError::WrongType { field: self.path(value, field), expected }
    }
}

/// The span of a value with its quotes, if it has some.
fn whole(value: Span) -> Span {
    if value.is_text() { Span { start: value.start - 1, end: value.end + 1, ..value } } else { value }
}

/// The span of a value without its quotes.
fn inner(value: Span) -> Span {
    if value.is_text() { Span { start: value.start + 1, end: value.end - 1, ..value } } else { value }
}
