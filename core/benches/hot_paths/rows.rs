//! Events of rows.

use std::hint::black_box;

use crate::files::{change, empty, full, mount, plain_batch, row, tag};
use crate::paths::Step;

fn ingest(rows: usize) -> Step {
    let (mut text, mut cache) = (Some(plain_batch(rows)), empty());
    Box::new(move |_| _ = black_box(cache.apply(text.take().unwrap_or_default())))
}

/// From text to a store that can be asked.
pub fn ingest_10k() -> Step {
    ingest(10_000)
}

/// From text to a store that can be asked.
pub fn ingest_100k() -> Step {
    ingest(100_000)
}

/// Rows change and move, some of them into the window or out of it.
fn update(rows: usize) -> Step {
    let mut cache = full(rows);
    mount(&mut cache, r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":100}"#);
    Box::new(move |n| _ = black_box(cache.apply(change(n * 13 % rows, n * 7, n + 2))))
}

/// One event over 10,000 rows.
pub fn update_10k() -> Step {
    update(10_000)
}

/// One event over 100,000 rows.
pub fn update_100k() -> Step {
    update(100_000)
}

/// Events one after the other, while twenty folders are open.
pub fn burst() -> Step {
    let mut cache = full(20_000);
    for folder in 0..20 {
        mount(&mut cache, &in_folder(folder));
    }
    Box::new(move |n| _ = black_box(cache.apply(change(n % 40, n, n + 2))))
}

/// A query that no other of these tests has an equal of.
pub fn in_folder(folder: usize) -> String {
    format!(
        r#"{{"from":"file","where":{{"parent_id":"folder {folder}"}},"orderBy":[{{"name":"asc"}}],"limit":100}}"#
    )
}

/// An event that concerns one of 10,000 mounted queries.
pub fn fan_out() -> Step {
    let mut cache = full(20_000);
    for folder in 0..10_000 {
        mount(&mut cache, &in_folder(folder));
    }
    Box::new(move |n| _ = black_box(cache.apply(change(n % 10, n, n + 2))))
}

/// A row that is in all of twenty windows goes, and another one takes its place.
pub fn delete() -> Step {
    let mut cache = full(10_000);
    for size in 0..20 {
        mount(
            &mut cache,
            &format!(
                r#"{{"from":"file","where":{{"version":{{"gte":-{size}}}}},"orderBy":[{{"id":"asc"}}],"limit":100}}"#
            ),
        );
    }
    Box::new(move |n| {
        let deleted = format!(
            r#"{{"ResourceDeleted":{{"resource_type":"file","resource_id":"0190c0de-0000-7000-8000-{n:012x}"}}}}"#
        );
        _ = black_box(cache.apply(deleted));
    })
}

/// A tag that some of the rows of a window have.
pub fn include() -> Step {
    let mut cache = full(10_000);
    mount(&mut cache, r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":100,"include":{"tags":true}}"#);
    Box::new(move |n| _ = black_box(cache.apply(tag(n % 100, n + 2))))
}

/// Figures beside a window, and groups.
pub fn aggregates() -> Step {
    let mut cache = full(10_000);
    mount(
        &mut cache,
        r#"{"from":"file","limit":10,"aggregate":{"n":"count","bytes":{"sum":"size"},"least":{"min":"size"},"most":{"max":"size"}}}"#,
    );
    mount(
        &mut cache,
        r#"{"from":"file","groupBy":["parent_id"],"aggregate":{"n":"count","mean":{"avg":"size"}},"limit":50}"#,
    );
    let change = |n: usize| row(n * 13 % 10_000, n * 7, n + 2);
    Box::new(move |n| {
        let event = format!(r#"{{"ResourceChanged":{{"resource_type":"file","resource":{}}}}}"#, change(n));
        _ = black_box(cache.apply(event));
    })
}
