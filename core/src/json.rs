//! JSON as bytes: strict one-pass scanning, and reading of bytes that have been scanned.
//!
//! Rows are kept as the bytes they came in. [`scan`] accepts exactly what `JSON.parse` reads without loss (no duplicate
//! keys, no integers beyond 2^53, no lone surrogates), [`row`] does it for whole rows while picking out the fields
//! that matter, and [`read`] and [`text`] work on bytes that passed.

pub(crate) mod scan;
pub(crate) mod shape;

pub(crate) mod beside;
pub(crate) mod changes;
mod decimal;
pub(crate) mod locate;
pub(crate) mod number;
pub(crate) mod pick;
pub(crate) mod read;
pub(crate) mod text;

/// What a JSON value is, by its first byte; `Missing` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(crate) enum Kind {
    #[default]
    Missing,
    Null,
    False,
    True,
    Number,
    /// A string without escapes: its bytes are its text.
    Text,
    /// A string with at least one escape.
    EscapedText,
    Array,
    Object,
}

/// A value's place in a text. For strings the place is that of the text between the quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The bytes of the value in the text it was found in.
    #[inline(always)]
    pub(crate) fn of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::EscapedText)
    }
}
