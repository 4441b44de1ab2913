//! From a remote query's JSON to its parts: a query with a few keys more.

use super::request::{Policy, RemoteQuery};
use crate::query::{Place, Query, QueryError, Tree, entries, parse_tree, text, word, wrong};

/// Who answers a query.
pub(crate) enum Asked {
    Here(Query),
    Remote(RemoteQuery),
}

/// A query, or a remote query, which has a method.
pub(crate) fn either(json: &[u8]) -> Result<Asked, QueryError> {
    let tree = Tree::parse(json)?;
    match &tree {
        Tree::Object(entries) if entries.iter().any(|(key, _)| key == "method") => {
            from_tree(tree).map(Asked::Remote)
        }
        _ => parse_tree(tree).map(Asked::Here),
    }
}

pub(crate) fn remote(json: &[u8]) -> Result<RemoteQuery, QueryError> {
    from_tree(Tree::parse(json)?)
}

fn from_tree(tree: Tree) -> Result<RemoteQuery, QueryError> {
    let root = Place::ROOT;
    let expected = "an object; a remote query looks like {\"method\":\"files.search\",\"from\":\"file\"}";
    let (mut method, mut input, mut policy, mut ttl_ms) = (None, Tree::Null, Policy::default(), None);
    let mut rest = Vec::new();
    for (key, value) in entries(tree, &root, expected)? {
        let place = root.key(&key);
        match key.as_str() {
            "method" => method = Some(text(value, &place)?),
            "input" => input = value,
            "policy" => {
                policy = word(
                    value,
                    &place,
                    "one of cache_first, stale_while_revalidate, network_only, cache_only",
                    Policy::NAMES,
                )?
            }
            "ttl" => {
                ttl_ms = match value {
                    Tree::Null => None,
                    Tree::Number(ttl) if ttl >= 0.0 => Some(ttl as u64),
                    other => return Err(wrong(&place, "milliseconds, from 0", other.describe())),
                }
            }
            _ => rest.push((key, value)),
        }
    }
    let method = method.filter(|method| !method.is_empty()).ok_or(QueryError::Missing {
        path: "method".to_owned(),
        remedy: "name the backend's method, as in {\"method\":\"files.search\",\"from\":\"file\"}",
    })?;
    let query = rows_only(parse_tree(Tree::Object(rest))?)?;
    Ok(RemoteQuery { method, input: in_order(input).to_json(), query, policy, ttl_ms })
}

/// Refuses what is counted instead of shown: the backend knows more than what is here.
pub(crate) fn rows_only(query: Query) -> Result<Query, QueryError> {
    if query.aggregates().is_empty() && query.group_by().is_empty() {
        return Ok(query);
    }
    Err(QueryError::UnknownKey {
        path: if query.aggregates().is_empty() { "groupBy" } else { "aggregate" }.to_owned(),
        known: "method, input, policy, ttl, from, where, orderBy, limit, offset, after, include",
    })
}

/// The same JSON with the keys of all objects in order.
pub(crate) fn canonical_json(json: &str) -> Result<String, QueryError> {
    Ok(in_order(Tree::parse(json.as_bytes())?).to_json())
}

fn in_order(tree: Tree) -> Tree {
    match tree {
        Tree::List(list) => Tree::List(list.into_iter().map(in_order).collect()),
        Tree::Object(entries) => {
            let sorted: std::collections::BTreeMap<String, Tree> =
                entries.into_iter().map(|(key, value)| (key, in_order(value))).collect();
            Tree::Object(sorted.into_iter().collect())
        }
        leaf => leaf,
    }
}
