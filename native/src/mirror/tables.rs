//! What the lists show, by type and slot: rows, and rows with their relations put in.

use std::sync::Arc;

use serde_json::Value;

use super::row::Row;
use crate::error::Error;

/// The bit of a type's number that tells a shape from a resource type.
const SHAPE_BIT: u32 = 1 << 31;

type Table = Vec<Option<Row>>;

#[derive(Default)]
pub(crate) struct Tables {
    rows: Vec<Table>,
    nodes: Vec<Table>,
}

impl Tables {
    /// The table of a resource type or a shape.
    pub(crate) fn of(&mut self, kind: u32) -> &mut Table {
        let tables = if kind & SHAPE_BIT == 0 { &mut self.rows } else { &mut self.nodes };
        let index = (kind & !SHAPE_BIT) as usize;
        if index >= tables.len() {
            tables.resize_with(index + 1, Vec::new);
        }
        &mut tables[index]
    }

    pub(crate) fn get(&self, kind: u32, slot: u32) -> Option<&Row> {
        let tables = if kind & SHAPE_BIT == 0 { &self.rows } else { &self.nodes };
        tables.get((kind & !SHAPE_BIT) as usize)?.get(slot as usize)?.as_ref()
    }

    /// The row as JSON.
    pub(crate) fn decoded(&mut self, kind: u32, slot: u32, faults: &mut Vec<Error>) -> Option<Arc<Value>> {
        self.of(kind).get_mut(slot as usize)?.as_mut()?.decoded(faults)
    }

    pub(crate) fn set(&mut self, kind: u32, slot: u32, row: Row) {
        let (table, slot) = (self.of(kind), slot as usize);
        if slot >= table.len() {
            table.resize_with(slot + 1, || None);
        }
        if let Some(place) = table.get_mut(slot) {
            *place = Some(row);
        }
    }

    pub(crate) fn release(&mut self, kind: u32, slot: u32) {
        if let Some(place) = self.of(kind).get_mut(slot as usize) {
            *place = None;
        }
    }
}
