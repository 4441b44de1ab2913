//! After every random step under random budgets, a query that says it is complete shows what the oracle says.
//!
//! `PROPTEST_CASES=100000 cargo test -p larder --release --test it evicted` runs it for longer.

use std::collections::BTreeMap;

use larder::outbox::{Mutation, Rejection};
use larder::query::{Query, oracle};
use larder::registry::{MergePolicy, ResourceType};
use larder::{Cache, Config, QueryId, Registry};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::disk::{App, Disk};
use crate::host::sequence_of;

#[derive(Debug, Clone)]
enum Step {
    /// So many rows come whole, or, where rows merge, in part.
    Changed {
        first: u8,
        count: u8,
        group: u8,
    },
    Deleted(u8),
    /// The user edits a row: merges, upserts or deletes.
    Edit {
        row: u8,
        group: u8,
        kind: u8,
    },
    Settle(u8, bool),
    Mount(u8),
    Unmount(u8),
    Pin(u8),
    Unpin(u8),
    Load,
    Tick(u16),
    Flush,
    Written,
    Failed,
    /// The backend sends everything.
    Copy,
    Restart {
        is_written: bool,
    },
}

fn arb_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (any::<u8>(), 1..8u8, any::<u8>()).prop_map(|(first, count, group)| Step::Changed { first, count, group }),
        3 => any::<u8>().prop_map(Step::Deleted),
        3 => (any::<u8>(), any::<u8>(), 0..3u8).prop_map(|(row, group, kind)| Step::Edit { row, group, kind }),
        3 => (any::<u8>(), any::<bool>()).prop_map(|(which, accept)| Step::Settle(which, accept)),
        5 => any::<u8>().prop_map(Step::Mount),
        4 => any::<u8>().prop_map(Step::Unmount),
        1 => any::<u8>().prop_map(Step::Pin),
        1 => any::<u8>().prop_map(Step::Unpin),
        8 => Just(Step::Load),
        6 => (0..400u16).prop_map(Step::Tick),
        3 => Just(Step::Flush),
        8 => Just(Step::Written),
        1 => Just(Step::Failed),
        1 => Just(Step::Copy),
        1 => any::<bool>().prop_map(|is_written| Step::Restart { is_written }),
    ]
}

type Rows = BTreeMap<String, Json>;

struct Run {
    app: App,
    config: Config,
    merges: bool,
    has_disk: bool,
    /// What the backend has, and what it had at each sequence.
    rows: Rows,
    history: Vec<Rows>,
    events: Vec<String>,
    /// Pending edits, oldest first.
    edits: Vec<String>,
    /// What each edit ever made does.
    did: BTreeMap<String, Json>,
    queries: Vec<(QueryId, Query)>,
}

fn id_of(row: u8) -> String {
    format!("f{}", row % 40)
}

fn registry(merges: bool) -> Registry {
    let policy = if merges { MergePolicy::Deep } else { MergePolicy::Replace };
    let file = ResourceType::new("file").merge(policy).reverse(
        "children",
        larder::registry::RelationKind::Many,
        "file",
        "parent",
    );
    Registry::builder().resource(file).build().unwrap()
}

