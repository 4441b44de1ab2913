//! One value of a packed row.

use super::misfit::Misfit;
use super::structure::Structure;
use super::walk::Walk;
use super::{number, timestamp, uuid};
use crate::json::{self, Kind, Span, text};
use crate::registry::FieldType;

/// What a field holds, ready to be written.
pub(super) enum Shape {
    Text,
    Bool,
    Int,
    Float,
    Uuid,
    Timestamp,
    Json,
    Optional(Box<Shape>),
    List(Box<Shape>),
    Map(Box<Shape>),
    Struct(Structure),
}

impl Shape {
    pub(super) fn new(field_type: &FieldType) -> Self {
        let inner = |field_type| Box::new(Self::new(field_type));
        match field_type {
            FieldType::Text => Self::Text,
            FieldType::Bool => Self::Bool,
            FieldType::Int => Self::Int,
            FieldType::Float => Self::Float,
            FieldType::Uuid => Self::Uuid,
            FieldType::Timestamp => Self::Timestamp,
            FieldType::Json => Self::Json,
            FieldType::Optional(field_type) => Self::Optional(inner(field_type)),
            FieldType::List(field_type) => Self::List(inner(field_type)),
            FieldType::Map(field_type) => Self::Map(inner(field_type)),
            FieldType::Struct(fields) => Self::Struct(Structure::new(fields)),
        }
    }

    /// Appends a value; one that is missing is null.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, bytes: &[u8], value: Span) -> Result<(), Misfit> {
        let misfit = |expected| Misfit::new(expected, bytes, value);
        match self {
            Self::Text if value.is_text() => push_text(out, bytes, value),
            Self::Text => return Err(misfit("a text")),
            Self::Bool => match value.kind {
                Kind::True => out.push(1),
                Kind::False => out.push(0),
                _ => return Err(misfit("true or false")),
            },
            Self::Int => {
                let number = Some(value).filter(|value| value.kind == Kind::Number);
                let number = number.and_then(|value| number::integer(value.of(bytes)));
                out.extend_from_slice(&number.ok_or_else(|| misfit("an integer of 64 bits"))?.to_le_bytes());
            }
            Self::Float if value.kind == Kind::Number => {
                out.extend_from_slice(&json::number::parse(value.of(bytes)).to_le_bytes());
            }
            Self::Float => return Err(misfit("a number")),
            Self::Uuid => {
                let parsed = in_text(bytes, value, uuid::parse);
                out.extend_from_slice(&parsed.ok_or_else(|| misfit("a UUID"))?);
            }
            Self::Timestamp => {
                let micros = in_text(bytes, value, timestamp::micros);
                let micros = micros.ok_or_else(|| misfit("a moment as in RFC 3339"))?;
                out.extend_from_slice(&micros.to_le_bytes());
            }
            Self::Json => push_json(out, bytes, value),
            Self::Optional(inner) => {
                let is_there = !matches!(value.kind, Kind::Missing | Kind::Null);
                out.push(u8::from(is_there));
                if is_there {
                    inner.write(out, bytes, value)?;
                }
            }
            Self::List(inner) if value.kind == Kind::Array => {
                let at = push_count(out);
                let mut count = 0;
                let mut walk = Walk::into(bytes, value.start as usize);
                loop {
                    let element = walk.value();
                    if element.kind == Kind::Missing {
                        break;
                    }
                    inner.write(out, bytes, element).map_err(|misfit| misfit.at(count))?;
                    count += 1;
                }
                set_count(out, at, count);
            }
            Self::List(_) => return Err(misfit("an array")),
            Self::Map(inner) if value.kind == Kind::Object => {
                let at = push_count(out);
                let mut count = 0;
                let mut walk = Walk::into(bytes, value.start as usize);
                while walk.seek_key() {
                    let key = walk.text();
                    push_text(out, bytes, key);
                    let in_key = |misfit: Misfit| misfit.under(&text::decode(bytes, key));
                    inner.write(out, bytes, walk.value()).map_err(in_key)?;
                    count += 1;
                }
                set_count(out, at, count);
            }
            Self::Map(_) => return Err(misfit("an object")),
            Self::Struct(structure) => structure.write(out, bytes, value)?,
        }
        Ok(())
    }
}

fn in_text<T>(bytes: &[u8], value: Span, parse: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
    match value.kind {
        Kind::Text => parse(value.of(bytes)),
        Kind::EscapedText => parse(text::decode(bytes, value).as_bytes()),
        _ => None,
    }
}

/// Leaves room for a count, and says where.
fn push_count(out: &mut Vec<u8>) -> usize {
    out.extend_from_slice(&[0; 4]);
    out.len() - 4
}

fn set_count(out: &mut [u8], at: usize, count: u32) {
    if let Some(place) = out.get_mut(at..at + 4) {
        place.copy_from_slice(&count.to_le_bytes());
    }
}

fn push_text(out: &mut Vec<u8>, bytes: &[u8], value: Span) {
    let inner = value.of(bytes);
    if value.kind == Kind::EscapedText {
        let at = push_count(out);
        text::unescape_into(out, inner);
        let length = (out.len() - at - 4) as u32;
        set_count(out, at, length);
    } else {
        out.extend_from_slice(&(inner.len() as u32).to_le_bytes());
        out.extend_from_slice(inner);
    }
}

fn push_json(out: &mut Vec<u8>, bytes: &[u8], value: Span) {
    let at = push_count(out);
    match value.kind {
        Kind::Missing => out.extend_from_slice(b"null"),
        // The place of a text is between its quotes.
        Kind::Text | Kind::EscapedText => {
            out.push(b'"');
            out.extend_from_slice(value.of(bytes));
            out.push(b'"');
        }
        _ => out.extend_from_slice(value.of(bytes)),
    }
    let length = (out.len() - at - 4) as u32;
    set_count(out, at, length);
}
