//! Random rows, events, layers, windows, includes, filters through relations, aggregates and groups: after every step each live
//! result is the oracle's.
//!
//! Three bytes are the seed of a step of the core's own property tests: the fuzzer puts together steps that lead where none has
//! been, and what it finds is a case for those tests.

use larder::RowEncoding;
use proptest::prelude::*;

use crate::chunks::make;
use crate::{agreement, includes};

thread_local! {
    static STEPS: BoxedStrategy<agreement::Step> = agreement::arb_step().boxed();
    static STEPS_OF_RELATIONS: BoxedStrategy<includes::Step> = includes::arb_step().boxed();
}

/// The most steps of one run: what a long one finds, a short one finds too, and sooner.
const MOST_STEPS: usize = 64;

/// How many bytes one step is.
const STEP_BYTES: usize = 3;

/// One run: the first byte says over which schema and how rows merge and travel, the others are steps.
pub fn run(data: &[u8]) {
    let Some((&kind, rest)) = data.split_first() else { return };
    if kind & 1 == 0 {
        let steps = STEPS.with(|strategy| steps(strategy, rest));
        let encoding = if kind & 4 == 0 { RowEncoding::Json } else { RowEncoding::Changes };
        agreement::run(kind & 2 == 0, encoding, &steps).unwrap();
    } else {
        let steps = STEPS_OF_RELATIONS.with(|strategy| steps(strategy, rest));
        includes::run(&steps).unwrap();
    }
}

fn steps<T: std::fmt::Debug>(strategy: &BoxedStrategy<T>, bytes: &[u8]) -> Vec<T> {
    bytes.chunks_exact(STEP_BYTES).take(MOST_STEPS).filter_map(|seed| make(strategy, seed)).collect()
}

/// Changes a run by whole steps, as a change of single bytes would make others of all steps behind it: a step becomes another, comes
/// in, is copied, goes, or changes places. Returns how long the run is then; there is room for `most` bytes.
pub fn mutate(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut state = u64::from(seed) + 1;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (state >> 33) as usize % below.max(1)
    };
    let kind = if size == 0 { 0 } else { data[0] };
    let mut steps: Vec<[u8; STEP_BYTES]> =
        data[1.min(size)..size].chunks_exact(STEP_BYTES).map(|step| [step[0], step[1], step[2]]).collect();
    for _ in 0..1 + next(4) {
        let (a, b) = (next(steps.len()), next(steps.len()));
        let fresh = [next(256) as u8, next(256) as u8, next(256) as u8];
        match next(5) {
            0 if !steps.is_empty() => steps[a] = fresh,
            1 if !steps.is_empty() => steps.insert(a, steps[b]),
            2 if !steps.is_empty() => _ = steps.remove(a),
            3 if !steps.is_empty() => steps.swap(a, b),
            _ => steps.insert(next(steps.len() + 1), fresh),
        }
    }
    steps.truncate(MOST_STEPS.min((most.saturating_sub(1)) / STEP_BYTES));
    let run: Vec<u8> = std::iter::once(kind ^ if next(16) == 0 { 1 << next(3) } else { 0 })
        .chain(steps.into_iter().flatten())
        .collect();
    let length = run.len().min(most);
    data[..length].copy_from_slice(&run[..length]);
    length
}
