//! Behaviour through the public API.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod album;
mod files;
mod fixture;
mod golden;
mod layout;
mod overrides;
mod refused;
mod sample;
