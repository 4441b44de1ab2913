//! `#[derive(Resource)]` through what it declares.

// All of this binary is tests, so a panic is how it speaks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod declared;
mod embedding;
mod field_names;
mod indexed;
mod new_type;
mod payload;
mod refused;
mod related;
