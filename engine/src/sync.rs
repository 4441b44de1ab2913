//! Several engines that hold one library together.
//!
//! ```text
//!  transaction ──▶ journal ──▶ marks, owned, changes ──▶ outgoing ──▶ message ──▶ another engine
//!      ▲           what this    tables                   what a peer                   │
//!      │           engine did                            does not have                 ▼
//!      └──────────────────────────────────────────────── incoming ◀──────────────── session
//! ```
//!
//! Every device numbers what it does: the rows that it owns, one stream per model, and its changes to shared rows, one stream
//! in the order of its hybrid logical clock. A mark says up to where a stream is here, without a gap. Two engines tell each other
//! their marks and send what the other does not have, of any device, so that changes also go from one to a third that the first
//! never meets. A mark moves in the database transaction that writes what it covers.

mod model;
mod registry;
mod table;

mod hlc;
mod marks;
mod replica;

mod change;
mod choose;
mod records;
mod rows;

mod backfill;
mod coalesce;
mod fetch;
mod keep;
mod kept;
mod leader;
mod message;
mod outgoing;
mod peer;
mod prune;
mod select;
mod service;
mod session;
mod standing;

#[cfg(test)]
pub(crate) mod simulation;

pub(crate) use change::SharedChange;
pub(crate) use fetch::forget as forget_fetch;
pub(crate) use kept::Kept;
pub(crate) use leader::State as LeaderState;
pub use leader::{LeadError, Leadership};
pub(crate) use marks::Positions;
pub(crate) use message::MAX_BYTES;
pub(crate) use model::{Domain, Merge, ModelInfo, Payload, Reference, Shows, Strategy, Syncable, field};
pub(crate) use prune::{kept_for_peers, plan};
#[cfg(test)]
pub(crate) use records::Dots;
pub(crate) use records::{Doing, Incoming, Receipt, Records, Shown};
pub(crate) use replica::Replica;
pub(crate) use rows::{Flag, key, next};
pub(crate) use select::{Needed, models as unwanted_models, unwanted};
pub(crate) use service::{Link, service};
pub(crate) use session::Session;
pub(crate) use standing::Standing;
