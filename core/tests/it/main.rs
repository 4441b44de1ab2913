//! Behaviour of the core through its public API.

mod host;

mod bad_events;
mod events;
mod layers;
mod stream;
mod work;
