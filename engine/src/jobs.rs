//! What the engine works at for a while, told to clients as it goes on, and not forgotten over a restart.
//!
//! ```text
//!  owner ──▶ job ──▶ book ──────▶ writer ──▶ transaction ──▶ the table, `job` rows and `Job…` events
//!  works     counts  in memory    a few times a second
//! ```
//!
//! Whoever does the work begins a job, counts, and ends it; nothing of that waits for the disk. What is in the way of the work itself, such as
//! how far it has come, its owner keeps with what it covers: the job only says so.

mod book;
mod writer;

pub(crate) use book::{About, Job, Jobs};
pub(crate) use writer::write;
