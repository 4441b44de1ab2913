//! Several engines in one deterministic world: real databases, in memory; real sessions; a network that loses, repeats, delays and
//! reorders messages, and falls apart; clocks that are wrong. A number, the seed, decides everything that happens.
//!
//! `LARDER_SIMULATION_SEEDS=100000` runs that many seeds instead of the usual few, `LARDER_SIMULATION_SEEDS=2000..100000` those that come
//! after others, and `LARDER_SIMULATION_SEED=7` only that one.

mod cases;
mod check;
mod device;
mod network;
mod random;
mod selection;
mod step;
mod terms;
mod world;

use std::ops::Range;
use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

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
    /// Of an album, the whole row is written that came last.
    ForgetFields,
    /// A row of another device's that is sent again after its owner forgot what it removed is believed to be there without that.
    BelieveDoubted,
    /// What a leader sends counts although another one leads, and so does a place in its log.
    AcceptStaleEpoch,
    /// A folder that moves takes nothing with it in the table of what is in what.
    MoveAlone,
}

/// How many seeds are run unless the environment says otherwise.
const USUAL_SEEDS: u64 = 60;

fn seeds() -> Range<u64> {
    let number =
        |text: &str| text.parse::<u64>().expect("a number of seeds, or two of them as in 2000..4000");
    if let Ok(seed) = std::env::var("LARDER_SIMULATION_SEED") {
        return number(&seed)..number(&seed) + 1;
    }
    match std::env::var("LARDER_SIMULATION_SEEDS") {
        Ok(seeds) => match seeds.split_once("..") {
            Some((first, end)) => number(first)..number(end),
            None => 0..number(&seeds),
        },
        Err(_) => 0..USUAL_SEEDS,
    }
}

/// Lives through a seed and says what is wrong at its end.
fn run(seed: u64, bug: Option<Bug>) -> Result<world::Seen, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(seed, bug).await;
        world.live().await;
        let healed = world.heal().await;
        world.wrong.take().map_or(Ok(()), Err)?;
        healed?;
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

/// Lives through many seeds, as many at a time as there are processors. What is wrong is said of the first that was found.
fn run_all(seeds: Range<u64>) -> Result<world::Seen, String> {
    let (next, wrong) = (AtomicU64::new(seeds.start), Mutex::new(None));
    let seen = Mutex::new(world::Seen::default());
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    thread::scope(|scope| {
        let (next, wrong, seen) = (&next, &wrong, &seen);
        for core in cores.iter().map(Some).chain(cores.is_empty().then_some(None)) {
            scope.spawn(move || {
                // Its databases have threads of their own, for which it always waits: to wake them on another processor costs more than it gains.
                if let Some(core) = core {
                    core_affinity::set_for_current(*core);
                }
                while wrong.lock().unwrap().is_none() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    match catch_unwind(|| run(seed, None)).unwrap_or_else(|_| Err("it panics".to_owned())) {
                        Ok(more) => seen.lock().unwrap().add(&more),
                        Err(why) => {
                            let how =
                                format!("seed {seed}: {why}\nLARDER_SIMULATION_SEED={seed} runs it alone");
                            wrong.lock().unwrap().get_or_insert(how);
                        }
                    }
                }
            });
        }
    });
    wrong.into_inner().unwrap().map_or_else(|| Ok(seen.into_inner().unwrap()), Err)
}

#[test]
fn whatever_happens_all_devices_end_up_with_the_same_rows_and_nothing_is_lost() {
    let seen = run_all(seeds()).unwrap_or_else(|wrong| panic!("{wrong}"));
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
fn writing_fields_that_nobody_changed_is_found() {
    finds(Bug::ForgetFields);
}

#[test]
fn believing_in_rows_that_are_gone_for_long_is_found() {
    finds(Bug::BelieveDoubted);
}

#[test]
fn a_folder_that_moves_without_what_is_in_it_is_found() {
    finds(Bug::MoveAlone);
}

#[test]
fn accepting_a_stale_epoch_is_found() {
    finds(Bug::AcceptStaleEpoch);
}

#[test]
fn dropping_a_change_that_came_too_early_is_found() {
    finds(Bug::DropWaiting);
}
