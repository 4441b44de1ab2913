//! The members of a small checked object, each read as what it should be.
//!
//! Derived readers would do it with less source, and with several times the code in the browser module.

use serde_json::value::RawValue;

use super::{EventError, Limits, raw};
use crate::json::scan::{ScanError, Scanner};
use crate::json::{Kind, Span, number, read, text};

/// An object, and how it is called in messages.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    bytes: &'a [u8],
    object: Span,
    name: &'a str,
}

impl<'a> Fields<'a> {
    /// Checks a whole text; the fields are those of the object that it is.
    pub(crate) fn parse(text: &'a str) -> Result<Self, String> {
        let bytes = text.as_bytes();
        let limits = Limits::default();
        let mut scanner = Scanner::new(bytes, limits.scan());
        let scanned = scanner.value(0).and_then(|value| scanner.finish().map(|()| value));
        let object =
            scanned.map_err(|error: ScanError| EventError::from_scan(error, bytes, &limits).to_string())?;
        Ok(Self { bytes, object, name: "" })
    }

    /// The fields of a member; none if it is not an object.
    pub(crate) fn inner(self, name: &'a str) -> Self {
        Self { object: self.get(name), name, ..self }
    }

    pub(crate) fn get(self, key: &str) -> Span {
        read::member(self.bytes, self.object, key)
    }

    /// The names of all members.
    pub(crate) fn keys(self) -> impl Iterator<Item = String> {
        let members =
            (self.object.kind == Kind::Object).then(|| read::members(self.bytes, self.object.start as usize));
        members.into_iter().flatten().map(move |(key, _)| text::decode(self.bytes, key).into_owned())
    }

    /// The elements of a member that is an array, as objects; a missing member is an empty array.
    pub(crate) fn list(self, key: &'a str) -> Result<Vec<Self>, String> {
        let array = self.get(key);
        match array.kind {
            Kind::Missing => Ok(Vec::new()),
            Kind::Array => {
                let elements = read::elements(self.bytes, array.start as usize);
                Ok(elements.map(|object| Self { object, name: key, ..self }).collect())
            }
            _ => Err(self.wrong(key, "an array")),
        }
    }

    pub(crate) fn text(self, key: &str) -> Result<String, String> {
        let value = self.get(key);
        if value.is_text() {
            Ok(text::decode(self.bytes, value).into_owned())
        } else {
            Err(self.wrong(key, "a string"))
        }
    }

    pub(crate) fn count(self, key: &str) -> Result<u64, String> {
        let value = self.get(key);
        let digits = value.of(self.bytes);
        let is_count = value.kind == Kind::Number && digits.iter().all(u8::is_ascii_digit);
        if is_count { Ok(number::parse(digits) as u64) } else { Err(self.wrong(key, "an integer from 0")) }
    }

    /// The JSON of a member; null if there is none.
    pub(crate) fn raw(self, key: &str) -> Box<RawValue> {
        let value = self.get(key);
        // The quotes of a string are just outside its span.
        let quotes = u32::from(value.is_text());
        let range = (value.start - quotes) as usize..(value.end + quotes) as usize;
        match std::str::from_utf8(self.bytes.get(range).unwrap_or_default()) {
            Ok(json) if value.kind != Kind::Missing => raw(json),
            _ => raw("null"),
        }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn wrong(self, key: &str, expected: &str) -> String {
        let dot = if self.name.is_empty() { "" } else { "." };
        format!("`{}{dot}{key}` should be {expected}", self.name)
    }
}
