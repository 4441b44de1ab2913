//! The user's own edits.

use std::hint::black_box;

use larder::Cache;
use larder::outbox::{Mutation, Rejection};

use crate::files::{full, mount, row};
use crate::paths::Step;

fn edit_row(cache: &mut Cache, n: usize) -> String {
    let id = format!("m{n}");
    let mutation = format!(
        r#"{{"id":"{id}","name":"files.rename","args":null,"optimistic":[{{"type":"merge","data":{{"resource_type":"file","id":"0190c0de-0000-7000-8000-{:012x}","fields":{{"favorite":true,"size":{n}}}}}}}]}}"#,
        n % 100
    );
    let mutation = Mutation::parse(&mutation).expect("the mutation is right");
    let _ = black_box(cache.mutate(mutation));
    id
}

fn opened() -> Cache {
    let mut cache = full(10_000);
    mount(&mut cache, r#"{"from":"file","orderBy":[{"id":"asc"}],"limit":100}"#);
    cache
}

/// The backend refuses it.
pub fn edit() -> Step {
    let mut cache = opened();
    Box::new(move |n| {
        let id = edit_row(&mut cache, n);
        let reason = Rejection { kind: "refused".to_owned(), message: "no".to_owned() };
        let _ = black_box(cache.reject(&id, reason));
    })
}

/// The backend takes it: its event comes.
pub fn confirmed() -> Step {
    let mut cache = opened();
    Box::new(move |n| {
        let id = edit_row(&mut cache, n);
        let event = format!(
            r#"{{"envelope":{{"id":"e{n}","mutation_id":"{id}"}},"kind":{{"type":"ResourceChanged","data":{{"resource_type":"file","resource":{}}}}}}}"#,
            row(n % 100, n % 100, n + 2)
        );
        let _ = black_box(cache.apply(event));
    })
}
