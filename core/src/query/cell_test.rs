//! Tests that need no more of a field than its value.

use super::ast::{Comparison, PathRelation, Test, TextMatch, TextPlace};
use super::path_text::{is_child_of, is_under};
use super::scalar::{Bound, Scalar, compare_numbers};
use super::text_match;
use super::value::Value;
use std::cmp::Ordering;

impl Test {
    /// Does the value pass? `None` if the test looks into arrays (`contains`, `some`, `every`, `none`), of which a value knows
    /// only that it is one.
    #[inline]
    pub fn passes(&self, value: &Value<'_>) -> Option<bool> {
        Some(match self {
            Self::Eq(scalar) => value.equals(scalar),
            Self::Ne(scalar) => !value.equals(scalar),
            // Sorted in normal form; a handful is faster to walk than to search.
            Self::In(scalars) => scalars.iter().any(|scalar| value.equals(scalar)),
            Self::Compare(comparison, bound) => {
                bound.compare(value).is_some_and(|order| comparison.allows(order))
            }
            Self::Text(wanted) => match value {
                Value::Text(text) => wanted.is_in(text),
                _ => false,
            },
            Self::Path(relation, folder) => match (value, relation) {
                (Value::Text(path), PathRelation::Under) => is_under(path, folder),
                (Value::Text(path), PathRelation::ChildOf) => is_child_of(path, folder),
                _ => false,
            },
            Self::Contains(_) | Self::Elements(..) => return None,
        })
    }
}

impl Bound {
    /// Where a value is from this bound; `None` if it is of another type.
    #[inline]
    pub(crate) fn compare(&self, value: &Value<'_>) -> Option<Ordering> {
        match (value, self.scalar()) {
            (Value::Number(a), Scalar::Number(b)) => Some(compare_numbers(*a, *b)),
            (Value::Text(a), Scalar::Text(b)) => Some(a.as_ref().cmp(b.as_str())),
            _ => None,
        }
    }
}

impl Comparison {
    /// Is a value that is so from the bound on the right side of it?
    #[inline]
    pub(crate) fn allows(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl TextMatch {
    /// Is the wanted text where it must be?
    #[inline]
    pub fn is_in(&self, text: &str) -> bool {
        match (self.place, self.ignore_case) {
            (TextPlace::Start, false) => text.starts_with(&self.text),
            (TextPlace::Anywhere, false) => text.contains(&self.text),
            (TextPlace::Start, true) => text_match::starts_with_lowercase(text, &self.text),
            (TextPlace::Anywhere, true) => text_match::includes_lowercase(text, &self.text),
        }
    }
}
