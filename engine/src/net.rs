//! How engines on different machines reach each other.
//!
//! ```text
//!  peers ──▶ keeper ──▶ transport ──▶ greeting ──▶ pump ◀──▶ sync::service
//!  who, and   dials      QUIC, each     who, and     frames
//!  where      again      key pinned     which one
//! ```
//!
//! A device is its key. Whoever does not know the key of the other ends the handshake, so a stranger's messages are never read.

mod error;
mod key;

mod transport;

pub(crate) mod frame;
mod quic;
mod tls;

mod lines;
pub(crate) mod memory;

mod peers;

mod backoff;
mod greeting;
mod keeper;
mod live;
mod pump;

pub(crate) use error::NetError;
pub(crate) use keeper::Net;
pub(crate) use key::{DeviceKey, PublicKey};
pub(crate) use lines::{Lines, Visit};
pub(crate) use peers::{Peer, Peers, write_addresses};
pub(crate) use quic::Quic;
#[cfg(test)]
pub(crate) use transport::Streams;
pub(crate) use transport::{Channel, Goodbye, Purpose, Stream, Transport};
