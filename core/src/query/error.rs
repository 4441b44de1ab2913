//! What can be wrong with a query.

/// Why a query was refused.
///
/// `path` is the place in the query's JSON, such as `where.size.gt`; for queries made with the builder it begins at the
/// field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The text is not JSON.
    #[error("the query is not JSON: {message}")]
    MalformedJson {
        /// What the JSON reader found, and where.
        message: String,
    },
    /// A key that queries do not have.
    #[error("`{path}` is not known here; the keys are {known}")]
    UnknownKey {
        /// Where the key is.
        path: String,
        /// The keys that may be there.
        known: &'static str,
    },
    /// A field is tested with an operator that does not exist.
    #[error("`{path}` is not an operator; the operators are {known}")]
    UnknownOperator {
        /// Where the operator is.
        path: String,
        /// The operators there are.
        known: &'static str,
    },
    /// A key occurs twice in one object.
    #[error("`{path}` is there twice; put the second condition into `and`")]
    DuplicateKey {
        /// Where the key is.
        path: String,
    },
    /// Something that must be there is not.
    #[error("`{path}` is missing; {remedy}")]
    Missing {
        /// Where it should be.
        path: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A value has the wrong type.
    #[error("`{path}` must be {expected}, not {found}")]
    WrongType {
        /// Where the value is.
        path: String,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A path to a field has an empty part, or is a word that has a meaning of its own.
    #[error("`{path}`: {reason}")]
    InvalidFieldPath {
        /// Where the path to the field is.
        path: String,
        /// What is wrong with it, and what to do.
        reason: &'static str,
    },
    /// A modifier without the operator that it modifies.
    #[error("`{path}` modifies `startsWith` or `includes`, and neither is beside it; add one or take it out")]
    LoneModifier {
        /// Where the modifier is.
        path: String,
    },
    /// Rows are to be ordered by relevance, and nothing says what is relevant.
    #[error(
        "`orderBy` asks for relevance, and `where` has no `match` outside of `or` and `not`; add one or take it out"
    )]
    NothingToRank,
    /// A number that JSON cannot carry.
    #[error("`{path}` is compared with a number that is not finite; use `isNull` or a finite number")]
    NotFinite {
        /// The field.
        path: String,
    },
    /// The conditions are nested too deep.
    #[error("the conditions are nested deeper than {limit}; flatten them")]
    TooDeep {
        /// How many levels are allowed.
        limit: usize,
    },
    /// The query has too many parts.
    #[error("the query has more than {limit} {parts}; narrow it, or filter by a field that says the same")]
    TooLarge {
        /// What there are too many of.
        parts: &'static str,
        /// How many are allowed.
        limit: usize,
    },
    /// `from` names a type that is not declared, and the registry refuses such types.
    #[error("`from` is `{resource_type}`, which is not declared; add it to the registry or correct the name")]
    UnknownType {
        /// The type.
        resource_type: String,
    },
    /// `include` names a relation that the type does not have.
    #[error("`{path}` is not a relation of `{resource_type}`; {known}")]
    UnknownRelation {
        /// Where the relation is named.
        path: String,
        /// The type.
        resource_type: String,
        /// The relations there are.
        known: String,
    },
    /// A relation to one resource is filtered, ordered or limited.
    #[error("`{path}` leads to one `{resource_type}`; `true` and `include` are all that fits there")]
    IncludesOne {
        /// Where the relation is named.
        path: String,
        /// The type it leads to.
        resource_type: String,
    },
    /// Includes are nested too deep.
    #[error("includes are nested deeper than {limit}; mount a query of its own for what lies below")]
    IncludeTooDeep {
        /// How many levels are allowed.
        limit: usize,
    },
    /// Something that groups do not have.
    #[error("`{path}` does not go with `groupBy`; {remedy}")]
    NotWithGroups {
        /// The key.
        path: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// `after` does not fit `orderBy`.
    #[error(
        "`after.values` has {found} values and `orderBy` has {expected} keys; give one value for each key, in order"
    )]
    CursorMismatch {
        /// How many keys `orderBy` has.
        expected: usize,
        /// How many values the cursor has.
        found: usize,
    },
}

impl QueryError {
    pub(crate) fn no_cursor_of_groups() -> Self {
        Self::NotWithGroups { path: "after", remedy: "take `offset` and `limit` for a part of the groups" }
    }

    /// A name for the kind of error that never changes, such as `query.unknown_operator`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::MalformedJson { .. } => "query.malformed_json",
            Self::UnknownKey { .. } => "query.unknown_key",
            Self::UnknownOperator { .. } => "query.unknown_operator",
            Self::DuplicateKey { .. } => "query.duplicate_key",
            Self::Missing { .. } => "query.missing",
            Self::WrongType { .. } => "query.wrong_type",
            Self::InvalidFieldPath { .. } => "query.invalid_field_path",
            Self::LoneModifier { .. } => "query.lone_modifier",
            Self::NothingToRank => "query.nothing_to_rank",
            Self::NotFinite { .. } => "query.not_finite",
            Self::TooDeep { .. } => "query.too_deep",
            Self::TooLarge { .. } => "query.too_large",
            Self::UnknownType { .. } => "query.unknown_type",
            Self::UnknownRelation { .. } => "query.unknown_relation",
            Self::IncludesOne { .. } => "query.includes_one",
            Self::IncludeTooDeep { .. } => "query.include_too_deep",
            Self::NotWithGroups { .. } => "query.not_with_groups",
            Self::CursorMismatch { .. } => "query.cursor_mismatch",
        }
    }
}
