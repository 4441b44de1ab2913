//! Readers while the cache is busy.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

use larder_native::query::{Query, asc};
use larder_native::{Client, Config, Registry};
use serde::{Deserialize, Deserializer};

/// Decoding stops at the gate, and with it the cache, until it is opened.
struct Gate {
    is_open: Mutex<bool>,
    moved: Condvar,
    arrived: AtomicUsize,
}

static GATE: Gate = Gate { is_open: Mutex::new(true), moved: Condvar::new(), arrived: AtomicUsize::new(0) };

impl Gate {
    fn set(&self, is_open: bool) {
        *self.is_open.lock().unwrap() = is_open;
        self.moved.notify_all();
    }

    fn pass(&self) {
        self.arrived.fetch_add(1, Ordering::SeqCst);
        self.moved.notify_all();
        drop(self.moved.wait_while(self.is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
    }

    fn wait_for_arrival(&self, after: usize) {
        while self.arrived.load(Ordering::SeqCst) == after {
            std::thread::yield_now();
        }
    }
}

struct Gated(u64);

impl<'de> Deserialize<'de> for Gated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Row {
            size: u64,
        }
        GATE.pass();
        Ok(Self(Row::deserialize(deserializer)?.size))
    }
}

fn batch(from: u64, to: u64) -> String {
    let rows: Vec<String> = (from..to).map(|n| format!(r#"{{"id": "{n}", "size": {n}}}"#)).collect();
    format!(r#"{{"ResourceChangedBatch": {{"resource_type": "file", "resources": [{}]}}}}"#, rows.join(","))
}

#[test]
fn the_last_result_can_be_read_while_a_huge_event_is_applied_and_only_new_rows_are_decoded() {
    let client = Client::open(Registry::default(), Config::default()).unwrap();
    let query = Query::from("file").order_by(asc("size")).build().unwrap();
    let files = client.live_query::<Gated>(&query).wait().unwrap();
    client.apply(batch(0, 10)).wait().unwrap();
    assert_eq!(GATE.arrived.load(Ordering::SeqCst), 10);

    GATE.set(false);
    let applier = client.clone();
    let applied = std::thread::spawn(move || applier.apply(batch(10, 20_010)).wait());
    GATE.wait_for_arrival(10);
    // The cache stands still within the step, and stays so during all of this.
    for _ in 0..1_000 {
        let snapshot = files.snapshot();
        assert_eq!((snapshot.data.len(), snapshot.total, snapshot.data[9].0), (10, 10, 9));
        assert_eq!(client.status().pending, 0);
    }
    assert_eq!(GATE.arrived.load(Ordering::SeqCst), 11);
    GATE.set(true);

    assert_eq!(applied.join().unwrap().unwrap().changed, 20_000);
    assert_eq!(files.snapshot().data.len(), 20_010);
    assert_eq!(GATE.arrived.load(Ordering::SeqCst), 20_010, "each row is decoded once");
    let again = client.live_query::<Gated>(&query).wait().unwrap();
    assert_eq!(again.snapshot().data.len(), 20_010);
    assert_eq!(GATE.arrived.load(Ordering::SeqCst), 20_010, "a second list shows the same objects");
}
