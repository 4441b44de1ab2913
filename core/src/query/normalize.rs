//! Brings a filter into the one form that all filters of the same meaning-by-structure share, and checks its size.

use super::ast::{Filter, Test, TextMatch};
use super::error::QueryError;
use super::field_path::FieldPath;
use super::fold::fold;
use super::parse::RESERVED;
use super::scalar::Scalar;
use super::word_match::{MAX_MATCH_FIELDS, MAX_WORDS, WordMatch};
use crate::order_of::sort_and_dedup;

/// How deep conditions may be nested.
pub const MAX_FILTER_DEPTH: usize = 32;
/// How many conditions a filter may have.
pub const MAX_CONDITIONS: usize = 1_000;
/// How many values the `in` lists of a filter may have together.
pub const MAX_LIST_VALUES: usize = 10_000;
/// Deeper than any filter from JSON can be; keeps hand-made ones from using up the stack.
const MAX_RECURSION: usize = 200;

/// The normal form (see [`Filter`]).
pub(crate) fn normalize(filter: Filter) -> Result<Filter, QueryError> {
    let filter = rewrite(filter, 0)?;
    let mut size = Size::default();
    size.add(&filter, 1);
    if size.depth > MAX_FILTER_DEPTH {
        return Err(QueryError::TooDeep { limit: MAX_FILTER_DEPTH });
    }
    if size.conditions > MAX_CONDITIONS {
        return Err(QueryError::TooLarge { parts: "conditions", limit: MAX_CONDITIONS });
    }
    if size.words > MAX_WORDS {
        return Err(QueryError::TooLarge { parts: "words to match", limit: MAX_WORDS });
    }
    if size.list_values > MAX_LIST_VALUES {
        return Err(QueryError::TooLarge { parts: "values in `in` lists", limit: MAX_LIST_VALUES });
    }
    Ok(filter)
}

fn rewrite(filter: Filter, level: usize) -> Result<Filter, QueryError> {
    if level > MAX_RECURSION {
        return Err(QueryError::TooDeep { limit: MAX_FILTER_DEPTH });
    }
    match filter {
        Filter::And(parts) => {
            let parts = rewrite_all(parts, level, |part| match part {
                Filter::And(parts) => Ok(parts),
                other => Err(other),
            })?;
            Ok(only(parts).unwrap_or_else(Filter::And))
        }
        Filter::Or(parts) => {
            let parts = rewrite_all(parts, level, |part| match part {
                Filter::Or(parts) => Ok(parts),
                other => Err(other),
            })?;
            Ok(only(parts).unwrap_or_else(Filter::Or))
        }
        Filter::Not(part) => Ok(Filter::Not(Box::new(rewrite(*part, level + 1)?))),
        Filter::Field { path, test } => {
            check_path(&path)?;
            let test = rewrite_test(test, level, || path.to_string())?;
            Ok(Filter::Field { path, test })
        }
        Filter::Match(found) => rewrite_match(found).map(Filter::Match),
    }
}

fn check_path(path: &FieldPath) -> Result<(), QueryError> {
    let wrong = |reason| Err(QueryError::InvalidFieldPath { path: path.to_string(), reason });
    if !path.is_valid() {
        return wrong("a part of the field's path is empty; write it as `field` or `outer.inner`");
    }
    if path.single().is_some_and(|name| RESERVED.contains(&name)) {
        return wrong("the words and, or, not cannot name a field in a filter");
    }
    Ok(())
}

/// Words folded and in order; fields each once.
fn rewrite_match(found: WordMatch) -> Result<WordMatch, QueryError> {
    let mut fields = Vec::new();
    for path in found.fields {
        check_path(&path)?;
        if !fields.contains(&path) {
            fields.push(path);
        }
    }
    if fields.is_empty() {
        let remedy = "name at least one field for the words to be in";
        return Err(QueryError::Missing { path: "match.fields".to_owned(), remedy });
    }
    if fields.len() > MAX_MATCH_FIELDS {
        return Err(QueryError::TooLarge { parts: "fields in a `match`", limit: MAX_MATCH_FIELDS });
    }
    let text = fold(&found.text);
    let mut words: Vec<&str> = text.split(' ').collect();
    sort_and_dedup(&mut words);
    Ok(WordMatch { fields, text: words.join(" ") })
}

/// Rewrites parts, takes up the parts of parts that are of the same kind, sorts, and drops what is there twice.
fn rewrite_all(
    parts: Vec<Filter>,
    level: usize,
    inline: impl Fn(Filter) -> Result<Vec<Filter>, Filter>,
) -> Result<Vec<Filter>, QueryError> {
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        match inline(rewrite(part, level + 1)?) {
            Ok(inner) => all.extend(inner),
            Err(part) => all.push(part),
        }
    }
    sort_and_dedup(&mut all);
    Ok(all)
}

/// The only part, or all of them.
fn only(mut parts: Vec<Filter>) -> Result<Filter, Vec<Filter>> {
    match parts.pop() {
        Some(part) if parts.is_empty() => Ok(part),
        Some(part) => {
            parts.push(part);
            Err(parts)
        }
        None => Err(parts),
    }
}

fn rewrite_test(test: Test, level: usize, field: impl Fn() -> String) -> Result<Test, QueryError> {
    let finite = |scalar: &Scalar| match scalar {
        Scalar::Number(value) if !value.is_finite() => Err(QueryError::NotFinite { path: field() }),
        _ => Ok(()),
    };
    match test {
        Test::Eq(ref scalar) | Test::Ne(ref scalar) | Test::Contains(ref scalar) => {
            finite(scalar).map(|()| test)
        }
        Test::Compare(_, ref bound) => finite(bound.scalar()).map(|()| test),
        Test::In(mut scalars) => {
            scalars.iter().try_for_each(finite)?;
            sort_and_dedup(&mut scalars);
            Ok(match scalars.pop() {
                Some(scalar) if scalars.is_empty() => Test::Eq(scalar),
                Some(scalar) => {
                    scalars.push(scalar);
                    Test::In(scalars)
                }
                None => Test::In(scalars),
            })
        }
        Test::Text(TextMatch { place, text, ignore_case: true }) => {
            let text = text.chars().flat_map(char::to_lowercase).collect();
            Ok(Test::Text(TextMatch { place, text, ignore_case: true }))
        }
        Test::Text(_) | Test::Path(..) => Ok(test),
        Test::Elements(count, filter) => Ok(Test::Elements(count, Box::new(rewrite(*filter, level + 1)?))),
    }
}

#[derive(Default)]
struct Size {
    depth: usize,
    conditions: usize,
    list_values: usize,
    words: usize,
}

impl Size {
    fn add(&mut self, filter: &Filter, level: usize) {
        self.depth = self.depth.max(level);
        self.conditions += 1;
        match filter {
            Filter::And(parts) | Filter::Or(parts) => parts.iter().for_each(|part| self.add(part, level + 1)),
            Filter::Not(part) => self.add(part, level + 1),
            Filter::Field { test: Test::Elements(_, filter), .. } => self.add(filter, level + 1),
            Filter::Field { test: Test::In(scalars), .. } => self.list_values += scalars.len(),
            Filter::Field { .. } => {}
            Filter::Match(found) => self.words += found.words().count(),
        }
    }
}
