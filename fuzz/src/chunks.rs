//! What a fuzzer's bytes stand for when they are no text: small parts, so that one that is put in, taken out or copied is a step
//! that is put in, taken out or copied.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The parts, each with its length before it, at most 255 bytes long.
pub fn chunks(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (&len, rest) = bytes.split_first()?;
        let (chunk, rest) = rest.split_at(rest.len().min(len.into()));
        bytes = rest;
        Some(chunk)
    })
}

/// What a strategy makes of a seed. (It cannot make its choices by the bytes themselves: where several strategies are to choose
/// from, each gets half of what is left of them, and soon there is nothing.)
pub fn make<T: std::fmt::Debug>(strategy: &BoxedStrategy<T>, seed: &[u8]) -> Option<T> {
    let mut hash = seed.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    let mut bytes = [0; 16];
    for half in bytes.chunks_exact_mut(8) {
        hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        half.copy_from_slice(&hash.to_le_bytes());
    }
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::XorShift, &bytes));
    strategy.new_tree(&mut runner).ok().map(|tree| tree.current())
}
