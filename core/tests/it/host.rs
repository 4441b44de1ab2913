//! A host as the tests see it: applies patches as PROTOCOL.md says, and knows nothing else of the cache.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use larder::{Cache, Cursor, Effect, Error, Patch, QueryId, Step, query::Query};
use serde_json::Value;

#[derive(Default)]
pub struct Host {
    rows: HashMap<(u32, u32), Rc<Value>>,
    shapes: HashMap<u32, Shape>,
    nodes: HashMap<(u32, u32), Rc<Value>>,
    lists: BTreeMap<u32, List>,
    pub effects: Vec<Effect>,
    /// Patches applied.
    pub patches: usize,
    /// Rows received.
    pub rows_received: usize,
    /// Members received of rows of which only the changed ones came.
    pub members_received: usize,
    /// Bytes of patches received.
    pub bytes_received: usize,
    /// Rows with relations put in received.
    pub nodes_received: usize,
    /// Queries that were in the last patch.
    pub notified: Vec<u32>,
}

/// Rows of a type with relations put in: for each its name, whether it is an array, and the type of what is in it.
struct Shape {
    base: u32,
    edges: Vec<(String, bool, u32)>,
}

const SHAPE_BIT: u32 = 1 << 31;
const CHANGES_BIT: u32 = 1 << 30;

#[derive(Default)]
struct List {
    table: u32,
    slots: Vec<u32>,
    total: u32,
    is_partial: bool,
    /// The row with the aggregates, as it was in the last patch.
    aggregates: Option<Rc<Value>>,
}

struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Words<'_> {
    fn next(&mut self) -> u32 {
        let word = u32::from_le_bytes(self.bytes[self.at..self.at + 4].try_into().unwrap());
        self.at += 4;
        word
    }
}

impl Host {
    /// Delivers a step, and returns its result.
    pub fn deliver<T>(&mut self, step: Step<T>) -> Result<T, Error> {
        self.notified.clear();
        if let Some(patch) = &step.patch {
            self.apply(patch);
        }
        self.effects.extend(step.effects);
        step.result
    }

    pub fn mount(&mut self, cache: &mut Cache, query: &str) -> QueryId {
        let query = Query::parse(query).unwrap();
        self.deliver(cache.mount(&query)).unwrap()
    }

    /// The query is shown no longer.
    pub fn forget(&mut self, query: QueryId) {
        self.lists.remove(&query.as_u32());
    }

    pub fn unmount(&mut self, cache: &mut Cache, query: QueryId) {
        self.forget(query);
        self.deliver(cache.unmount(query)).unwrap();
    }

    /// The row that the host holds, with the members that changed.
    fn changed(&mut self, encoding: u32, table: u32, slot: u32, members: Value) -> Value {
        assert_eq!(encoding, 2, "whole rows were asked for");
        let mut row = Value::clone(&self.rows[&(table & !CHANGES_BIT, slot)]);
        for (name, value) in members.as_object().unwrap() {
            row[name] = value.clone();
        }
        self.members_received += members.as_object().unwrap().len();
        row
    }

    /// Takes a patch in.
    pub fn apply(&mut self, patch: &Patch) {
        self.patches += 1;
        let bytes = patch.as_bytes();
        self.bytes_received += bytes.len();
        let mut words = Words { bytes, at: 0 };
        assert_eq!(words.next(), 0x3150_444C, "magic");
        assert_eq!(words.next() as usize, bytes.len());
        let encoding = words.next();
        assert!(encoding == 0 || encoding == 2, "rows as JSON");
        let (rows, released, queries) = (words.next(), words.next(), words.next());
        let (at, len) = (words.next() as usize, words.next() as usize);
        let (shapes, nodes) = (words.next(), words.next());
        let (names_at, names_len) = (words.next() as usize, words.next() as usize);
        assert_eq!((at + len, names_at + names_len), (names_at, bytes.len()), "nothing between the parts");
        let payload: Vec<Value> = serde_json::from_slice(&bytes[at..at + len]).unwrap();
        assert_eq!(payload.len(), rows as usize);
        for row in payload {
            assert!(row.is_object(), "a row that is sent is there");
            let (table, slot) = (words.next(), words.next());
            let row = if table & CHANGES_BIT == 0 { row } else { self.changed(encoding, table, slot, row) };
            self.rows.insert((table & !CHANGES_BIT, slot), Rc::new(row));
            self.rows_received += 1;
        }
        let names = &bytes[names_at..];
        (0..shapes).for_each(|_| self.define(&mut words, names));
        (0..nodes).for_each(|_| self.put_together(&mut words));
        let released: Vec<(u32, u32)> = (0..released).map(|_| (words.next(), words.next())).collect();
        for _ in 0..queries {
            let (query, table, flags) = (words.next(), words.next(), words.next());
            let (total, length, splices) = (words.next(), words.next(), words.next());
            let aggregates = (flags & 4 == 4).then(|| Rc::clone(&self.rows[&(words.next(), words.next())]));
            let list = self.lists.entry(query).or_default();
            list.aggregates = aggregates;
            list.table = table;
            list.total = total;
            list.is_partial = flags & 2 == 2;
            if flags & 1 == 1 {
                list.slots.clear();
            }
            for _ in 0..splices {
                let (position, remove, insert) = (words.next() as usize, words.next() as usize, words.next());
                let inserted: Vec<u32> = (0..insert).map(|_| words.next()).collect();
                list.slots.splice(position..position + remove, inserted);
            }
            assert_eq!(list.slots.len(), length as usize, "length after the splices");
            assert!(!self.notified.contains(&query), "a query occurs once in a patch");
            self.notified.push(query);
        }
        for row in released {
            assert!(self.objects_of(row.0).remove(&row).is_some(), "a released row was held");
        }
        assert_eq!(words.at, at);
    }

