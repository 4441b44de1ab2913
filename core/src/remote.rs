//! Remote queries: methods that the backend answers, each answer kept as a list of entities that stays live.

mod backoff;
mod entry;
mod invalidation;
mod parse;
mod request;
mod response;
mod results;
mod state;
mod stored;
mod watches;

pub(crate) use backoff::retry_ms;
pub(crate) use entry::{Asking, Entry, Failure, Mount};
pub use invalidation::{Invalidation, Scope};
pub(crate) use invalidation::{Notice, path_in};
pub(crate) use parse::{Asked, either as parse_either};
pub use request::{Policy, RemoteQuery};
pub(crate) use response::Response;
pub(crate) use results::Results;
pub use state::{RemoteState, RemoteStatus};
pub(crate) use stored::{REMOTE, Stored, stored_key};
pub(crate) use watches::Watches;
