//! The quick start, run against the real engine, and its documentation.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod document;
mod live;
mod program;
mod site;
