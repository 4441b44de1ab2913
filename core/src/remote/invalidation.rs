//! Which results are not to be trusted any more.

use crate::json::{Kind, Span, read};
use crate::query::{is_child_of, is_under};
use crate::wire::fields::Fields;

/// Names results that have to be asked for again: all to which any part of it applies.
///
/// It is the JSON of the `hints` of a `BulkOperationCompleted` event and of [`Cache::invalidate`](crate::Cache::invalidate); in the
/// `cache.invalidation` of an answer it says of what the answer depends.
///
/// ```
/// use larder::remote::Invalidation;
/// let what = Invalidation::parse(r#"{"methods": ["files.*"], "scopes": [{"path": "/a", "recursive": false}]}"#)?;
/// assert_eq!(what.methods, ["files.*"]);
/// # Ok::<(), larder::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invalidation {
    /// Everything.
    pub all: bool,
    /// Results that have to do with these resource types.
    pub types: Vec<String>,
    /// Results of these methods; `files.*` stands for all that begin so.
    pub methods: Vec<String>,
    /// Results that depend on one of these places.
    pub scopes: Vec<Scope>,
    /// Results that list one of these entities.
    pub entities: Vec<(String, String)>,
}

/// A folder, and whether all below it belongs to it or only what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// Its path.
    pub path: String,
    /// All below it.
    pub is_recursive: bool,
}

impl Scope {
    /// Does something at or below `path` concern this scope?
    pub(crate) fn is_touched_by(&self, path: &str) -> bool {
        let is_in = if self.is_recursive { is_under } else { is_child_of };
        is_same(path, &self.path) || is_in(path, &self.path) || is_under(&self.path, path)
    }

    /// Have two scopes something in common?
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        is_same(&self.path, &other.path)
            || (other.is_recursive && is_under(&self.path, &other.path))
            || (self.is_recursive && is_under(&other.path, &self.path))
    }
}

fn is_same(path: &str, other: &str) -> bool {
    is_child_of(&[path, "/x"].concat(), other)
}

impl Invalidation {
    /// Everything.
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// Reads it from its JSON.
    ///
    /// # Errors
    /// [`Error::Query`](crate::Error::Query) that says what is wrong.
    pub fn parse(json: &str) -> Result<Self, crate::Error> {
        let read = Fields::parse_object(json).and_then(Self::read);
        read.map_err(|message| crate::query::QueryError::MalformedJson { message }.into())
    }

