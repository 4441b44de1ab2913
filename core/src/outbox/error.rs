//! What can be wrong with a mutation.

/// Why a mutation was not taken. The cache is as it was before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MutationError {
    /// The mutation is not JSON of the right shape.
    #[error("the mutation could not be read: {message}; see `Mutation` for its shape")]
    Malformed {
        /// What the parser said.
        message: String,
    },
    /// The id is empty.
    #[error("the mutation `{name}` has an empty id; use a UUID, so that a retry is recognised")]
    EmptyId {
        /// Which action.
        name: String,
    },
    /// A mutation with this id is pending.
    #[error("a mutation with the id `{id}` is pending already; every mutation needs an id of its own")]
    DuplicateId {
        /// The id.
        id: String,
    },
    /// An optimistic operation cannot be carried out.
    #[error("optimistic[{index}]: {reason}")]
    BadOperation {
        /// Which operation, from 0.
        index: usize,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The mutation is not held.
    #[error(
        "the mutation `{id}` is not held, so there is nothing to retry; those that are have the state `held` in `pending`"
    )]
    NotHeld {
        /// The id.
        id: String,
    },
    /// The mutation has been sent.
    #[error("the mutation `{id}` has been sent and may have been carried out; undo it with another mutation")]
    Sent {
        /// The id.
        id: String,
    },
    /// There is no pending mutation with this id.
    #[error("no mutation with the id `{id}` is pending; it was settled before, or never made here")]
    NotPending {
        /// The id.
        id: String,
    },
}

impl MutationError {
    /// A stable name of the error, the same in every language.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "mutation.malformed",
            Self::EmptyId { .. } => "mutation.empty_id",
            Self::DuplicateId { .. } => "mutation.duplicate_id",
            Self::BadOperation { .. } => "mutation.bad_operation",
            Self::NotHeld { .. } => "mutation.not_held",
            Self::Sent { .. } => "mutation.sent",
            Self::NotPending { .. } => "mutation.not_pending",
        }
    }
}
