//! A result as it is stored.

use super::{Invalidation, RemoteQuery, Scope};
use crate::bytes::{Reader, Short, Writer};
use crate::query::Query;

/// Keys of stored results begin so.
pub(crate) const REMOTE: &str = "remote/";

/// What there is in a number that may be missing.
const NONE: u64 = u64::MAX;

/// What of a result survives a restart.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Stored {
    pub method: String,
    pub input: String,
    /// The query over its entities, as JSON.
    pub query: String,
    pub ttl_ms: Option<u64>,
    pub pages: u32,
    pub next: Option<String>,
    pub total: Option<u64>,
    pub types: Vec<String>,
    pub rules: Invalidation,
    pub ids: Vec<String>,
    pub answered: u32,
}

impl Stored {
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Writer::default();
        for text in [&self.method, &self.input, &self.query] {
            out.slice(text.as_bytes());
        }
        out.u64(self.ttl_ms.unwrap_or(NONE));
        out.u32(self.pages);
        out.slice(self.next.as_deref().unwrap_or_default().as_bytes());
        out.u64(self.total.unwrap_or(NONE));
        let scopes: Vec<String> = self.rules.scopes.iter().map(scope_text).collect();
        for texts in [&self.types, &self.rules.types, &scopes, &self.ids] {
            out.u32(texts.len() as u32);
            texts.iter().for_each(|text| out.slice(text.as_bytes()));
        }
        out.u32(self.answered);
        out.bytes
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Short> {
        let mut from = Reader::new(bytes);
        let mut stored = Self {
            method: text(&mut from)?,
            input: text(&mut from)?,
            query: text(&mut from)?,
            ttl_ms: number(&mut from)?,
            pages: from.u32()?,
            next: Some(text(&mut from)?).filter(|next| !next.is_empty()),
            total: number(&mut from)?,
            types: texts(&mut from)?,
            ..Self::default()
        };
        stored.rules.types = texts(&mut from)?;
        stored.rules.scopes = texts(&mut from)?.iter().map(|text| scope(text)).collect();
        stored.ids = texts(&mut from)?;
        stored.answered = from.u32()?;
        Ok(stored)
    }

    /// What was asked; `None` if this version would not ask so.
    pub(crate) fn request(&self) -> Option<RemoteQuery> {
        let query = Query::parse(&self.query).ok()?;
        let mut request = RemoteQuery::new(&*self.method, &self.input, query).ok()?;
        request.ttl_ms = self.ttl_ms;
        Some(request)
    }
}

/// The name of a result among what is stored.
pub(crate) fn stored_key(request: &RemoteQuery) -> String {
    let hash = xxhash_rust::xxh64::xxh64(request.key().as_bytes(), 0);
    let digit = |place: u32| char::from_digit((hash >> (60 - 4 * place)) as u32 & 15, 16).unwrap_or('0');
    REMOTE.chars().chain((0..16).map(digit)).collect()
}

fn text(from: &mut Reader<'_>) -> Result<String, Short> {
    Ok(String::from_utf8_lossy(from.slice()?).into_owned())
}

fn texts(from: &mut Reader<'_>) -> Result<Vec<String>, Short> {
    (0..from.u32()?).map(|_| text(from)).collect()
}

fn number(from: &mut Reader<'_>) -> Result<Option<u64>, Short> {
    Ok(Some(from.u64()?).filter(|&number| number != NONE))
}

/// `*` before the path of a scope that has all below it.
fn scope_text(scope: &Scope) -> String {
    [if scope.is_recursive { "*" } else { "." }, &scope.path].concat()
}

fn scope(text: &str) -> Scope {
    Scope { path: text.get(1..).unwrap_or_default().to_owned(), is_recursive: text.starts_with('*') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_read_as_it_was_stored_and_a_part_of_it_is_refused() {
        let rules = r#"{"types": ["tag"], "scopes": ["/a", {"path": "/b", "recursive": false}]}"#;
        let stored = Stored {
            method: "files.search".to_owned(),
            input: r#"{"text":"é"}"#.to_owned(),
            query: r#"{"from":"file"}"#.to_owned(),
            pages: 2,
            next: Some("7".to_owned()),
            total: Some(9),
            types: vec!["tag".to_owned()],
            rules: Invalidation::parse(rules).unwrap(),
            ids: vec!["1".to_owned(), "2".to_owned()],
            answered: 1,
            ..Stored::default()
        };
        let bytes = stored.write();
        assert_eq!(Stored::read(&bytes).unwrap(), stored);
        for length in 0..bytes.len() {
            assert!(Stored::read(&bytes[..length]).is_err(), "{length}");
        }
        let key = stored_key(&stored.request().unwrap());
        assert_eq!((key.len(), key.starts_with(REMOTE)), (23, true));
    }
}
