//! The golden patches that every host is tested with: after the bytes of each file, the lists show what the description says.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::watch;

use super::{Mirror, TypedList};
use crate::live_query::QueryResult;

type Readers = HashMap<String, watch::Receiver<Arc<QueryResult<Value>>>>;

fn mount(mirror: &mut Mirror, readers: &mut Readers, query: &str) {
    if !readers.contains_key(query) {
        let (sender, reader) = watch::channel(Arc::default());
        mirror.mount(query.parse().unwrap(), Box::new(TypedList::new(sender)));
        readers.insert(query.to_owned(), reader);
    }
}

fn check(case: &Value, folder: &Path) -> usize {
    let (mut mirror, mut readers) = (Mirror::default(), Readers::default());
    let steps = case["steps"].as_array().unwrap();
    for step in steps {
        let file = step["patch"].as_str().unwrap();
        let shows = step["shows"].as_object().unwrap();
        shows.keys().for_each(|query| mount(&mut mirror, &mut readers, query));
        let mut faults = Vec::new();
        mirror.apply(&std::fs::read(folder.join(file)).unwrap(), &mut faults);
        assert!(faults.is_empty(), "{file}: {faults:?}");
        mirror.publish();
        for (query, expected) in shows {
            let shown = readers[query].borrow().clone();
            assert_eq!(Value::from(shown.total), expected["total"], "{file}");
            assert_eq!(shown.aggregates.as_deref(), expected.get("aggregates"), "{file}");
            let data: Vec<&Value> = shown.data.iter().map(Arc::as_ref).collect();
            assert_eq!(serde_json::to_value(data).unwrap(), expected["data"], "{file}");
        }
    }
    steps.len()
}

#[test]
fn every_golden_patch_is_read_to_what_it_shows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/patch");
    let mut checked = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            checked += check(&serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap(), &folder);
        }
    }
    assert!(checked >= 30, "the golden patches are there: {checked}");
}

/// Which objects of the only list are the same after the last file as before it.
fn kept(files: &[&str]) -> Vec<bool> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/patch");
    let (mut mirror, mut readers) = (Mirror::default(), Readers::default());
    mount(&mut mirror, &mut readers, "1");
    let mut shown = Vec::new();
    for file in files {
        mirror.apply(&std::fs::read(folder.join(file)).unwrap(), &mut Vec::new());
        mirror.publish();
        shown.push(readers["1"].borrow().clone());
    }
    let [.., before, after] = &shown[..] else { panic!("two at least") };
    before.data.iter().zip(&after.data).map(|(a, b)| Arc::ptr_eq(a, b)).collect()
}

#[test]
fn only_the_row_that_changed_is_another_object() {
    assert_eq!(kept(&["changed_in_place.1.bin", "changed_in_place.2.bin"]), [true, false, true]);
}

#[test]
fn only_the_object_whose_relations_changed_is_another_one() {
    assert_eq!(kept(&["shape_one.1.bin", "shape_one.2.bin"]), [false, true]);
    assert_eq!(kept(&["shape_nested.1.bin", "shape_nested.2.bin", "shape_nested.3.bin"]), [false, true]);
}
