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
