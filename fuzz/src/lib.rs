//! What a fuzzer does to the cache, and what must hold then. Each target is one file; `cargo xtask fuzz` runs them.
//!
//! Whatever comes in, nothing may panic, what is refused must change nothing, and live results must be those of the
//! oracle. The host that takes patches in, the oracle's rows and queries and the storage are those of the core's own tests.

// All of this is tests, so a panic is how it speaks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

/// Of the core's tests: what they are made of, without the tests themselves.
#[path = "../../core/tests/it"]
#[allow(dead_code, unused_imports)]
mod it {
    pub mod agreement;
    pub mod disk;
    pub mod host;
    pub mod includes;
    pub mod oracle;
}
use it::{agreement, disk, host, includes, oracle};

mod agreed;
mod chunks;

pub mod events;
pub mod frames;
pub mod ivm;
pub mod persisted;
pub mod query;
pub mod seeds;
