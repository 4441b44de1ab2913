//! One error over the families of operations, with a kind that is the same in every language.

use serde::Serialize;

use crate::outbox::MutationError;
use crate::query::QueryError;
use crate::registry::RegistryError;
use crate::wire::EventError;

/// Why a step was refused. The cache is as it was before.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An event or another message from outside.
    #[error("{}{error}", of_event(event.as_deref()))]
    Event {
        /// The event's id, where it could be read.
        event: Option<String>,
        /// What was wrong with it.
        error: EventError,
    },
    /// A query.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A mutation.
    #[error(transparent)]
    Mutation(#[from] MutationError),
    /// A registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The event came while what was stored is being read back, and too many wait already.
    #[error(
        "the cache is still reading back what was stored, and {held} events wait already; apply it again when the status says that the storage is ready"
    )]
    Restoring {
        /// How many events wait.
        held: usize,
    },
    /// There is no mounted query of this id.
    #[error("no query with the id {id} is mounted; it was unmounted before, or belongs to another cache")]
    NotMounted {
        /// The id.
        id: u32,
    },
}

fn of_event(event: Option<&str>) -> String {
    event.filter(|id| !id.is_empty()).map(|id| format!("event `{id}`: ")).unwrap_or_default()
}

impl Error {
    /// A stable name of the error, the same in every language.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Event { error, .. } => error.kind(),
            Self::Query(error) => error.kind(),
            Self::Mutation(error) => error.kind(),
            Self::Registry(error) => error.kind(),
            Self::Restoring { .. } => "cache.restoring",
            Self::NotMounted { .. } => "query.not_mounted",
        }
    }
}

/// An error as host languages see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ErrorInfo {
    /// A stable name of the error, for programs.
    pub kind: String,
    /// What was wrong and what to do, for people.
    pub message: String,
}

impl From<&Error> for ErrorInfo {
    fn from(error: &Error) -> Self {
        Self { kind: error.kind().to_owned(), message: error.to_string() }
    }
}
