//! Many stories, each from a seed.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::bug::Bug;
use crate::outcome::live;
use crate::plan::Step;
use crate::shrink::shrink;
use crate::swarm::plan;
use crate::world::Seen;

/// How many seeds are run unless the environment says otherwise.
const USUAL_SEEDS: u64 = 300;

fn seeds() -> Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match (number("LARDER_SIMULATION_SEED"), number("LARDER_SIMULATION_SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, Some(many)) => 0..many,
        (None, None) => 0..USUAL_SEEDS,
    }
}

/// Lives through the story of a seed, whatever happens in it.
fn run(seed: u64, bug: Option<Bug>) -> Result<Seen, String> {
    live(&plan(seed), bug)
}

/// What is wrong with a seed, and the shortest story in which it is.
fn report(seed: u64, wrong: String, bug: Option<Bug>) -> String {
    let (story, wrong_at_last) = shrink(&plan(seed), wrong.clone(), bug);
    format!(
        "seed {seed}: {wrong}\n\nThe shortest story that goes wrong:\n{story}{wrong_at_last}\n\n\
         LARDER_SIMULATION_SEED={seed} cargo test -p larder-simulator runs it alone"
    )
}

#[test]
fn whatever_happens_nothing_is_lost_or_done_twice_and_all_clients_end_up_with_the_engines_rows() {
    let (next, last) = (AtomicU64::new(seeds().start), seeds().end);
    let work = || {
        let mut seen = Seen::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= last {
                return Ok(seen);
            }
            match run(seed, None) {
                Ok(more) => seen.add(&more),
                Err(wrong) => {
                    next.store(last, Ordering::Relaxed);
                    return Err(report(seed, wrong, None));
                }
            }
        }
    };
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let outcomes: Vec<Result<Seen, String>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let mut seen = Seen::default();
    for outcome in outcomes {
        match outcome {
            Ok(more) => seen.add(&more),
            Err(wrong) => panic!("{wrong}"),
        }
    }
    println!("{} seeds: {seen:#?}", seeds().count());
    if seeds().count() >= 200 {
        seen.assert_that_everything_happened();
    }
}

#[test]
fn a_seed_always_is_the_same_story() {
    for seed in 0..5 {
        assert_eq!(run(seed, None).unwrap(), run(seed, None).unwrap());
    }
}

/// Of so many stories, each batch is once the last that an app wanted stored.
const KILLED_EVERYWHERE: u64 = 12;

#[test]
fn killed_at_each_batch_whether_it_is_written_or_not_nothing_is_lost() {
    let (mut kills, mut story) = (0, 0);
    for seed in 0..KILLED_EVERYWHERE {
        // Without other kills, so that it is this one that matters.
        let mut quiet = plan(seed);
        quiet.steps.retain(|step| !matches!(step, Step::Kill { .. } | Step::Ail { .. }));
        let batches = live(&quiet, None)
            .map_or_else(|wrong| panic!("seed {seed}: {wrong}\n{quiet}"), |seen| seen.batches);
        for killed_at in (1..=batches).flat_map(|batch| [(batch, false), (batch, true)]) {
            quiet.killed_at = Some(killed_at);
            if let Err(wrong) = live(&quiet, None) {
                let (story, wrong_at_last) = shrink(&quiet, wrong.clone(), None);
                panic!(
                    "seed {seed}, {killed_at:?}: {wrong}\n\nThe shortest story that goes wrong:\n{story}{wrong_at_last}"
                );
            }
            kills += 1;
        }
        story += 1;
    }
    println!("{kills} kills in {story} stories");
    assert!(kills > 100, "{kills}");
}

/// How many seeds it may take to find a mistake.
const PATIENCE: u64 = 1_000;

fn finds(bug: Bug) {
    let found = (0..PATIENCE).find_map(|seed| Some((seed, run(seed, Some(bug)).err()?)));
    let (seed, wrong) = found.unwrap_or_else(|| panic!("{PATIENCE} seeds did not find {bug:?}"));
    let (story, wrong_at_last) = shrink(&plan(seed), wrong, Some(bug));
    println!("{bug:?} is found by seed {seed}:\n{story}{wrong_at_last}");
    assert!(story.steps.len() <= 12, "{bug:?} can be told in fewer steps than\n{story}");
}

#[test]
fn a_cursor_that_is_stored_apart_from_its_rows_is_found() {
    finds(Bug::CursorApart);
}

#[test]
fn a_layer_that_is_dropped_before_its_event_is_found() {
    finds(Bug::LayerDroppedEarly);
}

#[test]
fn a_backend_that_does_a_mutation_again_is_found() {
    finds(Bug::DoneTwice);
}

#[test]
fn a_backend_that_forgets_what_it_did_when_it_is_started_again_is_found() {
    finds(Bug::Forgetful);
}

#[test]
fn a_storage_that_says_too_early_that_a_batch_is_written_is_found() {
    finds(Bug::ToldTooEarly);
}

#[test]
fn an_event_that_is_left_out_of_a_catch_up_is_found() {
    finds(Bug::EventLeftOut);
}
