//! What devices ask each other about files. One question and its answer is one stream.

use larder_library::JobState;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The longest question and answer, without what is in files.
pub(super) const MAX_BYTES: usize = 64 << 10;

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Request {
    /// Do this with a file, for a client of mine. The same id again gets the same answer and has no second effect.
    Act { id: Uuid, name: String, args: Value },
    /// What is in a file. The answer is [`Answer::Manifest`], then the hashes of its chunks, as raw bytes in several frames, then
    /// [`Answer::Whole`].
    Manifest { file: Uuid },
    /// A part of a file, if that is still as it was. The answer is [`Answer::Chunk`], then the bytes.
    Chunk { file: Uuid, stamp: Stamp, chunk: u64, index: u64 },
    /// How far a copy is that was asked for by [`Act`](Self::Act). The answer is [`Answer::Copy`].
    Copy { job: Uuid },
    /// Ends such a copy before it is done.
    CallOff { job: Uuid },
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Answer {
    /// It is done.
    Done {},
    /// It has no effect, and why, as a client is told.
    Refused { kind: String, message: String },
    /// How a file is, and how many bytes each of its chunks has but the last.
    Manifest { stamp: Stamp, chunk: u64 },
    /// The BLAKE3 hash of all that is in the file, in hexadecimal digits.
    Whole { hash: String },
    /// So many bytes follow.
    Chunk { bytes: u64 },
    /// How far a copy is.
    Copy(Far),
}

/// How far a copy is, as the row of its job says on the device that makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Far {
    pub(crate) state: JobState,
    pub(crate) done: u64,
    pub(crate) total: Option<u64>,
    pub(crate) kind: Option<String>,
    pub(crate) problem: Option<String>,
}

/// By what a file is known to be as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stamp {
    pub(crate) size: u64,
    pub(crate) modified_ns: i64,
}
