//! One event after the other into a client that shows a window: with and without a storage.

use std::path::Path;

use larder_native::{Client, Config};

use crate::clock::{Elapsed, median_of};
use crate::files::{File, ROWS, batch, registry, row, window};
use crate::{ROUNDS, client};

/// Events that are measured together.
const EVENTS: u32 = 2_000;

fn updates(client: &Client, round: usize) -> Elapsed {
    let events: Vec<String> = (0..EVENTS as usize)
        .map(|n| {
            let (_, json) = row(n * 13 % ROWS, 2 + n + round * EVENTS as usize);
            format!(r#"{{"ResourceChanged":{{"resource_type":"file","resource":{json}}}}}"#)
        })
        .collect();
    let mut events = events.into_iter();
    Elapsed::of_each(EVENTS, |_| {
        let event = events.next().unwrap_or_default();
        client.apply(event).wait().expect("the event is right");
    })
}

/// An event without a storage, and with one.
pub fn measure(folder: &Path) -> (Elapsed, Elapsed) {
    let plain = Client::open(registry(), Config::default()).expect("the registry is right");
    let kept = client(&folder.join("updates.sqlite"));
    let mut shown = Vec::new();
    for client in [&plain, &kept] {
        client.apply(batch()).wait().expect("the event is right");
        shown.push(client.live_query::<File>(&window()).wait().expect("the query is right"));
        client.flush().wait().expect("there is room");
    }
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        without.push(updates(&plain, round));
        with.push(updates(&kept, round));
    }
    (median_of(&without), median_of(&with))
}
