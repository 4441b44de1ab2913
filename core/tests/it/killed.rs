//! An app that is killed again and again, whose storage fails now and then, against a model of what the disk must hold.
//!
//! `PROPTEST_CASES=100000 cargo test -p larder --release --test it killed` runs it for longer.

use std::collections::{BTreeMap, BTreeSet};

use larder::Registry;
use larder::registry::ResourceType;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::disk::{App, Disk};
use crate::host::sequence_of;

#[derive(Debug, Clone)]
enum Step {
    /// So many rows change, beginning with this one.
    Changed {
        first: u8,
        count: u8,
        bytes: u16,
    },
    Deleted(u8),
    /// The user edits a row.
    Edit(u8),
    /// The engine takes the oldest edit, whose event comes in.
    Confirm,
    Refuse,
    Wait(u16),
    Flush,
    /// The batch on its way is written.
    Written,
    /// It cannot be written.
    Failed,
    /// The app is killed; whether the batch on its way was written is as it happens.
    Killed {
        is_written: bool,
        reads: u8,
    },
}

fn arb_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => (any::<u8>(), 1..6u8, 0..400u16).prop_map(|(first, count, bytes)| Step::Changed { first, count, bytes }),
        1 => (any::<u8>(), 20..60u8, 0..40u16).prop_map(|(first, count, bytes)| Step::Changed { first, count, bytes }),
        4 => any::<u8>().prop_map(Step::Deleted),
        3 => any::<u8>().prop_map(Step::Edit),
        3 => Just(Step::Confirm),
        1 => Just(Step::Refuse),
        8 => (0..600u16).prop_map(Step::Wait),
        2 => Just(Step::Flush),
        8 => Just(Step::Written),
        1 => Just(Step::Failed),
        2 => (any::<bool>(), any::<u8>()).prop_map(|(is_written, reads)| Step::Killed { is_written, reads }),
    ]
}

/// What the engine holds, and what was at each of its sequences.
#[derive(Default)]
struct Engine {
    rows: BTreeMap<String, Json>,
    sequence: u64,
    history: Vec<BTreeMap<String, Json>>,
    events: Vec<String>,
    /// Mutations that were taken.
    taken: BTreeSet<String>,
}

impl Engine {
    /// The event of a change that has been made.
    fn event(&mut self, kind: &str, data: &Json, mutation: Option<&str>) -> String {
        self.sequence += 1;
        self.history.push(self.rows.clone());
        let mut envelope =
            json!({"id": format!("e{}", self.sequence), "library_id": "lib", "sequence": self.sequence});
        if let Some(id) = mutation {
            envelope["mutation_id"] = json!(id);
        }
        self.events.push(json!({"envelope": envelope, "kind": {"type": kind, "data": data}}).to_string());
        self.events[self.events.len() - 1].clone()
    }

    fn at(&self, cursor: Option<u64>) -> BTreeMap<String, Json> {
        cursor
            .and_then(|cursor| self.history.get((cursor as usize).checked_sub(1)?))
            .cloned()
            .unwrap_or_default()
    }
}

fn registry() -> Registry {
    Registry::builder().resource(ResourceType::new("file").version("v")).build().unwrap()
}

fn id_of(row: u8) -> String {
    format!("f{}", row % 48)
}

struct Run {
    app: App,
    engine: Engine,
    /// The edits that are pending, oldest first.
    edits: Vec<String>,
    /// What each edit ever made does: the row and its new name.
    did: BTreeMap<String, (String, String)>,
}

impl Run {
    fn deliver(&mut self, event: &str) {
        let applied = self.app.apply(event);
        assert!(!applied.held && !applied.duplicate);
    }

    /// What must be on the screen: a moment of the engine, and these edits over it.
    fn check(&mut self, mut expected: BTreeMap<String, Json>) {
        for id in &self.edits {
            let (row, name) = &self.did[id];
            if let Some(row) = expected.get_mut(row) {
                row["name"] = json!(name);
            }
        }
        let rows = self.app.rows("file");
        let shown: BTreeMap<String, Json> = rows
            .iter()
            .map(|row| serde_json::from_str::<Json>(row).unwrap())
            .map(|row| (row["id"].as_str().unwrap().to_owned(), row))
            .collect();
        assert_eq!(shown, expected);
        assert_eq!(self.pending(), self.edits);
    }

