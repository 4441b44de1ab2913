//! What a query says about which rows it wants.

use super::field_path::FieldPath;
use super::scalar::{Bound, Scalar};
use super::word_match::WordMatch;

/// A condition on a row, or on an element of an array.
///
/// The filter of a [`Query`](super::Query) is normalised: no `And` directly in an `And`, no `Or` directly in an `Or`, none
/// with a single part, parts sorted and unique.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Filter {
    /// All must hold; an empty list holds.
    And(Vec<Filter>),
    /// One must hold; an empty list does not hold.
    Or(Vec<Filter>),
    /// Must not hold.
    Not(Box<Filter>),
    /// A field must pass a test.
    Field {
        /// Which field. In the filter of [`Test::Elements`] it begins at the element.
        path: FieldPath,
        /// What it must pass.
        test: Test,
    },
    /// `match`: words must be found in one or more fields.
    Match(WordMatch),
}

/// What is asked of a field. A missing field, and one inside something that is not an object, is null.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// `eq`: same type and same value. `isNull: true` is this with null.
    Eq(Scalar),
    /// `ne`: not `eq`. `isNull: false` is this with null.
    Ne(Scalar),
    /// `in`: equals one of these. In a normalised filter they are sorted, unique, and not exactly one.
    In(Vec<Scalar>),
    /// `lt`, `lte`, `gt`, `gte`: same type as the bound and on the right side of it; text by its UTF-8 bytes.
    Compare(Comparison, Bound),
    /// `startsWith`, `includes`: a string that has this text there.
    Text(TextMatch),
    /// `under`, `childOf`: a string that is a path below this one.
    Path(PathRelation, String),
    /// `contains`: an array, one element of which equals this.
    Contains(Scalar),
    /// `some`, `every`, `none`: about the elements of an array; anything else counts as an empty array.
    Elements(Quantifier, Box<Filter>),
}

/// The side of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// `lt`
    Less,
    /// `lte`
    LessOrEqual,
    /// `gt`
    Greater,
    /// `gte`
    GreaterOrEqual,
}

/// A text to be found in a string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextMatch {
    /// Where it must be.
    pub place: TextPlace,
    /// What must be there. In a normalised filter that ignores case it is lowercased.
    pub text: String,
    /// `ignoreCase`: both sides are lowercased, char by char, before they are compared.
    pub ignore_case: bool,
}

/// Where in a string a text must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextPlace {
    /// `startsWith`
    Start,
    /// `includes`
    Anywhere,
}

/// How a path lies below another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathRelation {
    /// `under`: below it, at any depth.
    Under,
    /// `childOf`: one segment below it.
    ChildOf,
}

/// How many elements must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantifier {
    /// `some`: at least one.
    Some,
    /// `every`: all; true of an empty array.
    Every,
    /// `none`: not one; true of an empty array.
    None,
}

impl Filter {
    /// Holds for every row.
    pub const fn everything() -> Self {
        Self::And(Vec::new())
    }

    /// Holds for every row, by its form alone.
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::And(parts) if parts.is_empty())
    }

    /// The conditions that must all hold, for a filter of any form.
    pub fn conjuncts(&self) -> &[Filter] {
        match self {
            Self::And(parts) => parts,
            other => std::slice::from_ref(other),
        }
    }

    /// The matches that all rows of a filter of any form have.
    pub fn matches(&self) -> impl Iterator<Item = &WordMatch> {
        self.conjuncts().iter().filter_map(|part| match part {
            Self::Match(found) => Some(found),
            _ => None,
        })
    }

    /// Every field that the filter reads from the row itself (not from elements of arrays), in order, perhaps several times.
    pub fn visit_paths<'a>(&'a self, visit: &mut dyn FnMut(&'a FieldPath)) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.visit_paths(visit)),
            Self::Not(part) => part.visit_paths(visit),
            Self::Field { path, .. } => visit(path),
            Self::Match(found) => found.fields.iter().for_each(visit),
        }
    }
}

impl Test {
    /// The operator's name in JSON.
    pub fn operator(&self) -> &'static str {
        match self {
            Self::Eq(_) => "eq",
            Self::Ne(_) => "ne",
            Self::In(_) => "in",
            Self::Compare(Comparison::Less, _) => "lt",
            Self::Compare(Comparison::LessOrEqual, _) => "lte",
            Self::Compare(Comparison::Greater, _) => "gt",
            Self::Compare(Comparison::GreaterOrEqual, _) => "gte",
            Self::Text(TextMatch { place: TextPlace::Start, .. }) => "startsWith",
            Self::Text(TextMatch { place: TextPlace::Anywhere, .. }) => "includes",
            Self::Path(PathRelation::Under, _) => "under",
            Self::Path(PathRelation::ChildOf, _) => "childOf",
            Self::Contains(_) => "contains",
            Self::Elements(Quantifier::Some, _) => "some",
            Self::Elements(Quantifier::Every, _) => "every",
            Self::Elements(Quantifier::None, _) => "none",
        }
    }
}
