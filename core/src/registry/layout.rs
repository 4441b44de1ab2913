//! What a packed row consists of.

use serde::{Deserialize, Serialize};

/// One field of a packed row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LayoutField {
    /// The field's name in JSON.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub field_type: FieldType,
}

/// What a field of a packed row holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldType {
    /// A string.
    Text,
    /// `true` or `false`.
    Bool,
    /// An integer.
    Int,
    /// Any number.
    Float,
    /// A UUID, a string in JSON.
    Uuid,
    /// A moment, a string as in RFC 3339 in JSON.
    Timestamp,
    /// Any value, handed on as JSON text.
    Json,
    /// A value that may be null or not there.
    Optional(Box<FieldType>),
    /// An array.
    List(Box<FieldType>),
    /// An object with keys of any name.
    Map(Box<FieldType>),
    /// An object with these fields.
    Struct(Vec<LayoutField>),
}
