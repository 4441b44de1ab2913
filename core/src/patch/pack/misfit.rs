//! Why a row does not fit its layout.

use std::fmt;

use crate::json::{Kind, Span};

/// A value that is not what the layout says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    /// Where, from the inside out: each level adds itself in front.
    path: String,
    expected: &'static str,
    found: String,
}

impl Misfit {
    #[cold]
    pub(super) fn new(expected: &'static str, bytes: &[u8], found: Span) -> Self {
        /// So much of a value is shown.
        const MOST: usize = 40;
        let text = String::from_utf8_lossy(found.of(bytes));
        let start: String = text.chars().take(MOST).collect();
        let rest = if start.len() < text.len() { "…" } else { "" };
        let found = match found.kind {
            Kind::Missing => "nothing".to_owned(),
            Kind::Null | Kind::True | Kind::False => start,
            Kind::Number => format!("the number {start}{rest}"),
            Kind::Text | Kind::EscapedText => format!("the text \"{start}{rest}\""),
            Kind::Array => "an array".to_owned(),
            Kind::Object => "an object".to_owned(),
        };
        Self { path: String::new(), expected, found }
    }

    #[cold]
    pub(super) fn under(mut self, field: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{field}{dot}{}", self.path);
        self
    }

    #[cold]
    pub(super) fn at(mut self, index: u32) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{index}]{dot}{}", self.path);
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.path {
            "" => write!(out, "the row: expected {}, found {}", self.expected, self.found),
            path => write!(out, "`{path}`: expected {}, found {}", self.expected, self.found),
        }
    }
}
