//! After every random step, every mounted query shows what the oracle says.
//!
//! `PROPTEST_CASES=100000 cargo test -p larder --release --test it agreement` runs it for longer; a failure prints its
//! steps and is kept as a seed beside this file.

use std::collections::BTreeMap;

use larder::outbox::Rejection;
use larder::query::{Query, Window, oracle};
use larder::registry::{MergePolicy, ResourceType};
use larder::{Cache, Config, QueryId, Registry, RowEncoding};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::host::Host;
use crate::oracle::{
    ID_FIELD, Spelling, arb_aggregated_query, arb_id, arb_patch, arb_query, arb_row, arb_spelling,
    arb_window, id_text,
};

#[derive(Debug, Clone)]
pub enum Step {
    Changed(Json, Spelling, Option<u8>),
    Batch(Vec<Json>),
    Deleted(Json, Option<u8>),
    Mutate(Vec<Op>),
    Settle(u8, bool),
    Mount(Box<Query>),
    Unmount(u8),
    SetWindow(u8, Vec<Window>),
}

#[derive(Debug, Clone)]
pub enum Op {
    Upsert(Json),
    Merge(String, Map<String, Json>),
    Delete(String),
}

fn arb_op() -> impl Strategy<Value = Op> {
    let id = || arb_id().prop_map(|id| id_text(&json!({ ID_FIELD: id })));
    prop_oneof![
        2 => arb_row().prop_map(Op::Upsert),
        4 => (id(), arb_patch()).prop_map(|(id, fields)| Op::Merge(id, fields)),
        1 => id().prop_map(Op::Delete),
    ]
}

pub fn arb_step() -> impl Strategy<Value = Step> {
    let windows = || {
        (arb_window(0), arb_window(1), arb_window(2), arb_window(3)).prop_map(|(a, b, c, d)| vec![a, b, c, d])
    };
    prop_oneof![
        8 => (arb_row(), arb_spelling(), prop::option::weighted(0.2, any::<u8>())).prop_map(|(row, spelling, confirms)| Step::Changed(row, spelling, confirms)),
        2 => prop::collection::vec(arb_row(), 0..12).prop_map(Step::Batch),
        3 => (arb_id(), prop::option::weighted(0.2, any::<u8>())).prop_map(|(id, confirms)| Step::Deleted(id, confirms)),
        3 => prop::collection::vec(arb_op(), 0..4).prop_map(Step::Mutate),
        2 => (any::<u8>(), any::<bool>()).prop_map(|(which, accept)| Step::Settle(which, accept)),
        3 => arb_query().prop_map(|query| Step::Mount(Box::new(query))),
        2 => arb_aggregated_query().prop_map(|query| Step::Mount(Box::new(query))),
        1 => any::<u8>().prop_map(Step::Unmount),
        1 => (any::<u8>(), windows()).prop_map(|(which, windows)| Step::SetWindow(which, windows)),
    ]
}

/// What the cache should hold, in the plainest way.
#[derive(Default)]
struct Model {
    merges: bool,
    confirmed: BTreeMap<String, Json>,
    layers: Vec<(String, Vec<Op>)>,
    queries: Vec<(QueryId, Query)>,
    mutations: usize,
}

fn merge(base: &mut Json, change: &Json) {
    match (base, change) {
        (Json::Object(base), Json::Object(change)) => {
            for (key, value) in change {
                merge(base.entry(key.clone()).or_insert(Json::Null), value);
            }
        }
        (base, change) => *base = change.clone(),
    }
}

impl Model {
    fn change(&mut self, row: &Json) {
        let known = self.confirmed.entry(id_text(row)).or_insert(Json::Null);
        if self.merges && known.is_object() {
            merge(known, row);
        } else {
            *known = row.clone();
        }
    }

    fn visible(&self) -> BTreeMap<String, Json> {
        let mut rows = self.confirmed.clone();
        for op in self.layers.iter().flat_map(|(_, ops)| ops) {
            match op {
                Op::Upsert(row) => _ = rows.insert(id_text(row), row.clone()),
                Op::Merge(id, fields) => {
                    if let Some(row) = rows.get_mut(id) {
                        merge(row, &Json::Object(fields.clone()));
                    }
                }
                Op::Delete(id) => _ = rows.remove(id),
            }
        }
        rows
    }

