//! A host as the tests see it: applies patches as PROTOCOL.md says, and knows nothing else of the cache.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use larder::{Cache, Effect, Error, Patch, QueryId, Step, query::Query};
use serde_json::Value;

#[derive(Default)]
pub struct Host {
    rows: HashMap<(u32, u32), Rc<Value>>,
    lists: BTreeMap<u32, List>,
    pub effects: Vec<Effect>,
    /// Patches applied.
    pub patches: usize,
    /// Rows received.
    pub rows_received: usize,
    /// Queries that were in the last patch.
    pub notified: Vec<u32>,
}

#[derive(Default)]
struct List {
    table: u32,
    slots: Vec<u32>,
    total: u32,
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

    pub fn unmount(&mut self, cache: &mut Cache, query: QueryId) {
        self.lists.remove(&query.as_u32());
        self.deliver(cache.unmount(query)).unwrap();
    }

    fn apply(&mut self, patch: &Patch) {
        self.patches += 1;
        let bytes = patch.as_bytes();
        let mut words = Words { bytes, at: 0 };
        assert_eq!(words.next(), 0x3150_444C, "magic");
        assert_eq!(words.next() as usize, bytes.len());
        assert_eq!(words.next(), 0, "rows as JSON");
        let (rows, released, queries) = (words.next(), words.next(), words.next());
        let (at, len) = (words.next() as usize, words.next() as usize);
        let payload: Vec<Value> = serde_json::from_slice(&bytes[at..at + len]).unwrap();
        assert_eq!(payload.len(), rows as usize);
        for row in payload {
            assert!(row.is_object(), "a row that is sent is there");
            self.rows.insert((words.next(), words.next()), Rc::new(row));
            self.rows_received += 1;
        }
        let released: Vec<(u32, u32)> = (0..released).map(|_| (words.next(), words.next())).collect();
        for _ in 0..queries {
            let (query, table, flags) = (words.next(), words.next(), words.next());
            let (total, length, splices) = (words.next(), words.next(), words.next());
            let list = self.lists.entry(query).or_default();
            list.table = table;
            list.total = total;
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
            assert!(self.rows.remove(&row).is_some(), "a released row was held");
        }
        assert_eq!(words.at, at);
    }

    /// The rows that a query shows.
    pub fn list(&self, query: QueryId) -> Vec<Value> {
        self.objects(query).iter().map(|row| Value::clone(row)).collect()
    }

    /// The rows that a query shows, as a host language holds them: a row that did not come again is the same object.
    pub fn objects(&self, query: QueryId) -> Vec<Rc<Value>> {
        let list = &self.lists[&query.as_u32()];
        list.slots.iter().map(|slot| Rc::clone(&self.rows[&(list.table, *slot)])).collect()
    }

    pub fn total(&self, query: QueryId) -> usize {
        self.lists[&query.as_u32()].total as usize
    }

    /// One field of each row that a query shows.
    pub fn column(&self, query: QueryId, field: &str) -> Vec<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.list(query).iter().map(|row| text(&row[field])).collect()
    }

    /// How many rows the host holds.
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
