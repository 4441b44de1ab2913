//! What can be wrong with a message from outside.

use crate::json::locate::path_at;
use crate::json::scan::{Fault, ScanError};

/// Why an event or another message was refused. The cache is as it was before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The bytes are not UTF-8.
    #[error("the message is not UTF-8 (byte {offset}); send JSON as UTF-8")]
    NotUtf8 {
        /// Where, in bytes.
        offset: usize,
    },
    /// The text is not JSON.
    #[error("the message is not JSON: {expected}, at byte {offset}{}", in_field(field))]
    MalformedJson {
        /// What should have been there.
        expected: &'static str,
        /// Where, in bytes.
        offset: usize,
        /// The path to the place.
        field: String,
    },
    /// The message has too many bytes.
    #[error(
        "the message has {bytes} bytes, more than `maxEventBytes` ({limit}); send it in parts or raise the limit"
    )]
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A string has too many bytes.
    #[error(
        "a string{} is longer than `maxStringBytes` ({limit}); keep large values out of resources",
        in_field(field)
    )]
    StringTooLong {
        /// The path to the string.
        field: String,
        /// How many bytes are allowed.
        limit: usize,
    },
    /// The nesting is too deep.
    #[error("the nesting{} is deeper than `maxDepth` ({limit})", in_field(field))]
    TooDeep {
        /// The path to the place, shortened.
        field: String,
        /// How many levels are allowed.
        limit: u32,
    },
    /// There are too many resources in one event.
    #[error("the event has more than `maxEntities` ({limit}) resources; send several events")]
    TooManyEntities {
        /// How many are allowed.
        limit: u32,
    },
    /// An object has the same key twice.
    #[error("`{field}` is there twice; keys must be unique")]
    DuplicateKey {
        /// The path to the second one.
        field: String,
    },
    /// A number that JavaScript would change.
    #[error("the number `{field}` does not fit a double exactly; send integers beyond 2^53 as strings")]
    UnsafeNumber {
        /// The path to the number.
        field: String,
    },
    /// A field is missing.
    #[error("`{field}` is missing")]
    MissingField {
        /// The path to the field.
        field: String,
    },
    /// A field has the wrong type.
    #[error("`{field}` should be {expected}")]
    WrongType {
        /// The path to the field.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The kind of event is not known.
    #[error(
        "the event kind `{name}` is not known; add it to the registry's `events` to hand such events to listeners"
    )]
    UnknownKind {
        /// The kind.
        name: String,
    },
    /// The resource type is not declared, and the registry refuses such types.
    #[error(
        "the resource type `{resource_type}` is not declared; add it to the registry or set `unknownTypes` to `store`"
    )]
    UnknownType {
        /// The type.
        resource_type: String,
    },
    /// Too many resource types that are not declared.
    #[error(
        "more than `maxUnknownTypes` ({limit}) undeclared resource types, among them `{resource_type}`; declare them"
    )]
    TooManyTypes {
        /// The type that was one too many.
        resource_type: String,
        /// How many are allowed.
        limit: u32,
    },
    /// The event belongs to another library than the events before it.
    #[error(
        "the event is of library `{found}`, but this cache holds `{expected}`; use one cache for each library"
    )]
    WrongScope {
        /// The library of the cache.
        expected: String,
        /// The library of the event.
        found: String,
    },
    /// A frame could not be read.
    #[error("the frame could not be read: {message}; see PROTOCOL.md for its shape")]
    MalformedFrame {
        /// What the parser said.
        message: String,
    },
    /// The engine speaks another version of the protocol.
    #[error("the engine speaks protocol version {found}, this client {expected}; update the older one")]
    WrongProtocol {
        /// This client's version.
        expected: u32,
        /// The engine's version.
        found: u32,
    },
    /// The engine's log is another than the one that is cached, and what it sent was no copy of that.
    #[error(
        "the engine's log is another than before, but no `resync` came before `synced` {sequence}; it is asked for everything anew"
    )]
    NoCopy {
        /// Up to where the engine said that it had sent everything.
        sequence: u64,
    },
    /// The engine reports that this connection did something wrong.
    #[error("the engine refused the connection: {message} ({kind})")]
    FromEngine {
        /// The engine's name of the reason.
        kind: String,
        /// The reason.
        message: String,
    },
}

fn in_field(field: &str) -> String {
    if field.is_empty() { String::new() } else { format!(" in `{field}`") }
}

impl EventError {
    /// A stable name of the error, the same in every language.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotUtf8 { .. } => "event.not_utf8",
            Self::MalformedJson { .. } => "event.malformed_json",
            Self::TooLarge { .. } => "event.too_large",
            Self::StringTooLong { .. } => "event.string_too_long",
            Self::TooDeep { .. } => "event.too_deep",
            Self::TooManyEntities { .. } => "event.too_many_entities",
            Self::DuplicateKey { .. } => "event.duplicate_key",
            Self::UnsafeNumber { .. } => "event.unsafe_number",
            Self::MissingField { .. } => "event.missing_field",
            Self::WrongType { .. } => "event.wrong_type",
            Self::UnknownKind { .. } => "event.unknown_kind",
            Self::UnknownType { .. } => "event.unknown_type",
            Self::TooManyTypes { .. } => "event.too_many_types",
            Self::WrongScope { .. } => "event.wrong_scope",
            Self::MalformedFrame { .. } => "frame.malformed",
            Self::WrongProtocol { .. } => "frame.wrong_protocol",
            Self::NoCopy { .. } => "frame.no_copy",
            Self::FromEngine { .. } => "frame.engine_error",
        }
    }

    pub(crate) fn from_scan(error: ScanError, bytes: &[u8], limits: &super::Limits) -> Self {
        let offset = error.offset;
        let field = path_at(bytes, offset);
        match error.fault {
            Fault::Malformed(expected) => Self::MalformedJson { expected, offset, field },
            Fault::TooDeep => Self::TooDeep { field, limit: limits.scan().max_depth },
            Fault::StringTooLong => Self::StringTooLong { field, limit: limits.max_string_bytes as usize },
            Fault::DuplicateKey => Self::DuplicateKey { field: path_at(bytes, key_end(bytes, offset)) },
            Fault::UnsafeNumber => Self::UnsafeNumber { field },
        }
    }
}

/// Past the key that starts at `offset`, so that the path names the key itself.
fn key_end(bytes: &[u8], offset: usize) -> usize {
    let colon = bytes.get(offset..).and_then(|rest| rest.iter().position(|&byte| byte == b':'));
    offset + colon.unwrap_or(0)
}