    /// The id of one of the pending mutations, and the mutation no more.
    fn settle(&mut self, which: u8) -> Option<String> {
        (!self.layers.is_empty()).then(|| self.layers.remove(which as usize % self.layers.len()).0)
    }
}

fn event(kind: &str, data: &str, confirms: Option<&str>) -> String {
    let mutation = confirms.map(|id| format!(r#","mutation_id":"{id}""#)).unwrap_or_default();
    format!(r#"{{"envelope":{{"id":"e"{mutation}}},"kind":{{"type":"{kind}","data":{data}}}}}"#)
}

/// A row as text: its fields in an odd spelling, its id plain, because an id with an exponent is none.
fn spelled(row: &Json, spelling: &Spelling) -> String {
    let mut fields = row.as_object().unwrap().clone();
    let id = fields.remove(ID_FIELD).unwrap();
    let text = spelling.write(&Json::Object(fields.clone()));
    let comma = if fields.is_empty() { "" } else { "," };
    format!(r#"{{"{ID_FIELD}":{id}{comma}{}"#, text.trim_start().strip_prefix('{').unwrap())
}

fn take(step: &Step, cache: &mut Cache, host: &mut Host, model: &mut Model) {
    match step {
        Step::Changed(row, spelling, confirms) => {
            let confirms = confirms.and_then(|which| model.settle(which));
            let data = format!(r#"{{"resource_type":"file","resource":{}}}"#, spelled(row, spelling));
            host.deliver(cache.apply(event("ResourceChanged", &data, confirms.as_deref()))).unwrap();
            model.change(row);
        }
        Step::Batch(rows) => {
            let data = json!({"resource_type": "file", "resources": rows}).to_string();
            host.deliver(cache.apply(event("ResourceBatchChanged", &data, None))).unwrap();
            rows.iter().for_each(|row| model.change(row));
        }
        Step::Deleted(id, confirms) => {
            let confirms = confirms.and_then(|which| model.settle(which));
            let data = json!({"resource_type": "file", "resource_id": id}).to_string();
            host.deliver(cache.apply(event("ResourceDeleted", &data, confirms.as_deref()))).unwrap();
            model.confirmed.remove(&id_text(&json!({ ID_FIELD: id })));
        }
        Step::Mutate(ops) => {
            let id = format!("m{}", model.mutations);
            model.mutations += 1;
            let visible = |op: &Op| match op {
                Op::Upsert(row) => {
                    json!({"type": "upsert", "data": {"resource_type": "file", "resource": row}})
                }
                Op::Merge(id, fields) => {
                    json!({"type": "merge", "data": {"resource_type": "file", "id": id, "fields": fields}})
                }
                Op::Delete(id) => json!({"type": "delete", "data": {"resource_type": "file", "id": id}}),
            };
            let optimistic: Vec<Json> = ops.iter().map(visible).collect();
            let mutation =
                json!({"id": id, "name": "test", "args": null, "optimistic": optimistic}).to_string();
            host.deliver(cache.mutate(serde_json::from_str(&mutation).unwrap())).unwrap();
            model.layers.push((id, ops.clone()));
        }
        Step::Settle(which, accept) => {
            let Some(id) = model.settle(*which) else { return };
            let reason = Rejection { kind: "no".into(), message: "no".into() };
            host.deliver(if *accept { cache.ack(&id, None) } else { cache.reject(&id, reason) }).unwrap();
        }
        Step::Mount(query) => {
            let id = host.deliver(cache.mount(query)).unwrap();
            model.queries.push((id, Query::clone(query)));
        }
        Step::Unmount(which) => {
            if !model.queries.is_empty() {
                let (id, _) = model.queries.remove(*which as usize % model.queries.len());
                host.unmount(cache, id);
            }
        }
        Step::SetWindow(which, windows) => {
            let count = model.queries.len();
            if let Some((id, query)) = model.queries.get_mut(*which as usize % count.max(1)) {
                let mut window = windows[query.order_by().len()].clone();
                if !query.group_by().is_empty() {
                    window.after = None;
                }
                host.deliver(cache.set_window(*id, &window)).unwrap();
                *query = query.clone().with_window(window).unwrap();
            }
        }
    }
}

/// The value with all numbers as doubles, as JavaScript sees it: `1` and `0.001E+3` are one number.
fn as_doubles(value: &Json) -> Json {
    match value {
        Json::Number(number) => json!(number.as_f64().map(|number| number + 0.0)),
        Json::Array(items) => items.iter().map(as_doubles).collect(),
        Json::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), as_doubles(value))).collect(),
        other => other.clone(),
    }
}

/// What one query shows must be what the oracle says of the rows that are visible. Returns the ids of those it shows; groups are no rows.
pub fn check_query(
    cache: &Cache,
    host: &Host,
    (id, query): (QueryId, &Query),
    visible: &BTreeMap<String, Json>,
) -> Result<Vec<String>, TestCaseError> {
    let all = || visible.iter().map(|(id, row)| (id.as_str(), row));
    let list: Vec<Json> = host.list(id).iter().map(as_doubles).collect();
    if !query.group_by().is_empty() {
        let expected = oracle::groups(query, ID_FIELD, all());
        let groups: Vec<Json> = expected.rows.iter().map(as_doubles).collect();
        prop_assert_eq!(list, groups, "{}", query.canonical());
        prop_assert_eq!(host.total(id), expected.total, "{}", query.canonical());
        prop_assert_eq!(cache.rows(id).count(), expected.rows.len());
        return Ok(Vec::new());
    }
    let figures = host.aggregates(id).map(|figures| as_doubles(&figures));
    let expected = as_doubles(&oracle::aggregates(query, ID_FIELD, all()));
    let expected = (!query.aggregates().is_empty()).then_some(expected);
    prop_assert_eq!(figures, expected, "{}", query.canonical());
    let expected = oracle::evaluate(query, ID_FIELD, all());
    let rows: Vec<Json> = expected.ids.iter().map(|id| as_doubles(&visible[id])).collect();
    prop_assert_eq!(list, rows, "{}", query.canonical());
    prop_assert_eq!(host.total(id), expected.total, "{}", query.canonical());
    prop_assert_eq!(cache.rows(id).count(), expected.ids.len());
    Ok(expected.ids)
}

fn check(cache: &Cache, host: &Host, model: &Model) -> Result<(), TestCaseError> {
    let visible = model.visible();
    let mut shown = std::collections::BTreeSet::new();
    for (id, query) in &model.queries {
        shown.extend(check_query(cache, host, (*id, query), &visible)?);
    }
    prop_assert_eq!(host.held_of(0), shown.len(), "the host holds exactly the rows that are shown");
    prop_assert_eq!(cache.pending().len(), model.layers.len());
    Ok(())
}

/// Takes the steps, looking at everything after each. The fuzzer has it, too.
pub fn run(merges: bool, row_encoding: RowEncoding, steps: &[Step]) -> Result<(), TestCaseError> {
    let policy = if merges { MergePolicy::Deep } else { MergePolicy::Replace };
    let registry = Registry::builder().resource(ResourceType::new("file").merge(policy)).build().unwrap();
    let mut cache = Cache::new(registry, Config { row_encoding, ..Config::default() });
    let mut host = Host::default();
    let mut model = Model { merges, ..Model::default() };
    for step in steps {
        take(step, &mut cache, &mut host, &mut model);
        check(&cache, &host, &model)?;
    }
    for (id, _) in model.queries {
        host.unmount(&mut cache, id);
    }
    prop_assert_eq!(host.held(), 0, "nothing is kept for nobody");
    prop_assert_eq!(cache.stats().views, 0);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn live_results_equal_the_oracle_after_every_step(merges in any::<bool>(), changes in any::<bool>(), steps in prop::collection::vec(arb_step(), 1..60)) {
        run(merges, if changes { RowEncoding::Changes } else { RowEncoding::Json }, &steps)?;
    }
}
