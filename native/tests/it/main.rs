//! The client through its public API, against the real engine where a backend is needed.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod aggregates;
mod alone;
mod busy;
mod gaps;
mod includes;
mod line;
mod offline;
mod online;
mod remote;
mod sink;
mod site;
mod storage;
mod turns;
