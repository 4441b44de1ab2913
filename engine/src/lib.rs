//! The reference backend for Larder: it mirrors a real folder into SQLite and streams its changes to clients.
//!
//! ```text
//!  disk ──▶ watch ──▶ index ───────────▶ transaction ──▶ log ──▶ serve ──▶ clients
//!           hints     look, compare      rows + log +    feed    copy or     │
//!                     with the rows      sequence in     and     catch-up,   │
//!                        ▲               one step        table   then live   │
//!                        └── disk ◀── action ◀───────────────────────────────┘
//! ```
//!
//! The tables are the truth about ids, tags and favourites; the disk is the truth about everything else. Whatever changes a
//! table goes through one gateway, which writes the rows, the log and the sequence in one database transaction and publishes
//! the events after it: so a client that has seen every event up to a sequence knows what the tables held then.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use larder_engine::{Config, Engine};
//! let engine = Engine::open(Config::new("/home/me/Pictures")).await?;
//! let listener = engine.listen(None).await?;
//! println!("http://{}/?token={}", listener.local_addr()?, engine.token());
//! engine.serve(listener).await?;
//! # Ok(())
//! # }
//! ```

mod config;
mod error;
mod services;
mod time;

mod database;
mod resource;

mod net;
mod pair;
mod sync;

mod event;
mod log;
mod transaction;

mod jobs;

mod index;
mod mirror;
mod upkeep;
mod watch;

mod action;
mod devices;
mod files;

mod address;
mod serve;

mod engine;

pub use config::{Config, ConnectionLimits, DeviceOptions, LogLimits, WatchTimes};
pub use database::Passphrase;
pub use engine::{Conflict, Engine, FileCopy, Keep};
pub use error::{ConflictError, OpenError, ServeError};
pub use pair::{Invitation, Joined, PairError, Refused, Stage};
pub use services::{ServiceState, ServiceStatus};
pub use sync::{LeadError, Leadership};
