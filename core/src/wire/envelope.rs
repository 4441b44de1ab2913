//! Reads the small parts of an event: its envelope and metadata.

use serde_json::value::RawValue;

use super::error::EventError;
use super::{Envelope, Metadata};
use crate::json::{Kind, Span, number, read, text};

/// Reads an envelope from a checked object. `sequence` and `library_id` may be missing: not every backend counts.
pub(super) fn read(bytes: &[u8], object: Span) -> Result<Envelope, EventError> {
    let mut envelope = Envelope::default();
    for (key, value) in read::members(bytes, object.start as usize) {
        let key = text::decode(bytes, key);
        let text_or = |value: Span| match value.kind {
            Kind::Null => Ok(None),
            _ if value.is_text() => Ok(Some(text::decode(bytes, value).into_owned())),
            _ => Err(EventError::WrongType { field: format!("envelope.{key}"), expected: "a string" }),
        };
        match key.as_ref() {
            "id" => envelope.id = text_or(value)?.unwrap_or_default(),
            "timestamp" => envelope.timestamp = text_or(value)?.unwrap_or_default(),
            "library_id" => envelope.library_id = text_or(value)?.unwrap_or_default(),
            "mutation_id" => envelope.mutation_id = text_or(value)?,
            "sequence" => envelope.sequence = count(bytes, value, &key)?.unwrap_or(0),
            "previous" => envelope.previous = count(bytes, value, &key)?,
            _ => {}
        }
    }
    Ok(envelope)
}

fn count(bytes: &[u8], value: Span, key: &str) -> Result<Option<u64>, EventError> {
    let digits = value.of(bytes);
    match value.kind {
        Kind::Null => Ok(None),
        Kind::Number if digits.iter().all(u8::is_ascii_digit) => Ok(Some(number::parse(digits) as u64)),
        _ => Err(EventError::WrongType { field: format!("envelope.{key}"), expected: "an integer from 0" }),
    }
}

/// Reads metadata from a checked value.
pub(super) fn metadata(bytes: &[u8], value: Span, field: &str) -> Result<Metadata, EventError> {
    if value.kind != Kind::Object {
        return Err(EventError::WrongType { field: field.to_owned(), expected: "an object" });
    }
    let mut metadata = Metadata::default();
    for (key, value) in read::members(bytes, value.start as usize) {
        let list = match text::decode(bytes, key).as_ref() {
            "no_merge_fields" => &mut metadata.no_merge_fields,
            "alternate_ids" => &mut metadata.alternate_ids,
            "affected_paths" if value.kind == Kind::Array => {
                let paths = read::elements(bytes, value.start as usize);
                metadata.affected_paths.extend(paths.map(|path| raw_value(bytes, path)));
                continue;
            }
            _ => continue,
        };
        if value.kind == Kind::Null {
            continue;
        }
        let wrong = || EventError::WrongType {
            field: format!("{field}.{}", text::decode(bytes, key)),
            expected: "an array of strings",
        };
        if value.kind != Kind::Array {
            return Err(wrong());
        }
        for element in read::elements(bytes, value.start as usize) {
            list.push(super::decode::id_text(bytes, element).ok_or_else(wrong)?);
        }
    }
    Ok(metadata)
}

/// A checked value as raw JSON.
fn raw_value(bytes: &[u8], value: Span) -> Box<RawValue> {
    // The quotes of a string are just outside its span.
    let quotes = u32::from(value.is_text());
    let range = (value.start - quotes) as usize..(value.end + quotes) as usize;
    raw(&String::from_utf8_lossy(bytes.get(range).unwrap_or_default()))
}

/// A text that was checked, or that was put together of checked ones, as raw JSON.
pub(crate) fn raw(text: &str) -> Box<RawValue> {
    let json = text.trim_matches([' ', '\n', '\r', '\t']).to_owned();
    // SAFETY: the scanner has found the text to be one JSON value, and what may be around that is cut off.
    unsafe { RawValue::from_string_unchecked(json) }
}
