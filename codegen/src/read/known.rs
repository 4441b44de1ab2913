//! Types that are not made of fields: those of other crates, and those that specta was told.

use crate::CodegenError;
use crate::model::{Type, Width};
use crate::typescript::written;
use specta::datatype::{DataType, NamedDataType, OpaqueReference};

/// A type of another crate that has a meaning of its own.
pub(crate) fn find(named: &NamedDataType) -> Option<Type> {
    let root = named.module_path.split("::").next().unwrap_or_default();
    match (root, named.name.as_ref()) {
        ("uuid", "Uuid" | "Hyphenated") => Some(Type::Uuid),
        ("chrono", "DateTime") | ("jiff", "Timestamp") => Some(Type::Moment),
        ("serde_json", "Value") => Some(Type::Any),
        ("serde_json", "Number") => Some(Type::Float),
        _ => None,
    }
}

/// A type that was written as `#[specta(type = …)]`, in the words of specta's TypeScript exporter.
pub(crate) fn overridden(
    opaque: &OpaqueReference,
    value: &DataType,
    place: &str,
) -> Result<Type, CodegenError> {
    let name = opaque.type_name();
    Ok(match name.rsplit("::").next().unwrap_or(name) {
        "Number" => Type::Float,
        // The cache refuses integers that a number cannot hold.
        "BigInt" => Type::Int(Width::Wide),
        "Unknown" | "Any" => Type::Any,
        _ => Type::Written(written(value).map_err(|message| {
            CodegenError::unsupported(
                place,
                format!("has a type that was told to specta: {message}"),
                "use another type",
            )
        })?),
    })
}
