//! How far a stream has been followed.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How far a cache has followed its backend's stream without a gap.
///
/// It belongs to the library and the log that it was reached in, and means nothing to anybody but the core: two of them can be
/// the same or not, and there is nothing to be computed with one. Its text is for keeping it and for messages to people.
///
/// ```
/// use larder::Cursor;
/// let cursor = Cursor::parse("s42").unwrap();
/// assert_eq!(cursor.to_string(), "s42");
/// assert_eq!(Cursor::parse("42"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The sequence of the last event, as long as streams are counted by one number.
    sequence: u64,
}

impl Cursor {
    pub(crate) fn at(sequence: u64) -> Self {
        Self { sequence }
    }

    /// What the text says behind its first letter, for the glue to JavaScript: numbers cross more quickly than texts.
    #[doc(hidden)]
    pub fn as_number(&self) -> f64 {
        self.sequence as f64
    }

    /// Reads the text that [`Display`](fmt::Display) wrote; none if it is of a kind that this version does not know.
    pub fn parse(text: &str) -> Option<Self> {
        let sequence = text.strip_prefix('s')?;
        Some(Self { sequence: sequence.parse().ok()? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "s{}", self.sequence)
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&["s", &self.sequence.to_string()].concat())
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("this is no cursor"))
    }
}