    pub(crate) fn read(fields: Fields<'_>) -> Result<Self, String> {
        let mut scopes = Vec::new();
        for scope in fields.list("scopes")? {
            scopes.push(match scope.as_text() {
                Some(path) => Scope { path, is_recursive: true },
                None => Scope { path: scope.text("path")?, is_recursive: !scope.is("recursive", false) },
            });
        }
        let mut entities = Vec::new();
        for entity in fields.list("entities")? {
            entities.push((entity.text("type")?, entity.id("id")?));
        }
        Ok(Self {
            all: fields.is("all", true),
            types: fields.texts("types")?,
            methods: fields.texts("methods")?,
            scopes,
            entities,
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Is the method among those named?
    pub(crate) fn names_method(&self, method: &str) -> bool {
        self.methods.iter().any(|name| match name.strip_suffix('*') {
            Some(start) => method.starts_with(start),
            None => name == method,
        })
    }
}

/// The path that an element of `affected_paths` is about: a text, or the first text `path` in it.
pub(crate) fn path_in(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    path_of(bytes, read::value(bytes), 0)
}

fn path_of(bytes: &[u8], value: Span, depth: u32) -> Option<String> {
    if value.is_text() {
        return Fields::of(bytes, value).as_text();
    }
    if value.kind != Kind::Object || depth > 3 {
        return None;
    }
    let path = read::member(bytes, value, "path");
    if path.kind != Kind::Missing {
        return path_of(bytes, path, depth + 1);
    }
    read::members(bytes, value.start as usize).find_map(|(_, inner)| {
        (inner.kind == Kind::Object).then(|| path_of(bytes, inner, depth + 1)).flatten()
    })
}

/// What an event that carries no rows says about results.
pub(crate) enum Notice {
    Refresh,
    Bulk { resource_type: String, hints: Invalidation },
}

impl Notice {
    /// Reads an event that the decoder has checked; `None` if it says nothing about results.
    pub(crate) fn read(event: &[u8]) -> Option<Self> {
        Self::in_value(event, read::value(event), 0)
    }

    fn in_value(bytes: &[u8], value: Span, depth: u32) -> Option<Self> {
        if value.is_text() {
            return (value.of(bytes) == b"Refresh").then_some(Self::Refresh);
        }
        let member = |key| Some(read::member(bytes, value, key)).filter(|found| found.kind != Kind::Missing);
        if depth > 2 {
            return None;
        }
        if let Some(inner) = member("kind").or_else(|| member("Event")) {
            return Self::in_value(bytes, inner, depth + 1);
        }
        let kind = member("type").map(|name| name.of(bytes));
        if kind == Some(b"Refresh") || member("Refresh").is_some() {
            return Some(Self::Refresh);
        }
        let bulk = if kind == Some(b"BulkOperationCompleted") { member("data") } else { None };
        let bulk = Fields::of(bytes, bulk.or_else(|| member("BulkOperationCompleted"))?);
        // Hints that cannot be read are none: everything of the type is stale then.
        let hints = Invalidation::read(bulk.inner("hints")).unwrap_or_default();
        Some(Self::Bulk { resource_type: bulk.text("resource_type").unwrap_or_default(), hints })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_touched_by_what_is_in_it_and_by_what_it_is_in() {
        let scope = |is_recursive| Scope { path: "/a/b".to_owned(), is_recursive };
        for (path, exact, recursive) in [
            ("/a/b", true, true),
            ("/a/b/", true, true),
            ("/a/b/c", true, true),
            ("\\a\\b\\c", true, true),
            ("/a/b/c/d", false, true),
            ("/a", true, true),
            ("", true, true),
            ("/a/bc", false, false),
            ("/x", false, false),
        ] {
            assert_eq!(scope(false).is_touched_by(path), exact, "{path}");
            assert_eq!(scope(true).is_touched_by(path), recursive, "{path}");
        }
    }

    #[test]
    fn a_path_is_a_text_or_the_member_of_that_name() {
        for (json, path) in [
            (r#""/a""#, Some("/a")),
            (r#"{"path": "/a"}"#, Some("/a")),
            (r#"{"Physical": {"device_slug": "d", "path": "/a"}}"#, Some("/a")),
            (r#"{"Cloud": {"service": "s", "identifier": "i"}}"#, None),
            ("7", None),
        ] {
            assert_eq!(path_in(json).as_deref(), path, "{json}");
        }
    }

    #[test]
    fn notices_are_found_in_both_dialects() {
        let bulk = r#"{"resource_type":"file","affected_count":2,"hints":{"methods":["files.*"]}}"#;
        for text in [
            format!(r#"{{"envelope":{{}},"kind":{{"type":"BulkOperationCompleted","data":{bulk}}}}}"#),
            format!(r#"{{"BulkOperationCompleted":{bulk}}}"#),
            format!(r#"{{"Event":{{"BulkOperationCompleted":{bulk}}}}}"#),
        ] {
            let Some(Notice::Bulk { resource_type, hints }) = Notice::read(text.as_bytes()) else {
                panic!("{text}")
            };
            assert_eq!((resource_type.as_str(), hints.names_method("files.list")), ("file", true));
        }
        for text in [
            r#""Refresh""#,
            r#"{"Event":"Refresh"}"#,
            r#"{"envelope":{},"kind":"Refresh"}"#,
            r#"{"kind":{"type":"Refresh"}}"#,
        ] {
            assert!(matches!(Notice::read(text.as_bytes()), Some(Notice::Refresh)), "{text}");
        }
        assert!(Notice::read(br#"{"CoreStarted":{"Refresh":1}}"#).is_none());
    }
}