    fn objects_of(&mut self, table: u32) -> &mut HashMap<(u32, u32), Rc<Value>> {
        if table & SHAPE_BIT == 0 { &mut self.rows } else { &mut self.nodes }
    }

    fn define(&mut self, words: &mut Words<'_>, names: &[u8]) {
        let (table, base, count) = (words.next(), words.next(), words.next());
        assert!(table & SHAPE_BIT != 0 && base & SHAPE_BIT == 0, "a shape is of rows");
        assert!(!self.nodes.keys().any(|&(held, _)| held == table), "nothing of the old meaning is left");
        let edge = |_| {
            let (at, len) = (words.next() as usize, words.next() as usize);
            let name = std::str::from_utf8(&names[at..at + len]).unwrap().to_owned();
            (name, words.next() == 1, words.next())
        };
        let edges = (0..count).map(edge).collect();
        self.shapes.insert(table, Shape { base, edges });
    }

    fn put_together(&mut self, words: &mut Words<'_>) {
        let (table, slot) = (words.next(), words.next());
        let shape = &self.shapes[&table];
        let mut object = Value::clone(&self.rows[&(shape.base, slot)]);
        for (name, many, child) in &shape.edges {
            let objects = if child & SHAPE_BIT == 0 { &self.rows } else { &self.nodes };
            let count = words.next();
            let mut found: Vec<Value> =
                (0..count).map(|_| Value::clone(&objects[&(*child, words.next())])).collect();
            assert!(*many || found.len() <= 1, "one or none");
            object[name] = if *many { found.into() } else { found.pop().unwrap_or_default() };
        }
        self.nodes.insert((table, slot), Rc::new(object));
        self.nodes_received += 1;
    }

    /// The rows that a query shows.
    pub fn list(&self, query: QueryId) -> Vec<Value> {
        self.objects(query).iter().map(|row| Value::clone(row)).collect()
    }

    /// The rows that a query shows, as a host language holds them: a row that did not come again is the same object.
    pub fn objects(&self, query: QueryId) -> Vec<Rc<Value>> {
        let list = &self.lists[&query.as_u32()];
        let objects = if list.table & SHAPE_BIT == 0 { &self.rows } else { &self.nodes };
        list.slots.iter().map(|slot| Rc::clone(&objects[&(list.table, *slot)])).collect()
    }

    /// May rows be missing, as the query was told?
    pub fn is_partial(&self, query: QueryId) -> bool {
        self.lists[&query.as_u32()].is_partial
    }

    pub fn total(&self, query: QueryId) -> usize {
        self.lists[&query.as_u32()].total as usize
    }

    /// The aggregates beside the rows of a query; the same object until they are others.
    pub fn aggregates(&self, query: QueryId) -> Option<Rc<Value>> {
        self.lists[&query.as_u32()].aggregates.clone()
    }

    /// One field of each row that a query shows.
    pub fn column(&self, query: QueryId, field: &str) -> Vec<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.list(query).iter().map(|row| text(&row[field])).collect()
    }

    /// How many rows of one type the host holds, each counted once, with its relations or without.
    pub fn held_of(&self, table: u32) -> usize {
        self.rows.keys().filter(|(of, _)| *of == table).count()
    }

    /// How many rows the host holds, each counted once, with its relations or without.
    pub fn held(&self) -> usize {
        self.rows.len()
    }

    /// The messages to the backend since the last call.
    pub fn sent(&mut self) -> Vec<Value> {
        let effects = std::mem::take(&mut self.effects);
        let sent = effects.iter().filter_map(|effect| match effect {
            Effect::Send(text) => Some(serde_json::from_str(text).unwrap()),
            _ => None,
        });
        sent.collect()
    }

    /// The mutations settled since the last call, each with the kind of its rejection.
    pub fn settled(&mut self) -> Vec<(String, Option<String>)> {
        let effects = std::mem::take(&mut self.effects);
        let settled = effects.into_iter().filter_map(|effect| match effect {
            Effect::Settled { id, rejection } => Some((id, rejection.map(|rejection| rejection.kind))),
            _ => None,
        });
        settled.collect()
    }
}

/// The cursor behind the event of this sequence.
pub fn reached(sequence: u64) -> Option<Cursor> {
    Cursor::parse(&format!("s{sequence}"))
}

/// What only tests look into a cursor for.
pub fn sequence_of(cursor: &Cursor) -> u64 {
    cursor.to_string()[1..].parse().unwrap()
}