    fn pending(&self) -> Vec<String> {
        self.app.cache.pending().into_iter().map(|pending| pending.id).collect()
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Changed { first, count, bytes } => {
                let version = self.engine.sequence + 1;
                let rows: Vec<Json> = (0..*count)
                    .map(|n| json!({"id": id_of(first.wrapping_add(n)), "v": version, "note": "n".repeat(*bytes as usize)}))
                    .collect();
                for row in &rows {
                    self.engine.rows.insert(row["id"].as_str().unwrap().to_owned(), row.clone());
                }
                let data = json!({"resource_type": "file", "resources": rows});
                let event = self.engine.event("ResourceBatchChanged", &data, None);
                self.deliver(&event);
            }
            Step::Deleted(row) => {
                self.engine.rows.remove(&id_of(*row));
                let data = json!({"resource_type": "file", "resource_id": id_of(*row)});
                let event = self.engine.event("ResourceDeleted", &data, None);
                self.deliver(&event);
            }
            Step::Edit(row) => {
                let number = self.did.len();
                let (mutation, name) = (format!("m{number}"), format!("name {number}"));
                self.app.mutate(
                    &json!({
                        "id": mutation, "name": "files.rename", "args": {},
                        "optimistic": [{"type": "merge", "data": {"resource_type": "file", "id": id_of(*row), "fields": {"name": name}}}],
                    })
                    .to_string(),
                );
                self.did.insert(mutation.clone(), (id_of(*row), name));
                self.edits.push(mutation);
            }
            Step::Confirm => {
                if self.edits.is_empty() {
                    return;
                }
                let mutation = self.edits.remove(0);
                let (id, name) = self.did[&mutation].clone();
                let version = self.engine.sequence + 1;
                if let Some(row) = self.engine.rows.get_mut(&id) {
                    row["name"] = json!(name);
                    row["v"] = json!(version);
                }
                self.engine.taken.insert(mutation.clone());
                let event = match self.engine.rows.get(&id).cloned() {
                    Some(row) => {
                        let data = json!({"resource_type": "file", "resource": row});
                        self.engine.event("ResourceChanged", &data, Some(&mutation))
                    }
                    None => {
                        let data = json!({"resource_type": "file", "resource_id": id});
                        self.engine.event("ResourceDeleted", &data, Some(&mutation))
                    }
                };
                self.deliver(&event);
            }
            Step::Refuse => {
                let Some(mutation) = self.edits.pop() else { return };
                let reason = larder::outbox::Rejection { kind: "no".to_owned(), message: "no".to_owned() };
                let step = self.app.cache.reject(&mutation, reason);
                self.app.take(step).unwrap();
            }
            Step::Wait(ms) => self.app.wait(u64::from(*ms)),
            Step::Flush => {
                let step = self.app.cache.flush(self.app.now_ms);
                self.app.take(step).unwrap();
            }
            Step::Written => _ = self.app.write(),
            Step::Failed => _ = self.app.fail(),
            Step::Killed { is_written, reads } => self.kill(*is_written, *reads),
        }
    }

    /// The app starts again on what the disk has, and catches up with the engine.
    fn kill(&mut self, is_written: bool, reads: u8) {
        let mut disk = std::mem::take(&mut self.app.disk);
        if let Some(batch) = self.app.writing.take().filter(|_| is_written) {
            disk.commit(&batch);
        }
        let before = disk.clone();
        self.app = App::begin(registry(), disk);
        for _ in 0..reads % 4 {
            self.app.load();
        }
        if reads % 8 == 7 {
            // Killed while it starts, too.
            self.app = App::begin(registry(), before);
        }
        while self.app.load() {}
        assert!(self.app.is_ready());
        assert_eq!(self.app.storage_errors, [""; 0]);

        // An edit that was not written in time is gone with the app, and had not been sent; one whose end was not is back.
        let cursor = self.app.cache.status().cursor.as_ref().map(sequence_of);
        self.edits = self.pending();
        let moment = self.engine.at(cursor);
        self.check(moment);
        for event in self.engine.events.iter().skip(cursor.unwrap_or_default() as usize) {
            let applied = self.app.apply(event);
            assert!(!applied.held && !applied.duplicate);
        }
        let taken = &self.engine.taken;
        self.edits.retain(|id| !taken.contains(id));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whenever_it_is_killed_the_disk_holds_one_moment_of_the_engine_and_the_edits_over_it(
        steps in prop::collection::vec(arb_step(), 1..120)
    ) {
        let mut run = Run {
            app: App::start(registry(), Disk::default()),
            engine: Engine::default(),
            edits: Vec::new(),
            did: BTreeMap::new(),
        };
        for step in &steps {
            run.take(step);
            let moment = run.engine.rows.clone();
            run.check(moment);
        }
        run.take(&Step::Killed { is_written: true, reads: 0 });
        let moment = run.engine.rows.clone();
        run.check(moment);
    }
}
