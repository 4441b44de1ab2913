//! What travels between a backend and a client.

pub(crate) mod decode;
pub(crate) mod embedded;
mod envelope;
mod error;
mod event;
pub(crate) mod fields;
mod frame;
mod frame_read;
mod limits;
mod query_response;
mod registry_read;
pub(crate) mod tagged;

pub(crate) use envelope::raw;
pub use error::EventError;
pub use event::{Envelope, Event, EventKind, Metadata};
pub use frame::{ClientFrame, PROTOCOL_VERSION, ResyncReason, ServerFrame, Subscribe};
pub use limits::Limits;
pub use query_response::{CacheMetadata, InvalidationRules, PathScope, QueryMeta, QueryResponse};
