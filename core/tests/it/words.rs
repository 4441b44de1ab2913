//! A filter box: what a keystroke costs, counted, and what the index of words costs and when it goes.

use std::fmt::Write;

use larder::query::Query;
use larder::registry::ResourceType;
use larder::{Cache, Config, QueryId, Registry};

use crate::host::Host;

const FILES: u64 = 10_000;

/// Files of 100 names in 10 kinds of comments.
fn files() -> Cache {
    let registry = Registry::builder().resource(ResourceType::new("file")).build().unwrap();
    let mut cache = Cache::new(registry, Config::default());
    let mut batch = String::from(r#"{"ResourceChangedBatch":{"resource_type":"file","resources":["#);
    for id in 0..FILES {
        let comma = if id == 0 { "" } else { "," };
        write!(batch, "{comma}{}", row(id, &format!("Holiday n{} photo_{id:05}.jpg", id % 100))).unwrap();
    }
    batch.push_str("]}}");
    cache.apply(batch).result.unwrap();
    cache
}

fn row(id: u64, name: &str) -> String {
    format!(r#"{{"id":"{id:05}","name":"{name}","comment":"c{}"}}"#, id % 10)
}

fn change(cache: &mut Cache, host: &mut Host, id: u64, name: &str) {
    let row = row(id, name);
    let event = format!(r#"{{"ResourceChanged":{{"resource_type":"file","resource":{row}}}}}"#);
    host.deliver(cache.apply(event)).unwrap();
}

fn typed(text: &str) -> String {
    format!(
        r#"{{"from":"file","where":{{"name":{{"match":"{text}"}}}},"orderBy":["relevance",{{"name":"asc"}}],"limit":20}}"#
    )
}

fn key(cache: &mut Cache, host: &mut Host, shown: &mut Option<QueryId>, text: &str) -> (u64, usize) {
    let before = cache.stats().rows_scanned;
    let query = host.mount(cache, &typed(text));
    if let Some(old) = shown.replace(query) {
        host.unmount(cache, old);
    }
    (cache.stats().rows_scanned - before, host.total(query))
}

#[test]
fn a_keystroke_looks_at_the_rows_that_may_match_and_not_at_the_table() {
    let (mut cache, mut host, mut shown) = (files(), Host::default(), None);
    // (rows looked at, rows that match)
    assert_eq!(key(&mut cache, &mut host, &mut shown, ""), (FILES, 10_000));
    assert_eq!(cache.stats().indexes, 0, "nobody asked for a word");
    assert_eq!(key(&mut cache, &mut host, &mut shown, "n"), (FILES, 10_000), "all have it");
    assert_eq!(key(&mut cache, &mut host, &mut shown, "n9"), (1_100, 1_100));
    assert_eq!(key(&mut cache, &mut host, &mut shown, "n97"), (100, 100));
    assert_eq!(key(&mut cache, &mut host, &mut shown, "holi n97 jpg"), (100, 100), "the rarest word decides");
    assert_eq!(key(&mut cache, &mut host, &mut shown, "n97 0999"), (10, 1));
    assert_eq!(key(&mut cache, &mut host, &mut shown, "n97x"), (0, 0));
    assert_eq!((cache.stats().indexes, cache.stats().indexes_built), (1, 1));
}

#[test]
fn the_index_follows_the_rows_and_ranks_follow_the_names() {
    let (mut cache, mut host, mut shown) = (files(), Host::default(), None);
    key(&mut cache, &mut host, &mut shown, "n97");
    let query = shown.unwrap();
    change(&mut cache, &mut host, 1, "n97 new");
    change(&mut cache, &mut host, 97, "gone");
    change(&mut cache, &mut host, FILES, "N970");
    assert_eq!((host.total(query), host.list(query)[19]["id"].clone()), (101, "02097".into()));
    host.deliver(cache.apply(r#"{"ResourceDeleted":{"resource_type":"file","resource_id":"00001"}}"#))
        .unwrap();
    assert_eq!(host.total(query), 100);
    assert_eq!(key(&mut cache, &mut host, &mut shown, "n97"), (0, 100), "an equal query shares the view");
    assert_eq!(key(&mut cache, &mut host, &mut shown, "n970"), (1, 1));
    change(&mut cache, &mut host, 5, "a n970 b");
    assert_eq!(host.column(shown.unwrap(), "id"), ["10000", "00005"]);
    assert_eq!(cache.stats().indexes_built, 1);
}

#[test]
fn several_fields_are_looked_up_in_their_indexes() {
    let (mut cache, mut host) = (files(), Host::default());
    let before = cache.stats().rows_scanned;
    let query = r#"{"from":"file","where":{"match":{"text":"n97 c7","fields":["name","comment"]}}}"#;
    let found = host.mount(&mut cache, query);
    assert_eq!((host.total(found), cache.stats().rows_scanned - before), (100, 100));
    assert_eq!(cache.stats().indexes, 2);
}

#[test]
fn an_index_goes_when_queries_or_changes_have_not_needed_it_for_long() {
    for mounts in [true, false] {
        let (mut cache, mut host, mut shown) = (files(), Host::default(), None);
        key(&mut cache, &mut host, &mut shown, "n97");
        let other = |cache: &mut Cache, host: &mut Host| {
            let query = host.mount(cache, r#"{"from":"file","where":{"id":"00001"}}"#);
            host.unmount(cache, query);
        };
        let pass = |cache: &mut Cache, host: &mut Host, mounted: usize| match mounts {
            true => (0..mounted).for_each(|_| other(cache, host)),
            false => (0..mounted * 64).for_each(|at| change(cache, host, 7, &format!("n97 {at}"))),
        };
        pass(&mut cache, &mut host, 300);
        assert_eq!(cache.stats().indexes, 1, "the query that uses it is mounted");
        let bytes = cache.stats().index_bytes;
        host.unmount(&mut cache, shown.unwrap());
        pass(&mut cache, &mut host, 200);
        assert_eq!(cache.stats().indexes, 1, "somebody may type again");
        pass(&mut cache, &mut host, 100);
        assert_eq!((cache.stats().indexes, cache.stats().indexes_dropped), (0, 1));
        assert!(cache.stats().index_bytes + 100_000 < bytes);
    }
}

#[test]
fn explain_says_how_rows_were_found_and_what_that_costs() {
    let (mut cache, mut host) = (files(), Host::default());
    let query = Query::parse(typed("n97").replace(r#""limit""#, r#""offset":90,"limit""#)).unwrap();
    let before = cache.explain(&query).unwrap();
    assert_eq!((before.found_by, before.rows_scanned, before.mounted), ("words", 100, 0));
    let mounted = host.mount(&mut cache, query.canonical());
    host.mount(&mut cache, &typed("n97"));
    change(&mut cache, &mut host, 97, "n97 now");
    let after = cache.explain(&query).unwrap();
    assert_eq!((after.mounted, after.times_evaluated, after.matches), (2, 1, 100));
    assert_eq!((after.first, after.shown, host.list(mounted).len()), (90, 10, 10));
    assert_eq!(after.route, None, "every change is tried on it");
    let [column] = &after.columns[..] else { panic!("{after:?}") };
    assert!(column.field == "name" && column.bytes > FILES);
    let [index] = &after.indexes[..] else { panic!("{after:?}") };
    assert_eq!((index.kind, index.field.as_str()), ("words", "name"));
    assert!(index.bytes > FILES * 12, "{index:?}");

    let by_value =
        |text: &str| Query::parse(format!(r#"{{"from":"file","where":{{"comment":"{text}"}}}}"#)).unwrap();
    assert_eq!(cache.explain(&by_value("c1")).unwrap().found_by, "values", "made as the field is read");
    host.mount(&mut cache, by_value("c1").canonical());
    let second = cache.explain(&by_value("c2")).unwrap();
    assert_eq!(
        (second.found_by, second.rows_scanned, second.route.as_deref()),
        ("values", 1_000, Some("comment"))
    );
    assert_eq!(second.indexes[0].kind, "values");
    let by_id = Query::parse(r#"{"from":"file","where":{"id":"00007"}}"#).unwrap();
    assert_eq!(cache.explain(&by_id).unwrap().found_by, "ids");
    assert_eq!(cache.stats().queries, 3, "explaining mounts nothing");
    let unknown = Query::parse(r#"{"from":"file","groupBy":["comment"],"aggregate":{"n":"count"}}"#).unwrap();
    assert_eq!(cache.explain(&unknown).unwrap().matches, FILES as u32);
}
