//! What travels between a backend and a client.

mod event;
mod frame;

pub use event::{Envelope, Event, EventKind, Metadata};
pub use frame::{ClientFrame, PROTOCOL_VERSION, ResyncReason, ServerFrame, Subscribe};
