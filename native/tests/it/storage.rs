//! The storage backends: the suite of `tests/storage`, and what each of them promises beyond it.

#![expect(clippy::expect_used, clippy::panic, reason = "a test ends where something is not as it should be")]

mod backends;
mod client;
mod conformance;
mod encryption;
mod kill;
