//! What files are.

use std::fmt;
use std::str::FromStr;

use serde::de::IntoDeserializer;
use serde::de::value::Error;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What a file is, judged from its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A folder.
    Folder,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Sound.
    Audio,
    /// Something to read, count or show.
    Document,
    /// Source code.
    Code,
    /// Files packed into one.
    Archive,
    /// Plain text.
    Text,
    /// Anything else.
    Unknown,
}

/// The word that is in the JSON.
impl fmt::Display for FileKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

/// From the word that is in the JSON.
impl FromStr for FileKind {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        Self::deserialize(word.into_deserializer())
    }
}
