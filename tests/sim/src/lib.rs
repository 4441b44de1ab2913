//! Several caches and a backend in one deterministic world: the real core with drivers that keep its rules, a model of the engine, and
//! between them a network, disks and clocks of which nothing can be relied on. A number, the seed, decides everything that happens.
//!
//! `LARDER_SIMULATION_SEEDS=1000000 cargo test -p larder-simulator --release` runs that many seeds instead of the usual few, and
//! `LARDER_SIMULATION_SEED=7` only that one. A seed that fails is made smaller first: what is printed is the shortest story that still
//! goes wrong.
#![cfg(test)]

#[path = "../../../core/tests/it/disk.rs"]
#[allow(dead_code, reason = "the core's tests need more of it")]
mod disk;
#[path = "../../../core/tests/it/host.rs"]
#[allow(dead_code, reason = "the core's tests need more of it")]
mod host;
#[path = "../../../engine/src/sync/simulation/random.rs"]
#[allow(dead_code, reason = "the engine's simulation needs more of it")]
mod random;

mod rows;

mod edit;
mod plan;
mod swarm;

mod engine;
mod subscription;

mod client;
mod image;
mod made;
mod queries;

mod perform;
mod wire;
mod world;

mod check;
mod outcome;

mod bug;
mod shrink;

mod seeds;
