//! Mutations on their way to the backend, and what they show until they get there.

mod error;
mod mutation;
mod parse;
mod queue;
mod record;
mod request;
mod retry;

pub use error::MutationError;
pub use mutation::{Mutation, MutationState, Operation, PendingMutation, Rejection};
pub(crate) use queue::{LayerChange, LayerOp, Outbox, Removed, Unsent};
pub(crate) use record::Record;
#[doc(hidden)]
pub use request::Request;
pub(crate) use retry::is_transient;
