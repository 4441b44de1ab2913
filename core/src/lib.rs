//! Larder: a client-side normalized cache driven by a stream of resource events.

pub mod query;
pub mod wire;
