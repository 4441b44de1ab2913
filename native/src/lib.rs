//! Larder for native apps: live queries over a cache that is kept in step with a backend over a WebSocket.
//!
//! ```text
//!  any thread                                                        one thread
//!  Client ──▶ desk ──▶ owner ──▶ larder::Cache ──▶ effects ──────────▶ socket, timer ◀──▶ backend
//!               ▲                     │ patch                             │
//!  LiveQuery ◀──┼── snapshots ◀── mirror, or the host's own              │
//!               └──────────────────── messages, ticks ◀──────────────────┘
//! ```
//!
//! One owner has the cache, and whoever calls when it is free makes the step at once, on the thread that it calls from. When it is
//! not, the call is noted and done by whoever is at it, in order; nobody waits for a lock. A call gives a [`Reply`], which can be
//! awaited on any runtime, or waited for without one. The network and the timer have a thread of their own. Readers need none of
//! this: a [`LiveQuery`] has the newest result at hand.
//!
//! What is cached, when to connect and when to try again is decided by the core, as in every language; this crate owns the
//! socket, the timer and the decoded rows.

mod address;
mod clock;

mod dial;
mod socket;

mod mirror;

mod listening;
mod news;
mod reply;
mod seated;
mod waiting;
mod watched;

mod owner;

mod client;
mod error;
mod live_entity;
mod live_query;
mod mutation;
mod operation;
mod options;
mod remote_query;
mod sink;
pub mod storage;
mod untyped;

pub use client::Client;
pub use error::Error;
pub use listening::Listening;
pub use live_entity::LiveEntity;
pub use live_query::{LiveQuery, QueryResult};
pub use mutation::MutationHandle;
pub use operation::{merge, remove, upsert};
pub use options::ClientOptions;
pub use remote_query::{LiveRemoteQuery, RemoteResult};
pub use reply::Reply;
pub use sink::Sink;
pub use watched::Watched;

pub use larder::{
    Applied, Config, Cursor, ErrorInfo, MemoryConfig, Phase, QueryId, Registry, RowEncoding, Stats, Status,
    StorageState, outbox, query, registry, remote,
};
