//! Queries: what they mean, how they are read and written, how values are ordered.

mod aggregates;
mod building;
mod canonical;
mod errors;
mod operators;
mod order;
mod prefixes;
mod text;
mod typescript;
mod windows;
