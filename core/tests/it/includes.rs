//! Relations put into rows: what they show is what the rows say, and only what changed is sent.

use std::collections::BTreeMap;
use std::rc::Rc;

use larder::query::{Query, oracle};
use larder::registry::{RelationKind, ResourceType};
use larder::{Cache, Config, QueryId, Registry};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::host::Host;

fn registry() -> Registry {
    let file = ResourceType::new("file")
        .relation("folder", RelationKind::One, "folder", "folder_id")
        .relation("tags", RelationKind::Many, "tag", "tag_ids");
    let folder = ResourceType::new("folder")
        .relation("parent", RelationKind::One, "folder", "parent_id")
        .reverse("children", RelationKind::Many, "folder", "parent_id")
        .reverse("files", RelationKind::Many, "file", "folder_id")
        .reverse("first", RelationKind::One, "file", "folder_id");
    let tag = ResourceType::new("tag").reverse("files", RelationKind::Many, "file", "tag_ids");
    Registry::builder().resource(file).resource(folder).resource(tag).build().unwrap()
}

struct Rig {
    cache: Cache,
    host: Host,
}

impl Rig {
    fn new() -> Self {
        Self { cache: Cache::new(registry(), Config::default()), host: Host::default() }
    }

    fn put(&mut self, resource_type: &str, resource: &Json) {
        let event = json!({"ResourceChanged": {"resource_type": resource_type, "resource": resource}});
        self.host.deliver(self.cache.apply(event.to_string())).unwrap();
    }

    fn delete(&mut self, resource_type: &str, id: &str) {
        let event = json!({"ResourceDeleted": {"resource_type": resource_type, "resource_id": id}});
        self.host.deliver(self.cache.apply(event.to_string())).unwrap();
    }

    fn mount(&mut self, query: &Json) -> QueryId {
        self.host.mount(&mut self.cache, &query.to_string())
    }

    fn refusal(&mut self, query: &Json) -> String {
        let query = Query::parse(query.to_string()).unwrap();
        let error = self.cache.mount(&query).result.unwrap_err();
        format!("{}: {error}", error.kind())
    }
}

#[test]
fn a_row_comes_with_what_its_fields_name() {
    let mut rig = Rig::new();
    rig.put("folder", &json!({"id": "d", "name": "docs"}));
    rig.put("tag", &json!({"id": "t2", "name": "blue"}));
    rig.put("file", &json!({"id": "1", "folder_id": "d", "tag_ids": ["t1", "t2"]}));
    let files = rig.mount(&json!({"from": "file", "include": {"folder": true, "tags": true}}));
    let docs = json!({"id": "d", "name": "docs"});
    let file = |tags: Json| json!({"id": "1", "folder_id": "d", "tag_ids": ["t1", "t2"], "folder": docs, "tags": tags});
    assert_eq!(rig.host.list(files), [file(json!([{"id": "t2", "name": "blue"}]))]);
    rig.put("tag", &json!({"id": "t1", "name": "red"}));
    assert_eq!(
        rig.host.list(files),
        [file(json!([{"id": "t1", "name": "red"}, {"id": "t2", "name": "blue"}]))],
        "a tag that comes late takes its place"
    );
    rig.delete("folder", "d");
    assert_eq!(rig.host.list(files)[0]["folder"], Json::Null);
    rig.delete("tag", "t2");
    assert_eq!(rig.host.list(files)[0]["tags"], json!([{"id": "t1", "name": "red"}]));
}

