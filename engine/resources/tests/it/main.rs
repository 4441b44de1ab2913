//! The resource types as their JSON and their registry show them.

// All of this binary is tests, so a panic is how it speaks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod registry;
mod wire;
