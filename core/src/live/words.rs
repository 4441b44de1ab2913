//! Words to be found in a row: whether they are there, and how well.

use super::matcher::value_of;
use crate::query::{Value, WordMatch};
use crate::store::RowView;

/// A match with its fields found.
#[derive(Clone)]
pub(crate) struct Words {
    pub wanted: WordMatch,
    pub worst_rank: u32,
    /// The columns of its fields.
    pub columns: Vec<usize>,
}

impl Words {
    /// How well the row fits, the lower the better; `None` if it does not.
    pub(crate) fn rank(&self, row: &RowView<'_>) -> Option<u32> {
        self.wanted.rank(&mut |field| {
            let cell = row.cell(self.columns.get(field).copied()?);
            match value_of(cell, row.bytes) {
                Value::Text(text) => Some(text),
                _ => None,
            }
        })
    }
}
