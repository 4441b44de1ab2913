//! What a query says about the order of its rows.

use super::field_path::FieldPath;

/// One key of the order. Rows that are equal by all keys are ordered by their ids.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrderKey {
    /// The field; that of [`Collation::Relevance`] has no segments.
    pub path: FieldPath,
    /// Up or down.
    pub direction: Direction,
    /// Where rows without a value go, whatever the direction.
    pub nulls: Nulls,
    /// How text is compared.
    pub collation: Collation,
}

/// Up or down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `asc`: the smallest first.
    #[default]
    Ascending,
    /// `desc`: the largest first.
    Descending,
}

/// Where null goes. Without a choice it is the smallest value: first if ascending, last if descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nulls {
    /// Before all values.
    First,
    /// After all values.
    Last,
}

/// How text is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Collation {
    /// `byte`: by UTF-8 bytes.
    #[default]
    Byte,
    /// `natural`: as people sort names: without case, and numbers in the text by their value.
    Natural,
    /// `relevance`: not by a field, but by how well a row fits the `match` conditions that stand outside of `or` and `not`.
    ///
    /// Each word counts where it is found best: 2 for every field named before that one, and 1 if it only begins a word
    /// there. The sum is a row's rank, the lowest comes first; it is a number in a [`Cursor`](super::Cursor).
    Relevance,
}

impl OrderKey {
    /// Ascending by this field, null first, text by bytes.
    pub fn ascending(path: FieldPath) -> Self {
        Self::new(path, Direction::Ascending)
    }

    /// Descending by this field, null last, text by bytes.
    pub fn descending(path: FieldPath) -> Self {
        Self::new(path, Direction::Descending)
    }

    /// By relevance, the best first.
    pub(crate) fn relevance() -> Self {
        let key = Self::new(FieldPath::none(), Direction::Ascending);
        Self { collation: Collation::Relevance, ..key }
    }

    pub(crate) fn is_relevance(&self) -> bool {
        self.collation == Collation::Relevance
    }

    pub(crate) fn new(path: FieldPath, direction: Direction) -> Self {
        Self { path, direction, nulls: Nulls::default_for(direction), collation: Collation::Byte }
    }
}

impl Nulls {
    /// Where null goes if the query does not say.
    pub fn default_for(direction: Direction) -> Self {
        match direction {
            Direction::Ascending => Self::First,
            Direction::Descending => Self::Last,
        }
    }
}
