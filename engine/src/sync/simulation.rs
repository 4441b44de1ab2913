//! Several engines in one deterministic world: real databases, in memory; real sessions; a network that loses, repeats, delays and
//! reorders messages, and falls apart; clocks that are wrong. A number, the seed, decides everything that happens.
//!
//! `LARDER_SIMULATION_SEEDS=100000` runs that many seeds instead of the usual few, and `LARDER_SIMULATION_SEED=7` only that one.

mod check;
mod device;
mod network;
mod random;
mod step;
mod world;

use std::ops::Range;

use sea_orm::{EntityTrait, PaginatorTrait};
use world::World;

use crate::database::entity::sync_conflict;

/// Mistakes that are made on purpose, to see whether they are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Of two writes at the same instant, the one that is here stays, whoever made it.
    IgnoreTies,
    /// A change that comes before what it refers to is dropped.
    DropWaiting,
}

/// How many seeds are run unless the environment says otherwise.
const USUAL_SEEDS: u64 = 60;

fn seeds() -> Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match (number("LARDER_SIMULATION_SEED"), number("LARDER_SIMULATION_SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, Some(many)) => 0..many,
        (None, None) => 0..USUAL_SEEDS,
    }
}

/// Lives through a seed and says what is wrong at its end.
fn run(seed: u64, bug: Option<Bug>) -> Result<world::Seen, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(seed, bug).await;
        world.live().await;
        world.heal().await?;
        check::check(&world).await?;
        for device in &world.devices {
            let conflicts = sync_conflict::Entity::find().count(&device.db.reader).await.unwrap();
            world.seen.conflicts += conflicts;
        }
        world.seen.tag_names =
            world.devices[0].tags().await.into_iter().map(|tag| format!("{} {}", tag.id, tag.name)).collect();
        Ok(world.seen)
    })
}

#[test]
fn whatever_happens_all_devices_end_up_with_the_same_rows_and_nothing_is_lost() {
    let mut seen = world::Seen::default();
    for seed in seeds() {
        match run(seed, None) {
            Ok(more) => seen.add(&more),
            Err(wrong) => panic!("seed {seed}: {wrong}\nLARDER_SIMULATION_SEED={seed} runs it alone"),
        }
    }
    println!("{seen:?}");
    if seeds().count() > 20 {
        seen.assert_that_everything_happened();
    }
}

#[test]
fn a_seed_always_is_the_same_story() {
    assert_eq!(run(3, None).unwrap(), run(3, None).unwrap());
}

fn finds(bug: Bug) {
    let found = (0..500).find_map(|seed| run(seed, Some(bug)).err());
    let found = found.unwrap_or_else(|| panic!("500 seeds did not find {bug:?}"));
    println!("{bug:?}: {found}");
}

#[test]
fn ignoring_ties_of_the_clock_is_found() {
    finds(Bug::IgnoreTies);
}

#[test]
fn dropping_a_change_that_came_too_early_is_found() {
    finds(Bug::DropWaiting);
}
