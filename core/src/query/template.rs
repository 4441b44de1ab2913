//! Queries that are written as the one before, but for one text: what a list of components asks for, one each.

use std::ops::Range;

use super::ast::{Filter, Test};
use super::definition::Query;
use super::scalar::Scalar;
use crate::json::text;

/// A query that was read, and the text in its filter in whose place others may have another.
pub(crate) struct Template {
    json: String,
    query: Query,
    /// Which of the conditions that must all hold is equality with the text.
    condition: usize,
    /// Where the text is in the JSON, in the canonical text, and in that of what is matched.
    places: [Range<usize>; 3],
    of_order: String,
}

impl Template {
    /// The template that a query is, if it has such a text: one that is nowhere else in it.
    pub(crate) fn of(json: &[u8], query: &Query) -> Option<Self> {
        let json = text::check(json).ok().filter(|json| !json.contains('\\'))?;
        let of_order = query.canonical_of_order();
        query.filter().conjuncts().iter().enumerate().find_map(|(condition, filter)| {
            let Filter::Field { test: Test::Eq(Scalar::Text(text)), .. } = filter else { return None };
            let places =
                [only_place(json, text)?, only_place(query.canonical(), text)?, only_place(&of_order, text)?];
            let (json, of_order) = (json.to_owned(), of_order.clone());
            Some(Self { json, query: query.clone(), condition, places, of_order })
        })
    }

    /// The query of this JSON, if it differs in that text only.
    pub(crate) fn read(&self, json: &[u8]) -> Option<Query> {
        let [place, canonical, of_order] = &self.places;
        let rest = json.strip_prefix(self.json.get(..place.start)?.as_bytes())?;
        let found = rest.strip_suffix(self.json.get(place.end..)?.as_bytes())?;
        if text::find_special(found, 0) < found.len() {
            return None;
        }
        let found = text::check(found).ok()?;
        let texts =
            (replaced(self.query.canonical(), canonical, found), replaced(&self.of_order, of_order, found));
        self.query.with_text(self.condition, found, texts)
    }
}

/// Where a text is as a JSON string, without its quotes, if it is there once.
fn only_place(json: &str, text: &str) -> Option<Range<usize>> {
    let mut found = json.match_indices(text).map(|(at, text)| at..at + text.len());
    let place = found.next().filter(|_| found.next().is_none())?;
    let is_quoted = json.get(..place.start)?.ends_with('"') && json.get(place.end..)?.starts_with('"');
    is_quoted.then_some(place)
}

fn replaced(text: &str, place: &Range<usize>, by: &str) -> String {
    let part = |range| text.get(range).unwrap_or_default();
    [part(0..place.start), by, part(place.end..text.len())].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `json` is read as by the template that `first` is.
    fn read(first: &str, json: &str) -> Option<Query> {
        Template::of(first.as_bytes(), &Query::parse(first).unwrap())?.read(json.as_bytes())
    }

    #[test]
    fn a_query_with_another_text_is_the_one_that_is_parsed() {
        for (first, other) in [
            (
                r#"{"from":"file","where":{"parent_id":"one"}}"#,
                r#"{"from":"file","where":{"parent_id":"two é"}}"#,
            ),
            (
                r#"{"from":"file","limit":10,"orderBy":[{"name":"asc"}],"where":{"kind":{"eq":"image"},"size":{"gt":3}}}"#,
                r#"{"from":"file","limit":10,"orderBy":[{"name":"asc"}],"where":{"kind":{"eq":"m"},"size":{"gt":3}}}"#,
            ),
            (
                r#"{"from":"file","where":{"b":{"in":["x"]},"a":1}}"#,
                r#"{"from":"file","where":{"b":{"in":["y"]},"a":1}}"#,
            ),
        ] {
            let (found, parsed) = (read(first, other).unwrap(), Query::parse(other).unwrap());
            assert_eq!(found.canonical(), parsed.canonical());
            assert_eq!(found.canonical_of_order(), parsed.canonical_of_order());
            assert_eq!((found.filter(), found.order_by()), (parsed.filter(), parsed.order_by()));
            assert_eq!((found.window(), found.resource_type()), (parsed.window(), parsed.resource_type()));
        }
    }

    #[test]
    fn what_differs_in_more_is_left_to_the_parser() {
        let first = r#"{"from":"file","where":{"a":"one"}}"#;
        for other in [
            r#"{"from":"tag","where":{"a":"one"}}"#,
            r#"{"from":"file","where":{"a":"one"},"limit":1}"#,
            r#"{"from":"file","where":{"a":"\u0061"}}"#,
            r#"{"from":"file","where":{"a":"one","b":"two"}}"#,
            r#"{"from":"file","where":{"a":1}}"#,
        ] {
            assert!(read(first, other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_text_that_is_no_value_or_not_the_only_one_is_not_replaced() {
        for first in [
            r#"{"from":"file","where":{"kind":"file"}}"#,
            r#"{"from":"file","where":{"a":"on","b":"one"}}"#,
            r#"{"from":"file","where":{"a":"\u0061"}}"#,
            r#"{"from":"file","where":{"a":""}}"#,
            r#"{"from":"file","where":{"a":7}}"#,
            r#"{"from":"file","where":{"not":{"a":"x"}}}"#,
        ] {
            let query = Query::parse(first).unwrap();
            let other = first.replace("on\"", "zz\"").replace("file\"}", "tag\"}");
            assert!(
                Template::of(first.as_bytes(), &query)
                    .is_none_or(|found| found.read(other.as_bytes()).is_none()),
                "{first}"
            );
        }
        // With this text the two conditions would be one.
        let first = r#"{"from":"file","where":{"and":[{"a":"one"},{"a":"two"}]}}"#;
        assert!(read(first, &first.replace("one", "two")).is_none());
    }
}
