//! Typed values of one field over all rows of a type, kept only for fields that a query uses.

use crate::json::{Kind, Span, number, text};
use std::borrow::Cow;

/// One row's value of one field: a number, or a place in the row's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cell {
    pub kind: Kind,
    data: u64,
}

impl Cell {
    /// The cell for a value found at `span` in `text`, in a row that starts at `row_start`.
    #[inline]
    pub(crate) fn new(text: &[u8], span: Span, row_start: u32) -> Self {
        let data = match span.kind {
            Kind::Number => number::parse(span.of(text)).to_bits(),
            Kind::Text | Kind::EscapedText | Kind::Array | Kind::Object => {
                u64::from(span.start - row_start) << 32 | u64::from(span.end - row_start)
            }
            Kind::Missing | Kind::Null | Kind::False | Kind::True => 0,
        };
        Self { kind: span.kind, data }
    }

    pub(crate) fn number(self) -> f64 {
        f64::from_bits(self.data)
    }

    /// The value's place in its row; only for strings, arrays and objects.
    pub(crate) fn span(self) -> Span {
        Span { kind: self.kind, start: (self.data >> 32) as u32, end: self.data as u32 }
    }

    /// The bytes of the value; only for strings, arrays and objects.
    #[inline]
    pub(crate) fn bytes(self, row: &[u8]) -> &[u8] {
        row.get((self.data >> 32) as usize..self.data as u32 as usize).unwrap_or_default()
    }

    /// The text of a string.
    #[inline]
    pub(crate) fn text(self, row: &[u8]) -> Cow<'_, str> {
        text::decode_slice(self.bytes(row), self.kind == Kind::EscapedText)
    }

    /// Do two cells hold the same value, spelled the same way?
    pub(crate) fn same(self, row: &[u8], other: Self, other_row: &[u8]) -> bool {
        self.kind == other.kind
            && match self.kind {
                Kind::Text | Kind::EscapedText | Kind::Array | Kind::Object => {
                    self.bytes(row) == other.bytes(other_row)
                }
                _ => self.data == other.data,
            }
    }
}

/// The cells of one field, by slot.
#[derive(Default)]
pub(crate) struct Column {
    kinds: Vec<Kind>,
    data: Vec<u64>,
    /// A bit for each slot whose row has not been looked at yet; empty when all have.
    unread: Vec<u64>,
}

impl Column {
    #[inline(always)]
    pub(crate) fn get(&self, slot: u32) -> Cell {
        let kind = self.kinds.get(slot as usize).copied().unwrap_or_default();
        Cell { kind, data: self.data.get(slot as usize).copied().unwrap_or_default() }
    }

    /// A column of which no row has been looked at.
    pub(crate) fn unread(slots: usize) -> Self {
        let mut column = Self { unread: vec![u64::MAX; slots.div_ceil(64)], ..Self::default() };
        column.grow(slots);
        column
    }

    /// Has any row not been looked at?
    pub(crate) fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Has the row of this slot not been looked at?
    #[inline(always)]
    pub(crate) fn is_unread(&self, slot: u32) -> bool {
        self.unread.get(slot as usize / 64).is_some_and(|bits| bits >> (slot % 64) & 1 == 1)
    }

    /// All rows have been looked at.
    pub(crate) fn set_read(&mut self) {
        self.unread = Vec::new();
    }

    #[inline]
    pub(crate) fn set(&mut self, slot: u32, cell: Cell) {
        let index = slot as usize;
        if let Some(bits) = self.unread.get_mut(index / 64) {
            *bits &= !(1 << (slot % 64));
        }
        if index >= self.kinds.len() {
            self.grow(index + 1);
        }
        if let (Some(kind), Some(data)) = (self.kinds.get_mut(index), self.data.get_mut(index)) {
            *kind = cell.kind;
            *data = cell.data;
        }
    }

    pub(crate) fn grow(&mut self, slots: usize) {
        if slots > self.kinds.len() {
            self.kinds.resize(slots, Kind::Missing);
            self.data.resize(slots, 0);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.kinds.capacity() + (self.data.capacity() + self.unread.capacity()) * 8
    }
}
