//! The members of a small checked object, each read as what it should be.
//!
//! Derived readers would do it with less source, and with several times the code in the browser module. For the same reason
//! nothing here is inlined: all of it is called from many places, and no row is read with it.

use serde_json::value::RawValue;

use super::{EventError, Limits, raw};
use crate::json::scan::{ScanError, Scanner};
use crate::json::{Kind, Span, number, read, text};

const NO_OBJECT: &str = "expected an object";

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

    /// The same for a text that must be an object.
    pub(crate) fn parse_object(text: &'a str) -> Result<Self, String> {
        let fields = Self::parse(text)?;
        fields.is_object().then_some(fields).ok_or_else(|| NO_OBJECT.to_owned())
    }

    /// A value of bytes that have been checked.
    pub(crate) fn of(bytes: &'a [u8], object: Span) -> Self {
        Self { bytes, object, name: "" }
    }

    /// Its own text, if it is no object but a string.
    pub(crate) fn as_text(self) -> Option<String> {
        self.text_of(self.object)
    }

    /// Is the member this value, true or false?
    pub(crate) fn is(self, key: &str, value: bool) -> bool {
        self.get(key).kind == if value { Kind::True } else { Kind::False }
    }

    /// A member that is an id: a string, or an integer.
    pub(crate) fn id(self, key: &str) -> Result<String, String> {
        let id = super::decode::id_text(self.bytes, self.get(key));
        id.ok_or_else(|| self.wrong(key, super::decode::AN_ID))
    }

    fn is_object(self) -> bool {
        self.object.kind == Kind::Object
    }

    /// It is an object that has no other keys than these, which messages list.
    #[inline(never)]
    pub(crate) fn only(self, known: &str) -> Result<(), String> {
        if !self.is_object() {
            return Err(NO_OBJECT.to_owned());
        }
        match self.keys().find(|key| !known.split(", ").any(|known| known == key)) {
            Some(unknown) => Err(format!("there is no key `{unknown}`; there are {known}")),
            None => Ok(()),
        }
    }

    pub(crate) fn has(self, key: &str) -> bool {
        self.get(key).kind != Kind::Missing
    }

    pub(crate) fn is_null(self, key: &str) -> bool {
        self.get(key).kind == Kind::Null
    }

    /// The fields of a member; none if it is not an object.
    pub(crate) fn inner(self, name: &'a str) -> Self {
        self.at(name, self.get(name))
    }

    /// The fields of a value that was found in it.
    pub(crate) fn at(self, name: &'a str, object: Span) -> Self {
        Self { object, name, ..self }
    }

    #[inline(never)]
    pub(crate) fn get(self, key: &str) -> Span {
        read::member(self.bytes, self.object, key)
    }

    /// The members with these keys, in one walk over all; and whether there are others.
    pub(crate) fn each<const N: usize>(self, keys: [&str; N]) -> ([Span; N], bool) {
        let mut found = [Span::default(); N];
        let has_others = self.find_each(&keys, &mut found);
        (found, has_others)
    }

    #[inline(never)]
    fn find_each(self, keys: &[&str], found: &mut [Span]) -> bool {
        let mut has_others = false;
        let members = self.is_object().then(|| read::members(self.bytes, self.object.start as usize));
        for (key, value) in members.into_iter().flatten() {
            let key = text::key_text(self.bytes, key);
            let place = keys.iter().position(|known| *known.as_bytes() == *key);
            match place.and_then(|place| found.get_mut(place)) {
                Some(place) => *place = value,
                None => has_others = true,
            }
        }
        has_others
    }

    /// The names of all members.
    #[inline(never)]
    pub(crate) fn keys(self) -> impl Iterator<Item = String> {
        let members = self.is_object().then(|| read::members(self.bytes, self.object.start as usize));
        members.into_iter().flatten().map(move |(key, _)| text::decode(self.bytes, key).into_owned())
    }

    /// The elements of a member that is an array, as objects; a missing member is an empty array.
    #[inline(never)]
    pub(crate) fn list(self, key: &'a str) -> Result<Vec<Self>, String> {
        self.list_at(key, self.get(key))
    }

    /// The same of a member that was found.
    pub(crate) fn list_at(self, key: &'a str, array: Span) -> Result<Vec<Self>, String> {
        match array.kind {
            Kind::Missing => Ok(Vec::new()),
            Kind::Array => {
                let elements = read::elements(self.bytes, array.start as usize);
                Ok(elements.map(|object| self.at(key, object)).collect())
            }
            _ => Err(self.wrong(key, "an array")),
        }
    }

    /// The names of the members of a member that is an object; a missing member has none.
    #[inline(never)]
    pub(crate) fn names(self, key: &'a str) -> Result<Vec<String>, String> {
        match self.get(key).kind {
            Kind::Missing | Kind::Object => Ok(self.inner(key).keys().collect()),
            _ => Err(self.wrong(key, "an object")),
        }
    }

    #[inline(never)]
    pub(crate) fn text(self, key: &str) -> Result<String, String> {
        self.text_at(key, self.get(key))
    }

    /// The text of a member that was found.
    #[inline(never)]
    pub(crate) fn text_at(self, key: &str, value: Span) -> Result<String, String> {
        self.text_of(value).ok_or_else(|| self.wrong(key, "a string"))
    }

    /// The text of a member that may be missing.
    pub(crate) fn text_if_given(self, key: &str) -> Result<Option<String>, String> {
        if self.has(key) { self.text(key).map(Some) } else { Ok(None) }
    }

    /// A member's text, if it is a string.
    pub(crate) fn get_text(self, key: &str) -> Option<String> {
        self.text_of(self.get(key))
    }

    #[inline(never)]
    fn text_of(self, value: Span) -> Option<String> {
        value.is_text().then(|| text::decode(self.bytes, value).into_owned())
    }

    /// The strings in a member that is an array; a missing member is an empty array.
    #[inline(never)]
    pub(crate) fn texts(self, key: &'a str) -> Result<Vec<String>, String> {
        let texts = self.list(key)?.into_iter().map(|element| element.text_of(element.object));
        texts.collect::<Option<_>>().ok_or_else(|| self.wrong(key, "an array of strings"))
    }

    /// A member that is one of these names, if it is not missing.
    #[inline(never)]
    pub(crate) fn choice(self, key: &str, names: &str) -> Result<Option<String>, String> {
        let name = self.get_text(key).filter(|name| names.split(", ").any(|known| known == name));
        if name.is_none() && self.has(key) {
            return Err(self.wrong(key, &format!("one of {names}")));
        }
        Ok(name)
    }

    #[inline(never)]
    pub(crate) fn count(self, key: &str) -> Result<u64, String> {
        let value = self.get(key);
        let digits = value.of(self.bytes);
        let is_count = value.kind == Kind::Number && digits.iter().all(u8::is_ascii_digit);
        if is_count { Ok(number::parse(digits) as u64) } else { Err(self.wrong(key, "an integer from 0")) }
    }

    /// The JSON of a member; null if there is none.
    pub(crate) fn raw(self, key: &str) -> Box<RawValue> {
        self.raw_at(self.get(key))
    }

    /// The JSON of a member that was found.
    #[inline(never)]
    pub(crate) fn raw_at(self, value: Span) -> Box<RawValue> {
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
