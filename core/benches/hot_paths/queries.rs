//! Queries that come.

use std::hint::black_box;

use crate::files::{full, query};
use crate::paths::Step;
use crate::rows::in_folder;

/// Nothing is known of the fields yet.
pub fn first() -> Step {
    let mut cache = full(100_000);
    let query = query(&in_folder(3));
    Box::new(move |_| _ = black_box(cache.mount(&query)))
}

/// Another value of a field that was asked for before.
pub fn next() -> Step {
    let mut cache = full(100_000);
    let _ = cache.mount(&query(&in_folder(9_999)));
    Box::new(move |n| _ = black_box(cache.mount(&query(&in_folder(n)))))
}

/// One query more of very many.
pub fn mount() -> Step {
    let mut cache = full(20_000);
    for folder in 1_000..2_000 {
        let _ = cache.mount(&query(&in_folder(folder)));
    }
    Box::new(move |n| _ = black_box(cache.mount(&query(&in_folder(n)))))
}
