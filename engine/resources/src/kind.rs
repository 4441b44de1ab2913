//! What files are.

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
