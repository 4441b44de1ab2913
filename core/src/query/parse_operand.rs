//! The smallest parts of a query's JSON: what a value must be, and the error if it is not.

use std::collections::BTreeSet;

use super::error::QueryError;
use super::place::Place;
use super::scalar::{Bound, Scalar};
use super::tree::Tree;

pub(crate) fn wrong(place: &Place<'_>, expected: &'static str, found: &'static str) -> QueryError {
    let path = place.to_string();
    let path = if path.is_empty() { "the query".to_owned() } else { path };
    QueryError::WrongType { path, expected, found }
}

/// The entries of an object, each key once.
pub(crate) fn entries(
    tree: Tree,
    place: &Place<'_>,
    expected: &'static str,
) -> Result<Vec<(String, Tree)>, QueryError> {
    let Tree::Object(entries) = tree else { return Err(wrong(place, expected, tree.describe())) };
    match repeated_key(&entries) {
        Some(key) => Err(QueryError::DuplicateKey { path: place.key(key).to_string() }),
        None => Ok(entries),
    }
}

fn repeated_key(entries: &[(String, Tree)]) -> Option<&str> {
    const FEW: usize = 16;
    if entries.len() <= FEW {
        let repeats = |(index, (key, _)): &(usize, &(String, Tree))| {
            entries.iter().take(*index).any(|(other, _)| other == key)
        };
        return entries.iter().enumerate().find(repeats).map(|(_, (key, _))| key.as_str());
    }
    let mut seen = BTreeSet::new();
    entries.iter().map(|(key, _)| key.as_str()).find(|key| !seen.insert(*key))
}

pub(crate) fn list(tree: Tree, place: &Place<'_>, expected: &'static str) -> Result<Vec<Tree>, QueryError> {
    match tree {
        Tree::List(list) => Ok(list),
        other => Err(wrong(place, expected, other.describe())),
    }
}

pub(crate) fn text(tree: Tree, place: &Place<'_>) -> Result<String, QueryError> {
    match tree {
        Tree::Text(text) => Ok(text),
        other => Err(wrong(place, "a string", other.describe())),
    }
}

pub(crate) fn boolean(tree: Tree, place: &Place<'_>) -> Result<bool, QueryError> {
    match tree {
        Tree::Bool(value) => Ok(value),
        other => Err(wrong(place, "true or false", other.describe())),
    }
}

pub(crate) fn scalar(tree: Tree, place: &Place<'_>, expected: &'static str) -> Result<Scalar, QueryError> {
    match tree {
        Tree::Null => Ok(Scalar::Null),
        Tree::Bool(value) => Ok(Scalar::Bool(value)),
        Tree::Number(value) => Ok(Scalar::Number(value)),
        Tree::Text(text) => Ok(Scalar::Text(text)),
        other => Err(wrong(place, expected, other.describe())),
    }
}

pub(crate) fn scalars(tree: Tree, place: &Place<'_>) -> Result<Vec<Scalar>, QueryError> {
    list(tree, place, "an array of scalars")?
        .into_iter()
        .enumerate()
        .map(|(index, tree)| scalar(tree, &place.index(index), "a scalar (string, number, boolean or null)"))
        .collect()
}

pub(crate) fn bound(tree: Tree, place: &Place<'_>) -> Result<Bound, QueryError> {
    let expected = "a number or a string; nothing else has an order";
    let found = tree.describe();
    Bound::new(scalar(tree, place, expected)?).ok_or_else(|| wrong(place, expected, found))
}

/// A count. Counts beyond `u32` mean "all", as no result is that long.
pub(crate) fn count(tree: Tree, place: &Place<'_>) -> Result<u32, QueryError> {
    match tree {
        Tree::Number(value) if value >= 0.0 && value.fract() == 0.0 => Ok(value as u32),
        Tree::Number(_) => Err(wrong(place, "a whole number from 0", "another number")),
        other => {
            Err(wrong(place, "a whole number from 0 (leave the key out if there is none)", other.describe()))
        }
    }
}
