//! Larder: a client-side normalized cache with one Rust core, driven by a stream of resource events.
//!
//! ```text
//!            bytes in                                                      objects out
//! socket ──▶ wire ──▶ registry ──▶ store ──▶ live ──▶ patch ──▶ the host's mirror
//!            decode   which types  base rows  queries   one per
//!                     there are    + layers   kept      step
//!                                     ▲       current
//!            mutate ──▶ outbox ───────┘
//! ```
//!
//! The crate is sans-I/O: no sockets, clocks, threads, files or randomness. A [`Cache`] is a state machine: each method is one
//! step, takes bytes or a time, and returns a [`Step`] with what is to be delivered: a [`Patch`] for the host's objects and
//! [`Effect`]s for the driver. So it runs the same in a browser, on a phone and in a test.
//!
//! - Resource types are data in a [`Registry`]; nothing else knows any type by name. With the feature `derive`, a struct is
//!   such a declaration: `#[derive(Resource)]`, and [`registry!`] puts them together.
//! - Events of both dialects of PROTOCOL.md go in through [`Cache::apply`], or frames through [`Cache::receive`].
//! - A [`query::Query`] is data too, and is kept current from [`Cache::mount`] on.
//! - A [`outbox::Mutation`] is visible at once and taken back if it is refused.

mod bytes;
mod json;
mod order_of;

pub mod wire;

pub mod registry;

mod store;

pub mod query;

mod live;

pub mod outbox;

mod sync;

pub mod persist;

mod patch;

pub mod remote;

mod evict;

mod cache;
mod config;
mod error;
mod step;

pub use cache::{Cache, QueryId};
pub use config::{Config, RowEncoding};
pub use error::{Error, ErrorInfo};
pub use evict::MemoryConfig;
#[cfg(feature = "derive")]
pub use larder_derive::Resource;
pub use patch::{PATCH_VERSION, Patch};
pub use registry::{Registry, Resource};
pub use step::{
    Applied, ColumnCost, Effect, Explanation, IndexCost, Input, Stats, Status, Step, StorageState, TypeStats,
};
pub use sync::{Cursor, Phase};
