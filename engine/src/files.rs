//! Files of other devices: asking their owner to do something with them, and fetching what is in them.
//!
//! ```text
//!  action ──▶ ask ──▶ a stream for each question ──▶ host ──▶ action, disk
//!                                                    │ of the owner
//!  copies ──▶ pull ──▶ manifest, chunks ◀────────────┘
//!  table      verified, beside the goal
//! ```
//!
//! None of it is part of the conversations that keep the rows the same: each question has a stream of its own, so that a large file holds up
//! nothing. What becomes of the rows, the watcher of the owner says, as with any other change of the disk.

mod folder;
mod manifest;
mod message;

mod ask;
mod host;

mod copies;
mod elsewhere;
mod part;
mod progress;
mod pull;

#[cfg(test)]
mod tests;

pub(crate) use ask::{AskError, ask};
pub(crate) use copies::{Copies, copies};
pub(crate) use elsewhere::Elsewhere;
pub(crate) use folder::{delete, entry, make};
pub(crate) use host::{Host, host};
pub(crate) use message::Request;
pub(crate) use part::Room;
pub(crate) use progress::Progress;
pub(crate) use pull::numbered;