#[test]
fn a_changed_tag_makes_new_objects_only_of_the_rows_that_show_it() {
    let mut rig = Rig::new();
    for id in ["t1", "t2"] {
        rig.put("tag", &json!({"id": id, "name": id}));
    }
    for id in 0..100 {
        let tags = if id % 10 == 0 { json!(["t1", "t2"]) } else { json!(["t2"]) };
        rig.put("file", &json!({"id": format!("{id:03}"), "tag_ids": tags}));
    }
    let files = rig.mount(&json!({"from": "file", "include": {"tags": true}, "limit": 55}));
    let before = rig.host.objects(files);
    let (nodes, rows) = (rig.host.nodes_received, rig.host.rows_received);
    rig.put("tag", &json!({"id": "t1", "name": "red"}));
    let after = rig.host.objects(files);
    let same = before.iter().zip(&after).filter(|(old, new)| Rc::ptr_eq(old, new)).count();
    assert_eq!(same, 49, "six of the 55 rows show the tag");
    assert_eq!(after[10]["tags"][0]["name"], "red");
    assert_eq!(rig.host.rows_received - rows, 1, "only the tag is sent");
    assert_eq!(rig.host.nodes_received - nodes, 6);
    assert_eq!(rig.cache.stats().nodes_sent, 61, "55 at first, then six");
}