fn query(number: u8) -> Query {
    let text = match number % 8 {
        0 => r#"{"from":"file"}"#.to_owned(),
        1 => {
            r#"{"from":"file","where":{"group":{"gt":3}},"orderBy":[{"group":"desc"}],"limit":3}"#.to_owned()
        }
        2 => r#"{"from":"file","where":{"children":{"some":{"group":2}}}}"#.to_owned(),
        3 | 4 => format!(r#"{{"from":"file","where":{{"id":"{}"}}}}"#, id_of(number / 8)),
        5 => format!(
            r#"{{"from":"file","where":{{"id":{{"in":["{}","{}"]}}}}}}"#,
            id_of(number / 8),
            id_of(number / 7)
        ),
        _ => format!(r#"{{"from":"file","where":{{"group":{}}}}}"#, number / 8 % 6),
    };
    Query::parse(text.as_bytes()).unwrap()
}

fn merge(base: &mut Json, change: &Json) {
    for (key, value) in change.as_object().unwrap() {
        base[key] = value.clone();
    }
}

impl Run {
    fn new(config: Config, merges: bool, has_disk: bool) -> Self {
        let mut app = App::begin_with(registry(merges), config.clone(), Disk::default());
        if !has_disk {
            app.cache = Cache::new(registry(merges), config.clone());
        }
        Self {
            app,
            config,
            merges,
            has_disk,
            rows: Rows::new(),
            history: vec![Rows::new()],
            events: Vec::new(),
            edits: Vec::new(),
            did: BTreeMap::new(),
            queries: Vec::new(),
        }
    }

    fn event(&mut self, kind: &str, data: &Json, mutation: Option<&str>) {
        self.history.push(self.rows.clone());
        let sequence = self.events.len() + 1;
        let mut envelope = json!({"id": format!("e{sequence}"), "library_id": "lib", "sequence": sequence});
        if let Some(id) = mutation {
            envelope["mutation_id"] = json!(id);
        }
        let event = json!({"envelope": envelope, "kind": {"type": kind, "data": data}}).to_string();
        self.events.push(event.clone());
        self.app.receive(&event);
    }

    /// What the backend makes of a row, and what it says of it.
    fn change(&mut self, id: &str, fields: &Json) -> Json {
        let mut part = fields.clone();
        part["id"] = json!(id);
        let row = self.rows.entry(id.to_owned()).or_insert_with(|| json!({"id": id}));
        merge(row, &part);
        if self.merges { part } else { row.clone() }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Changed { first, count, group } => {
                let resources: Vec<Json> = (0..*count)
                    .map(|n| {
                        let at = self.events.len();
                        let fields = match (group ^ n) % 3 {
                            0 => json!({"group": group % 6}),
                            1 => json!({ format!("x{}", group % 3): at }),
                            _ => json!({"group": n % 6, "parent": id_of(*group), "note": "n".repeat(*group as usize)}),
                        };
                        self.change(&id_of(first.wrapping_add(n)), &fields)
                    })
                    .collect();
                let data = json!({"resource_type": "file", "resources": resources});
                self.event("ResourceBatchChanged", &data, None);
            }
            Step::Deleted(row) => {
                self.rows.remove(&id_of(*row));
                self.event(
                    "ResourceDeleted",
                    &json!({"resource_type": "file", "resource_id": id_of(*row)}),
                    None,
                );
            }
            Step::Edit { row, group, kind } => {
                let (mutation, id) = (format!("m{}", self.did.len()), id_of(*row));
                let fields = json!({"group": group % 6});
                let op = match kind {
                    0 => {
                        json!({"type": "merge", "data": {"resource_type": "file", "id": id, "fields": fields}})
                    }
                    1 => {
                        json!({"type": "upsert", "data": {"resource_type": "file", "resource": {"id": id, "group": group % 6}}})
                    }
                    _ => json!({"type": "delete", "data": {"resource_type": "file", "id": id}}),
                };
                let text =
                    json!({"id": mutation, "name": "edit", "args": {}, "optimistic": [op]}).to_string();
                let step = self.app.cache.mutate(Mutation::parse(&text).unwrap());
                self.app.take(step).unwrap();
                self.edits.push(mutation.clone());
                self.did.insert(mutation, op);
            }
            Step::Settle(which, accept) if !self.edits.is_empty() => {
                let mutation = self.edits.remove(*which as usize % self.edits.len());
                let op = self.did[&mutation].clone();
                let id = op["data"]
                    .get("id")
                    .unwrap_or(&op["data"]["resource"]["id"])
                    .as_str()
                    .unwrap()
                    .to_owned();
                if !accept {
                    let step = self
                        .app
                        .cache
                        .reject(&mutation, Rejection { kind: "no".into(), message: "no".into() });
                    return self.app.take(step).unwrap();
                }
                match op["type"].as_str().unwrap() {
                    "delete" => {
                        self.rows.remove(&id);
                        let data = json!({"resource_type": "file", "resource_id": id});
                        self.event("ResourceDeleted", &data, Some(&mutation));
                    }
                    "merge" if !self.rows.contains_key(&id) => {
                        self.event(
                            "ResourceDeleted",
                            &json!({"resource_type": "file", "resource_id": id}),
                            Some(&mutation),
                        );
                    }
                    _ => {
                        let fields = json!({"group": op["data"].get("fields").unwrap_or(&op["data"]["resource"])["group"]});
                        let resource = self.change(&id, &fields);
                        self.event(
                            "ResourceChanged",
                            &json!({"resource_type": "file", "resource": resource}),
                            Some(&mutation),
                        );
                    }
                }
            }
            Step::Settle(..) => {}
            Step::Mount(number) => {
                let query = query(*number);
                let step = self.app.cache.mount(&query);
                let id = self.app.take(step).unwrap();
                self.queries.push((id, query));
            }
            Step::Unmount(which) if !self.queries.is_empty() => {
                let (id, _) = self.queries.remove(*which as usize % self.queries.len());
                let step = self.app.cache.unmount(id);
                self.app.take(step).unwrap();
            }
            Step::Unmount(_) => {}
            Step::Pin(row) => {
                let step = self.app.cache.pin("file", &id_of(*row));
                self.app.take(step).unwrap();
            }
            Step::Unpin(row) => {
                let step = self.app.cache.unpin("file", &id_of(*row));
                self.app.take(step).unwrap();
            }
            Step::Load => _ = self.app.load(),
            Step::Tick(ms) => self.app.wait(u64::from(*ms)),
            Step::Flush => {
                let step = self.app.cache.flush(self.app.now_ms);
                self.app.take(step).unwrap();
            }
            Step::Written => _ = self.app.write(),
            Step::Failed => _ = self.app.fail(),
            Step::Copy => self.copy(),
            Step::Restart { is_written } => {
                if self.has_disk {
                    self.restart(*is_written);
                }
            }
        }
    }

    fn copy(&mut self) {
        let sequence = self.events.len() as u64;
        self.app.receive(
            &json!({"type": "resync", "data": {"sequence": sequence, "reason": "requested"}}).to_string(),
        );
        for part in self.rows.values().cloned().collect::<Vec<Json>>().chunks(7) {
            let event = json!({
                "envelope": {"id": "c", "library_id": "lib", "sequence": sequence},
                "kind": {"type": "ResourceBatchChanged", "data": {"resource_type": "file", "resources": part}},
            });
            self.app.receive(&event.to_string());
        }
        self.app.receive(&json!({"type": "synced", "data": {"sequence": sequence}}).to_string());
    }

    /// The app is killed and starts again, maybe in the middle of a batch, and catches up.
    fn restart(&mut self, is_written: bool) {
        let mut disk = std::mem::take(&mut self.app.disk);
        if let Some(batch) = self.app.writing.take().filter(|_| is_written) {
            disk.commit(&batch);
        }
        let now_ms = self.app.now_ms;
        self.app = App::begin_with(registry(self.merges), self.config.clone(), disk);
        self.app.now_ms = now_ms;
        self.queries.clear();
        while self.app.load() {}
        let pending = self.pending();
        let cursor = self.app.cache.status().cursor.map_or(0, |cursor| sequence_of(&cursor) as usize);
        // An edit that was not stored is gone with the app; the end of one may come again.
        self.edits.retain(|id| pending.contains(id));
        for id in pending.iter().filter(|id| !self.edits.contains(id)) {
            let is_to_come =
                self.events.iter().skip(cursor).any(|event| event.contains(&format!("\"{id}\"")));
            if !is_to_come {
                // It had been refused.
                let step = self.app.cache.reject(id, Rejection { kind: "no".into(), message: "no".into() });
                self.app.take(step).unwrap();
            }
        }
        for event in self.events.clone().iter().skip(cursor) {
            self.app.receive(event);
        }
    }

    /// What is to be seen: what the backend had at the cache's cursor, and the edits over it.
    fn visible(&self) -> Rows {
        let cursor = self.app.cache.status().cursor.map_or(0, |cursor| sequence_of(&cursor) as usize);
        let mut rows = self.history[cursor].clone();
        for op in self.pending().iter().map(|id| &self.did[id]) {
            let data = &op["data"];
            match op["type"].as_str().unwrap() {
                "merge" => {
                    if let Some(row) = rows.get_mut(data["id"].as_str().unwrap()) {
                        merge(row, &data["fields"]);
                    }
                }
                "upsert" => {
                    _ = rows
                        .insert(data["resource"]["id"].as_str().unwrap().to_owned(), data["resource"].clone())
                }
                _ => _ = rows.remove(data["id"].as_str().unwrap()),
            }
        }
        rows
    }

    fn pending(&self) -> Vec<String> {
        self.app.cache.pending().into_iter().map(|pending| pending.id).collect()
    }

    /// The ids of the rows that a query shows, and how many match.
    fn expected(&self, query: &Query, rows: &Rows) -> (Vec<String>, usize) {
        if !query.canonical().contains("children") {
            let rows = rows.iter().map(|(id, row)| (id.as_str(), row));
            let expected = oracle::evaluate(query, "id", rows);
            return (expected.ids, expected.total);
        }
        // Those that one of group 2 names as its parent.
        let is_named = |id: &&String| rows.values().any(|row| row["parent"] == **id && row["group"] == 2);
        let ids: Vec<String> = rows.keys().filter(is_named).cloned().collect();
        let total = ids.len();
        (ids, total)
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let visible = self.visible();
        for (id, query) in &self.queries {
            let list = self.app.host.list(*id);
            if !self.app.host.is_partial(*id) {
                let (expected, total) = self.expected(query, &visible);
                let rows: Vec<Json> = expected.iter().map(|id| visible[id].clone()).collect();
                prop_assert_eq!(&list, &rows, "{}", query.canonical());
                prop_assert_eq!(self.app.host.total(*id), total);
            }
            for row in list {
                prop_assert_eq!(
                    visible.get(row["id"].as_str().unwrap()),
                    Some(&row),
                    "{}",
                    query.canonical()
                );
            }
        }
        Ok(())
    }

    /// Everything that was begun is ended.
    fn end(&mut self) -> Result<(), TestCaseError> {
        let has_cursor = self.app.cache.status().cursor.is_some();
        for _ in 0..20 {
            self.app.wait(20_000);
            if self.has_disk {
                self.app.flush();
            }
            self.app.settle();
        }
        self.check()?;
        let (stats, memory) = (self.app.cache.stats(), self.config.memory);
        let is_within = memory.entities.is_none_or(|most| u64::from(stats.entities) <= most)
            && memory.bytes.is_none_or(|most| stats.row_bytes <= most);
        prop_assert_eq!(stats.over_budget, !is_within);
        prop_assert!(is_within || stats.entities == stats.referenced, "{:?}", stats);
        if self.has_disk && memory.disk_bytes.is_none() && has_cursor {
            prop_assert_eq!(stats.lost, 0);
            for (id, query) in &self.queries {
                prop_assert!(!self.app.host.is_partial(*id), "{}", query.canonical());
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn a_query_that_says_it_is_complete_shows_what_the_oracle_says(
        merges in any::<bool>(),
        disk in 0..4u8,
        entities in prop::option::of(0..30u64),
        bytes in prop::option::of(0..3000u64),
        steps in prop::collection::vec(arb_step(), 1..100),
    ) {
        let mut config = Config::default();
        config.memory.entities = entities;
        config.memory.bytes = bytes;
        config.memory.disk_bytes = (disk == 3).then_some(1500);
        let mut run = Run::new(config, merges, disk > 0);
        for step in &steps {
            run.take(step);
            run.check()?;
        }
        run.end()?;
    }
}
