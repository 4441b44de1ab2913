//! What a backend answered: entities, their order, and how long and until when it holds.

use super::Invalidation;
use crate::json::{Kind, Span, read, text};
use crate::wire::decode::id_text;
use crate::wire::fields::Fields;

/// An answer that has been read; PROTOCOL.md says what it looks like.
pub(crate) struct Response {
    /// The ids of the result, in order.
    pub ids: Vec<String>,
    /// Whole resources, as one event for each type.
    pub events: Vec<Vec<u8>>,
    /// The types that the answer has to do with, beside that of the result.
    pub types: Vec<String>,
    pub is_cacheable: bool,
    pub ttl_ms: Option<u64>,
    pub rules: Invalidation,
    /// What the backend calls this state of the answer.
    pub watch: Option<String>,
    /// What to ask the next page with, as JSON.
    pub next: Option<String>,
    pub total: Option<u64>,
}

impl Response {
    /// Reads an answer; `from` is the type of the result. `id_of` gives the id field of a type, and `is_gone` tells of entities
    /// that were deleted after the question: what the answer says of those is older than that.
    pub(crate) fn read(
        json: &str,
        from: &str,
        id_of: &dyn Fn(&str) -> String,
        is_gone: &dyn Fn(&str, &str) -> bool,
    ) -> Result<Self, String> {
        let bytes = json.as_bytes();
        let answer = Fields::of(bytes, read::value(bytes));
        let cache = answer.inner("cache");
        let meta = answer.inner("meta");
        let mut this = Self {
            ids: Vec::new(),
            events: Vec::new(),
            types: Vec::new(),
            is_cacheable: !cache.is("cacheable", false),
            ttl_ms: seconds(cache)?,
            rules: if cache.has("invalidation") && !cache.is_null("invalidation") {
                Invalidation::read(cache.inner("invalidation"))?
            } else {
                Invalidation::default()
            },
            watch: cache.get_text("watch"),
            next: (meta.has("next") && !meta.is_null("next")).then(|| meta.raw("next").get().to_owned()),
            total: if meta.has("total") && !meta.is_null("total") {
                Some(meta.count("total")?)
            } else {
                None
            },
        };
        let resources = cache.inner("resources");
        for name in cache.names("resources")? {
            let list = array(resources.get(&name)).ok_or_else(|| resources.wrong(&name, "an array"))?;
            let ids = this.take(bytes, list, &name, &id_of(&name), is_gone)?;
            if name == from {
                this.ids = ids;
            } else {
                this.types.push(name);
            }
        }
        if !resources.has(from) {
            // Without saying what is in it, an array is the result; so is a bare one.
            let whole = read::value(bytes);
            let list = array(answer.get("data")).or_else(|| array(whole)).ok_or_else(|| {
                format!("the answer has neither `cache.resources.{from}` nor `data` that is an array")
            })?;
            this.ids = this.take(bytes, list, from, &id_of(from), is_gone)?;
        }
        Ok(this)
    }

    /// The ids of an array of ids and resources; the resources make an event.
    fn take(
        &mut self,
        bytes: &[u8],
        array: Span,
        resource_type: &str,
        id_field: &str,
        is_gone: &dyn Fn(&str, &str) -> bool,
    ) -> Result<Vec<String>, String> {
        let mut ids = Vec::new();
        let mut whole = Vec::new();
        for element in read::elements(bytes, array.start as usize) {
            let is_whole = element.kind == Kind::Object;
            let id = if is_whole { read::member(bytes, element, id_field) } else { element };
            let id = id_text(bytes, id).ok_or_else(|| {
                format!(
                    "`{resource_type}` {} of the answer is neither an id nor a resource with `{id_field}`",
                    ids.len()
                )
            })?;
            if is_gone(resource_type, &id) {
                continue;
            }
            if is_whole {
                whole.push(if whole.is_empty() { b'[' } else { b',' });
                whole.extend_from_slice(element.of(bytes));
            }
            ids.push(id);
        }
        if !whole.is_empty() {
            let mut event = br#"{"ResourceBatchChanged":{"resource_type":"#.to_vec();
            text::push_quoted(&mut event, resource_type);
            event.extend_from_slice(br#","resources":"#);
            event.extend_from_slice(&whole);
            event.extend_from_slice(b"]}}");
            self.events.push(event);
        }
        Ok(ids)
    }
}

fn array(value: Span) -> Option<Span> {
    (value.kind == Kind::Array).then_some(value)
}

fn seconds(cache: Fields<'_>) -> Result<Option<u64>, String> {
    if !cache.has("cache_duration") || cache.is_null("cache_duration") {
        return Ok(None);
    }
    Ok(Some(cache.count("cache_duration")?.saturating_mul(1_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Response, String> {
        Response::read(json, "file", &|_| "id".to_owned(), &|_, id| id == "gone")
    }

    #[test]
    fn an_answer_gives_the_order_the_resources_and_how_long_it_holds() {
        let answer = read(
            r#"{"data": {"took_ms": 3}, "cache": {"resources": {"tag": ["t"], "file": ["b", {"id": 7, "x": "\u00e9"}, "gone", {"id": "gone"}]},
                "cacheable": false, "cache_duration": 2, "invalidation": {"types": ["tag"]}}, "meta": {"next": {"after": "b"}, "total": 90}}"#,
        )
        .unwrap();
        assert_eq!(answer.ids, ["b", "7"]);
        assert_eq!(
            answer.events.concat(),
            br#"{"ResourceBatchChanged":{"resource_type":"file","resources":[{"id": 7, "x": "\u00e9"}]}}"#
        );
        assert_eq!((answer.types.as_slice(), answer.is_cacheable), (["tag".to_owned()].as_slice(), false));
        assert_eq!((answer.ttl_ms, answer.total), (Some(2_000), Some(90)));
        assert_eq!(answer.next.as_deref(), Some(r#"{"after": "b"}"#));
        assert_eq!(answer.rules.types, ["tag"]);
    }

    #[test]
    fn a_bare_array_is_an_answer_too() {
        assert_eq!(read(r#"["a", {"id": "b"}]"#).unwrap().ids, ["a", "b"]);
        let answer = read(r#"{"data": ["a"], "cache": null, "meta": null}"#).unwrap();
        assert_eq!((answer.ids, answer.is_cacheable, answer.next), (vec!["a".to_owned()], true, None));
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        for (json, says) in [
            ("{}", "neither `cache.resources.file` nor `data`"),
            ("7", "neither"),
            (r#"{"data": [null]}"#, "`file` 0 of the answer is neither"),
            (r#"{"data": [{"ID": 1}]}"#, "a resource with `id`"),
            (r#"{"data": [], "cache": {"cache_duration": -1}}"#, "`cache.cache_duration` should be"),
            (r#"{"data": [], "meta": {"total": "1"}}"#, "`meta.total` should be"),
            (r#"{"cache": {"resources": {"file": 1}}}"#, "`resources.file` should be an array"),
            (r#"{"cache": {"resources": [1]}}"#, "`cache.resources` should be an object"),
            (r#"{"data": [], "cache": {"invalidation": {"types": [1]}}}"#, "`invalidation.types` should be"),
        ] {
            let error = read(json).err().unwrap_or_default();
            assert!(error.contains(says), "{json}: {error}");
        }
    }
}
