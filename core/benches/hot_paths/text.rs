//! A filter box: for each key, the query for the new text is mounted and the one before is let go of.

use std::hint::black_box;

use larder::query::Query;

use crate::files::{empty, mount, query, spoken_batch};
use crate::paths::Step;

/// The query of a text.
pub fn matching(text: &str) -> Query {
    query(&format!(
        r#"{{"from":"file","where":{{"name":{{"match":"{text}"}}}},"orderBy":["relevance",{{"name":{{"collate":"natural"}}}}],"limit":50}}"#
    ))
}

/// Keys of one word after another.
pub fn key() -> Step {
    let mut cache = empty();
    let _ = cache.apply(spoken_batch(20_000));
    mount(&mut cache, r#"{"from":"file","where":{"name":{"match":"zzz"}},"limit":1}"#);
    let mut shown = cache.mount(&matching("x")).result.expect("the query is right");
    let texts = ["v", "va", "vac", "vaca", "vacation h", "vacation ho", "p", "pr", "pro", "project 0"];
    let texts: Vec<Query> = texts.into_iter().map(matching).collect();
    Box::new(move |n| {
        let Some(text) = texts.get(n % texts.len()) else { return };
        let next = black_box(cache.mount(text)).result.expect("the query is right");
        let _ = cache.unmount(std::mem::replace(&mut shown, next));
    })
}
