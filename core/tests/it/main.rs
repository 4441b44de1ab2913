//! Behaviour of the core through its public API.

// All of this binary is tests, so a panic is how it speaks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod disk;
mod host;
mod oracle;

mod agreement;
mod bad_events;
mod embedded;
mod epochs;
mod events;
mod evicted;
mod includes;
mod killed;
mod layers;
mod memory;
mod outbox;
#[cfg(feature = "packed")]
mod packed;
mod persistence;
mod query;
mod remote;
mod resend;
mod row_changes;
mod rubbish;
mod scenarios;
mod stream;
mod words;
mod work;