#[test]
fn relations_the_other_way_round_follow_what_comes_and_goes() {
    let mut rig = Rig::new();
    rig.put("tag", &json!({"id": "t", "name": "red"}));
    let tags = rig.mount(&json!({
        "from": "tag",
        "include": {"files": {"where": {"size": {"gt": 1}}, "orderBy": [{"size": "desc"}], "limit": 2}}
    }));
    let shown = |rig: &Rig| -> Vec<String> {
        let tag = rig.host.list(tags).remove(0);
        tag["files"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(shown(&rig), [""; 0]);
    for (id, size) in [("a", 5), ("b", 1), ("c", 7), ("d", 6)] {
        rig.put("file", &json!({"id": id, "size": size, "tag_ids": ["x", "t"]}));
    }
    assert_eq!(shown(&rig), ["c", "d"]);
    rig.delete("file", "c");
    assert_eq!(shown(&rig), ["d", "a"]);
    rig.put("file", &json!({"id": "d", "size": 9, "tag_ids": []}));
    assert_eq!(shown(&rig), ["a"]);
    rig.host.unmount(&mut rig.cache, tags);
    assert_eq!(rig.host.held(), 0);
    assert_eq!((rig.cache.stats().queries, rig.cache.stats().views), (0, 0), "nothing is left behind");
}

#[test]
fn a_change_two_levels_below_reaches_the_row() {
    let mut rig = Rig::new();
    rig.put("tag", &json!({"id": "t", "name": "red"}));
    rig.put("folder", &json!({"id": "d"}));
    rig.put("folder", &json!({"id": "e"}));
    rig.put("file", &json!({"id": "1", "folder_id": "d", "tag_ids": ["t"]}));
    let folders = rig.mount(&json!({"from": "folder", "include": {"files": {"include": {"tags": true}}}}));
    let before = rig.host.objects(folders);
    rig.put("tag", &json!({"id": "t", "name": "green"}));
    let after = rig.host.objects(folders);
    assert_eq!(after[0]["files"][0]["tags"][0]["name"], "green");
    assert!(!Rc::ptr_eq(&before[0], &after[0]) && Rc::ptr_eq(&before[1], &after[1]));
}

#[test]
fn an_optimistic_edit_shows_in_the_rows_around_it_and_is_taken_back() {
    let mut rig = Rig::new();
    rig.put("tag", &json!({"id": "t", "name": "red"}));
    rig.put("file", &json!({"id": "1", "tag_ids": []}));
    let files = rig.mount(&json!({"from": "file", "include": {"tags": true}}));
    let mutation = json!({"id": "m", "name": "tag", "args": null, "optimistic": [
        {"type": "merge", "data": {"resource_type": "file", "id": "1", "fields": {"tag_ids": ["t"]}}},
        {"type": "merge", "data": {"resource_type": "tag", "id": "t", "fields": {"name": "new"}}}
    ]});
    rig.host.deliver(rig.cache.mutate(serde_json::from_value(mutation).unwrap())).unwrap();
    assert_eq!(rig.host.list(files)[0]["tags"], json!([{"id": "t", "name": "new"}]));
    let reason = larder::outbox::Rejection { kind: "no".into(), message: "no".into() };
    rig.host.deliver(rig.cache.reject("m", reason)).unwrap();
    assert_eq!(rig.host.list(files)[0]["tags"], json!([]));
}

#[test]
fn another_id_of_a_row_leads_to_it_from_the_rows_that_name_it() {
    let mut rig = Rig::new();
    rig.put("file", &json!({"id": "1", "tag_ids": ["old"]}));
    let files = rig.mount(&json!({"from": "file", "include": {"tags": true}}));
    let event = json!({"ResourceChanged": {
        "resource_type": "tag", "resource": {"id": "t", "name": "red"}, "metadata": {"alternate_ids": ["old"]}
    }});
    rig.host.deliver(rig.cache.apply(event.to_string())).unwrap();
    assert_eq!(rig.host.list(files)[0]["tags"], json!([{"id": "t", "name": "red"}]));
    rig.put("tag", &json!({"id": "t", "name": "blue"}));
    assert_eq!(rig.host.list(files)[0]["tags"][0]["name"], "blue");
}

#[test]
fn rows_are_found_by_what_their_relations_lead_to() {
    let mut rig = Rig::new();
    rig.put("tag", &json!({"id": "t", "name": "red"}));
    for id in 0..1000 {
        let tags = if id % 100 == 0 { json!(["t", "u"]) } else { json!(["u"]) };
        rig.put("file", &json!({"id": format!("{id:03}"), "tag_ids": tags, "folder_id": "d"}));
    }
    let red = rig.mount(&json!({"from": "file", "where": {"tags": {"some": {"name": "red"}}}}));
    let folders = rig
        .mount(&json!({"from": "folder", "where": {"files": {"none": {"tags": {"some": {"name": "red"}}}}}}));
    rig.put("folder", &json!({"id": "d"}));
    rig.put("folder", &json!({"id": "e"}));
    assert_eq!((rig.host.total(red), rig.host.column(folders, "id")), (10, vec!["e".to_owned()]));
    let before = rig.cache.stats().views_evaluated;
    rig.put("tag", &json!({"id": "t", "name": "blue"}));
    assert_eq!((rig.host.total(red), rig.host.total(folders)), (0, 2));
    let evaluated = rig.cache.stats().views_evaluated - before;
    assert_eq!(evaluated, 11, "the files that have the tag, and their folder");
    rig.put("tag", &json!({"id": "u", "name": "red"}));
    assert_eq!((rig.host.total(red), rig.host.total(folders)), (1000, 1));
    rig.host.unmount(&mut rig.cache, red);
    rig.host.unmount(&mut rig.cache, folders);
    assert_eq!((rig.cache.stats().views, rig.host.held()), (0, 0));
}

#[test]
fn what_changes_while_it_is_moved_out_of_a_relations_window_and_back_is_shown_as_it_is() {
    let mut rig = Rig::new();
    rig.put("tag", &json!({"id": "t"}));
    rig.put("file", &json!({"id": "2", "tag_ids": ["t"]}));
    rig.put("file", &json!({"id": "4", "name": "old", "tag_ids": ["t"]}));
    let tags = rig.mount(&json!({"from": "tag", "include": {"files": {"offset": 1}}}));
    assert_eq!(rig.host.list(tags)[0]["files"][0]["name"], "old");
    let batch = json!({"ResourceChangedBatch": {"resource_type": "file", "resources": [
        {"id": "2", "tag_ids": []},
        {"id": "4", "name": "new", "tag_ids": ["t"]},
        {"id": "0", "tag_ids": ["t"]},
    ]}});
    rig.host.deliver(rig.cache.apply(batch.to_string())).unwrap();
    assert_eq!(rig.host.list(tags)[0]["files"], json!([{"id": "4", "name": "new", "tag_ids": ["t"]}]));
}

#[test]
fn what_cannot_be_included_is_refused_by_name() {
    let mut rig = Rig::new();
    let error = rig.refusal(&json!({"from": "file", "include": {"tagz": true}}));
    assert_eq!(
        error,
        "query.unknown_relation: `include.tagz` is not a relation of `file`; it has `folder`, `tags`"
    );
    let error = rig.refusal(&json!({"from": "tag", "include": {"files": {"include": {"owner": true}}}}));
    assert!(error.starts_with("query.unknown_relation: `include.files.include.owner`"), "{error}");
    let error = rig.refusal(&json!({"from": "note", "include": {"x": true}}));
    assert!(error.ends_with("the registry gives it none"), "{error}");
    let error = rig.refusal(&json!({"from": "file", "include": {"folder": {"limit": 1}}}));
    assert!(error.starts_with("query.includes_one: `include.folder` leads to one `folder`"), "{error}");
    let query = |json: Json| Query::parse(json.to_string()).unwrap_err().kind();
    assert_eq!(query(json!({"from": "file", "include": {"tags": false}})), "query.wrong_type");
    assert_eq!(query(json!({"from": "file", "include": {"tags": {"after": {}}}})), "query.unknown_key");
    let deep = (0..6).fold(json!(true), |inner, _| json!({"include": {"parent": inner}}));
    assert_eq!(query(json!({"from": "folder", "include": {"parent": deep}})), "query.include_too_deep");
    assert_eq!(rig.cache.stats().queries, 0);
}

// The property: after every random step, every query shows what a naive look at all rows says.

type Tables = BTreeMap<&'static str, BTreeMap<String, Json>>;

#[derive(Debug, Clone)]
pub enum Step {
    Put(&'static str, Json),
    Batch(&'static str, Vec<Json>),
    Delete(&'static str, String),
    Mount(Json),
    Unmount(u8),
    Window(u8, u8, u8),
    Edit(&'static str, String, Json),
    Settle(bool),
}

fn arb_id(prefix: &'static str, most: u8) -> impl Strategy<Value = String> {
    (0..most).prop_map(move |number| format!("{prefix}{number}"))
}

fn arb_folder_id() -> impl Strategy<Value = Json> {
    prop_oneof![4 => arb_id("d", 4).prop_map(Json::from), 1 => Just(Json::Null)]
}

fn arb_fields(resource_type: &'static str) -> BoxedStrategy<Json> {
    let name = (0..4_u8).prop_map(|name| format!("n{name}"));
    match resource_type {
        "file" => (name, arb_folder_id(), prop::collection::vec(arb_id("t", 4), 0..4))
            .prop_map(|(name, folder, tags)| json!({"name": name, "folder_id": folder, "tag_ids": tags}))
            .boxed(),
        "folder" => (name, arb_folder_id())
            .prop_map(|(name, parent)| json!({"name": name, "parent_id": parent}))
            .boxed(),
        _ => name.prop_map(|name| json!({"name": name})).boxed(),
    }
}

fn arb_id_of(resource_type: &'static str) -> BoxedStrategy<String> {
    match resource_type {
        "file" => arb_id("f", 8).boxed(),
        "folder" => arb_id("d", 4).boxed(),
        _ => arb_id("t", 4).boxed(),
    }
}

fn arb_type() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["file", "file", "folder", "tag"])
}

fn arb_row() -> impl Strategy<Value = (&'static str, Json)> {
    arb_type().prop_flat_map(|resource_type| {
        (arb_id_of(resource_type), arb_fields(resource_type)).prop_map(move |(id, mut fields)| {
            fields["id"] = json!(id);
            (resource_type, fields)
        })
    })
}

/// What may be included of each type: name, many, target.
fn relations(resource_type: &str) -> &'static [(&'static str, bool, &'static str)] {
    match resource_type {
        "file" => &[("folder", false, "folder"), ("tags", true, "tag")],
        "folder" => &[
            ("parent", false, "folder"),
            ("children", true, "folder"),
            ("files", true, "file"),
            ("first", false, "file"),
        ],
        _ => &[("files", true, "file")],
    }
}

fn arb_includes(resource_type: &'static str, depth: u8) -> BoxedStrategy<Json> {
    let options = relations(resource_type);
    let chosen = prop::sample::subsequence(options.to_vec(), 1..=options.len());
    chosen
        .prop_flat_map(move |chosen| {
            let parts: Vec<_> = chosen
                .into_iter()
                .map(|(name, many, target)| {
                    arb_include(many, target, depth).prop_map(move |part| (name, part))
                })
                .collect();
            parts.prop_map(|parts| {
                parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect::<Map<_, _>>().into()
            })
        })
        .boxed()
}

fn arb_include(many: bool, target: &'static str, depth: u8) -> BoxedStrategy<Json> {
    let below = if depth == 0 {
        Just(None).boxed()
    } else {
        prop_oneof![2 => Just(None), 1 => arb_includes(target, depth - 1).prop_map(Some)].boxed()
    };
    let picks = (
        prop::option::weighted(0.3, arb_related(target, u8::from(depth > 0))),
        prop::option::weighted(0.4, prop::sample::select(vec!["asc", "desc"])),
        prop::option::weighted(0.4, 0..3_u32),
        prop::option::weighted(0.2, 0..2_u32),
    );
    (below, picks)
        .prop_map(move |(below, (filter, order, limit, offset))| {
            let mut part = Map::new();
            if many {
                part.extend(filter.map(|filter| ("where".to_owned(), filter)));
                part.extend(order.map(|order| ("orderBy".to_owned(), json!([{"name": order}]))));
                part.extend(limit.map(|limit| ("limit".to_owned(), json!(limit))));
                part.extend(offset.map(|offset| ("offset".to_owned(), json!(offset))));
            }
            part.extend(below.map(|below| ("include".to_owned(), below)));
            if part.is_empty() { json!(true) } else { part.into() }
        })
        .boxed()
}

/// Conditions on what relations lead to.
fn arb_related(resource_type: &'static str, depth: u8) -> BoxedStrategy<Json> {
    let plain = (0..4_u8).prop_map(|name| json!({"name": {"ne": format!("n{name}")}}));
    if depth == 0 {
        return plain.boxed();
    }
    let related =
        prop::sample::select(relations(resource_type).to_vec()).prop_flat_map(move |(name, _, target)| {
            let quantifier = prop::sample::select(vec!["some", "none", "every"]);
            (quantifier, arb_related(target, depth - 1))
                .prop_map(move |(quantifier, filter)| json!({name: {quantifier: filter}}))
        });
    let related = related.boxed();
    prop_oneof![
        1 => plain.clone(),
        3 => related.clone(),
        1 => related.clone().prop_map(|filter| json!({"not": filter})),
        1 => (related, plain).prop_map(|(a, b)| json!({"or": [a, b]})),
    ]
    .boxed()
}

fn arb_query() -> impl Strategy<Value = Json> {
    arb_type().prop_flat_map(|resource_type| {
        let parts = (
            prop_oneof![1 => Just(None), 6 => arb_includes(resource_type, 2).prop_map(Some)],
            prop::option::weighted(0.5, 0..5_u32),
            any::<bool>(),
            prop::option::weighted(0.4, arb_related(resource_type, 2)),
        );
        parts.prop_map(move |(include, limit, by_name, filter)| {
            let mut query = json!({"from": resource_type});
            if let Some(filter) = filter {
                query["where"] = filter;
            }
            if by_name {
                query["orderBy"] = json!([{"name": "asc"}]);
            }
            if let Some(limit) = limit {
                query["limit"] = json!(limit);
            }
            if let Some(include) = include {
                query["include"] = include;
            }
            query
        })
    })
}

pub fn arb_step() -> impl Strategy<Value = Step> {
    let deletion = arb_type()
        .prop_flat_map(|resource_type| arb_id_of(resource_type).prop_map(move |id| (resource_type, id)));
    let edit = arb_row().prop_map(|(resource_type, mut row)| {
        let id = row["id"].take().as_str().unwrap().to_owned();
        row.as_object_mut().unwrap().remove("id");
        Step::Edit(resource_type, id, row)
    });
    prop_oneof![
        8 => arb_row().prop_map(|(resource_type, row)| Step::Put(resource_type, row)),
        1 => prop::collection::vec(arb_row(), 0..12).prop_map(|rows| {
            let only = rows.first().map_or("file", |row| row.0);
            Step::Batch(only, rows.into_iter().filter(|row| row.0 == only).map(|row| row.1).collect())
        }),
        2 => deletion.prop_map(|(resource_type, id)| Step::Delete(resource_type, id)),
        3 => arb_query().prop_map(Step::Mount),
        1 => any::<u8>().prop_map(Step::Unmount),
        1 => (any::<u8>(), 0..4_u8, 0..4_u8).prop_map(|(which, offset, limit)| Step::Window(which, offset, limit)),
        2 => edit,
        2 => any::<bool>().prop_map(Step::Settle),
    ]
}

struct Model {
    confirmed: Tables,
    edits: Vec<(String, &'static str, String, Json)>,
    queries: Vec<(QueryId, Json)>,
    made: usize,
}

impl Model {
    fn visible(&self) -> Tables {
        let mut tables = self.confirmed.clone();
        for (_, resource_type, id, fields) in &self.edits {
            if let Some(row) = tables.get_mut(resource_type).and_then(|rows| rows.get_mut(id)) {
                row.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            }
        }
        tables
    }
}

/// The ids of the rows that a relation leads to, in the order in which the row names them.
fn named(tables: &Tables, resource_type: &str, row: &Json, relation: &str) -> Vec<String> {
    let (_, _, target) = *relations(resource_type).iter().find(|known| known.0 == relation).unwrap();
    let id = &row["id"];
    let one = |field: &str| row[field].as_str().map(str::to_owned).into_iter().collect();
    match (resource_type, relation) {
        ("file", "folder") => one("folder_id"),
        ("folder", "parent") => one("parent_id"),
        ("file", "tags") => {
            row["tag_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
        }
        _ => {
            let names = |other: &Json| match (resource_type, relation) {
                ("folder", "children") => other["parent_id"] == *id,
                ("folder", _) => other["folder_id"] == *id,
                _ => other["tag_ids"].as_array().unwrap().contains(id),
            };
            let all = tables.get(target).into_iter().flatten();
            all.filter(|(_, other)| names(other)).map(|(id, _)| id.clone()).collect()
        }
    }
}

/// Does the row pass, by what its relations lead to?
fn passes(tables: &Tables, resource_type: &str, row: &Json, filter: &Json) -> bool {
    filter.as_object().into_iter().flatten().all(|(key, condition)| match key.as_str() {
        "not" => !passes(tables, resource_type, row, condition),
        "or" => condition.as_array().unwrap().iter().any(|part| passes(tables, resource_type, row, part)),
        "name" => row["name"] != condition["ne"],
        relation => {
            let (_, _, target) = *relations(resource_type).iter().find(|known| known.0 == relation).unwrap();
            let (quantifier, filter) = condition.as_object().unwrap().iter().next().unwrap();
            let there: Vec<&Json> = named(tables, resource_type, row, relation)
                .iter()
                .filter_map(|id| tables.get(target)?.get(id))
                .collect();
            let mut found = there.into_iter().map(|other| passes(tables, target, other, filter));
            match quantifier.as_str() {
                "some" => found.any(|passed| passed),
                "none" => !found.any(|passed| passed),
                _ => found.all(|passed| passed),
            }
        }
    })
}

/// The rows that a query, or the like of one, selects of these.
fn select(tables: &Tables, resource_type: &str, part: &Json, rows: &BTreeMap<String, Json>) -> Vec<String> {
    let mut query = part.as_object().cloned().unwrap_or_default();
    query.remove("include");
    let filter = query.remove("where").unwrap_or_default();
    let rows = rows.iter().filter(|(_, row)| passes(tables, resource_type, row, &filter));
    query.insert("from".to_owned(), json!(resource_type));
    let query = Query::parse(Json::from(query).to_string()).unwrap();
    oracle::evaluate(&query, "id", rows.map(|(id, row)| (id.as_str(), row))).ids
}

fn with_relations(tables: &Tables, resource_type: &str, row: &Json, include: &Json) -> Json {
    let mut row = row.clone();
    for (name, part) in include.as_object().into_iter().flatten() {
        let (_, many, target) = *relations(resource_type).iter().find(|relation| relation.0 == name).unwrap();
        let all = tables.get(target).cloned().unwrap_or_default();
        let named = named(tables, resource_type, &row, name);
        let present: BTreeMap<String, Json> =
            named.iter().filter_map(|id| Some((id.clone(), all.get(id)?.clone()))).collect();
        let chosen = select(tables, target, part, &present);
        let in_own_order = name == "tags" && part.get("orderBy").is_none();
        let ids: Vec<String> = if in_own_order {
            let mut unwindowed = part.as_object().cloned().unwrap_or_default();
            let offset = unwindowed.remove("offset").map_or(0, |offset| offset.as_u64().unwrap() as usize);
            let limit = unwindowed.remove("limit").map_or(99, |limit| limit.as_u64().unwrap() as usize);
            let matching = select(tables, target, &unwindowed.into(), &present);
            named.into_iter().filter(|id| matching.contains(id)).skip(offset).take(limit).collect()
        } else if name == "tags" {
            // An id that is named twice is shown twice.
            let mut unwindowed = part.as_object().cloned().unwrap_or_default();
            let offset = unwindowed.remove("offset").map_or(0, |offset| offset.as_u64().unwrap() as usize);
            let limit = unwindowed.remove("limit").map_or(99, |limit| limit.as_u64().unwrap() as usize);
            let sorted = select(tables, target, &unwindowed.into(), &present);
            let times = |id: String| {
                let count = named.iter().filter(|named| **named == id).count();
                std::iter::repeat_n(id, count)
            };
            sorted.into_iter().flat_map(times).skip(offset).take(limit).collect()
        } else {
            chosen
        };
        let mut objects: Vec<Json> = ids
            .iter()
            .map(|id| with_relations(tables, target, &all[id], part.get("include").unwrap_or(&Json::Null)))
            .collect();
        row[name] = if many {
            objects.into()
        } else if objects.is_empty() {
            Json::Null
        } else {
            objects.swap_remove(0)
        };
    }
    row
}

fn take(step: &Step, rig: &mut Rig, model: &mut Model) {
    match step {
        Step::Put(resource_type, row) => {
            let id = row["id"].as_str().unwrap().to_owned();
            model.confirmed.entry(resource_type).or_default().insert(id, row.clone());
            rig.put(resource_type, row);
        }
        Step::Batch(resource_type, rows) => {
            for row in rows {
                let id = row["id"].as_str().unwrap().to_owned();
                model.confirmed.entry(resource_type).or_default().insert(id, row.clone());
            }
            let event = json!({"ResourceChangedBatch": {"resource_type": resource_type, "resources": rows}});
            rig.host.deliver(rig.cache.apply(event.to_string())).unwrap();
        }
        Step::Delete(resource_type, id) => {
            model.confirmed.entry(resource_type).or_default().remove(id);
            rig.delete(resource_type, id);
        }
        Step::Mount(query) => model.queries.push((rig.mount(query), query.clone())),
        Step::Unmount(which) => {
            if !model.queries.is_empty() {
                let (id, _) = model.queries.remove(*which as usize % model.queries.len());
                rig.host.unmount(&mut rig.cache, id);
            }
        }
        Step::Window(which, offset, limit) => {
            let count = model.queries.len();
            if let Some((id, query)) = model.queries.get_mut(*which as usize % count.max(1)) {
                let window = json!({"offset": offset, "limit": limit});
                let window = serde_json::from_value(window).unwrap();
                rig.host.deliver(rig.cache.set_window(*id, &window)).unwrap();
                query["offset"] = json!(offset);
                query["limit"] = json!(limit);
            }
        }
        Step::Edit(resource_type, id, fields) => {
            let mutation = format!("m{}", model.made);
            model.made += 1;
            let json = json!({"id": mutation, "name": "edit", "args": null, "optimistic": [
                {"type": "merge", "data": {"resource_type": resource_type, "id": id, "fields": fields}}
            ]});
            rig.host.deliver(rig.cache.mutate(serde_json::from_value(json).unwrap())).unwrap();
            model.edits.push((mutation, resource_type, id.clone(), fields.clone()));
        }
        Step::Settle(accepted) => {
            if model.edits.is_empty() {
                return;
            }
            let (id, ..) = model.edits.remove(0);
            let reason = larder::outbox::Rejection { kind: "no".into(), message: "no".into() };
            let step = if *accepted { rig.cache.ack(&id, None) } else { rig.cache.reject(&id, reason) };
            rig.host.deliver(step).unwrap();
        }
    }
}

/// Whether some relations show only some of their rows, by their place.
fn has_window(include: &Json) -> bool {
    let shown = include.as_object().into_iter().flat_map(|include| include.values());
    shown.into_iter().any(|relation| {
        let has = |key: &str| relation.get(key).is_some_and(|value| !value.is_null() && *value != 0);
        has("offset") || relation.get("limit").is_some() || has_window(&relation["include"])
    })
}

fn check(rig: &Rig, model: &Model, before: &BTreeMap<u32, Vec<Rc<Json>>>) -> Result<(), TestCaseError> {
    let tables = model.visible();
    for (id, query) in &model.queries {
        let resource_type = query["from"].as_str().unwrap();
        let empty = BTreeMap::new();
        let rows = tables.get(resource_type).unwrap_or(&empty);
        let mut plain = query.clone();
        plain.as_object_mut().unwrap().remove("from");
        let expected: Vec<Json> = select(&tables, resource_type, &plain, rows)
            .iter()
            .map(|id| with_relations(&tables, resource_type, &rows[id], &query["include"]))
            .collect();
        prop_assert_eq!(rig.host.list(*id), expected.clone(), "{}", query);
        let composed: Vec<Json> =
            rig.cache.rows(*id).map(|row| serde_json::from_slice(&row).unwrap()).collect();
        prop_assert_eq!(composed, expected);
        // What one step moves into such a window and out of it again is sent again.
        let old = match has_window(&query["include"]) {
            true => &[][..],
            false => before.get(&id.as_u32()).map_or(&[][..], Vec::as_slice),
        };
        for object in rig.host.objects(*id) {
            let twin = old.iter().find(|old| old["id"] == object["id"]);
            if let Some(twin) = twin.filter(|twin| ***twin == *object) {
                prop_assert!(
                    Rc::ptr_eq(twin, &object),
                    "a row that shows the same is the same object: {}",
                    query
                );
            }
        }
    }
    Ok(())
}

/// Takes the steps, looking at everything after each. The fuzzer has it, too.
pub fn run(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut rig = Rig::new();
    let mut model = Model { confirmed: Tables::new(), edits: Vec::new(), queries: Vec::new(), made: 0 };
    for step in steps {
        // What changes and changes back within one batch is sent again.
        let known = if let Step::Batch(..) = step { &[][..] } else { &model.queries };
        let before = known.iter().map(|(id, _)| (id.as_u32(), rig.host.objects(*id))).collect();
        take(step, &mut rig, &mut model);
        check(&rig, &model, &before)?;
    }
    for (id, _) in std::mem::take(&mut model.queries) {
        rig.host.unmount(&mut rig.cache, id);
    }
    prop_assert_eq!(rig.host.held(), 0, "the host holds nothing that nobody shows");
    prop_assert_eq!(rig.cache.stats().views, 0);
    Ok(())
}

proptest! {
    #[test]
    fn rows_show_what_a_naive_look_at_all_rows_says(steps in prop::collection::vec(arb_step(), 1..60)) {
        run(&steps)?;
    }
}
