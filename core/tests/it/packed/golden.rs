//! The golden patches with packed rows say what their descriptions say.

use std::path::Path;

use serde_json::Value;

use super::reader::{PackedRow, read_rows};

/// Numbers by their value: a description may write `3` where a float is read.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        _ => a == b,
    }
}

fn check(row: &PackedRow, described: &Value) -> bool {
    match row {
        PackedRow::Packed(value) => is_same(value, &described["says"]),
        PackedRow::Misfit(message) => *message == described["misfit"],
        PackedRow::Json(value) => {
            let json = described["json"].as_str().unwrap();
            described.get("says").is_none() && *value == serde_json::from_str::<Value>(json).unwrap()
        }
    }
}

#[test]
fn every_golden_patch_with_packed_rows_says_what_its_description_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/patch/packed");
    let mut checked = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let case: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let layouts: Vec<_> = serde_json::from_value(case["layouts"].clone()).unwrap();
        for step in case["steps"].as_array().unwrap() {
            let rows =
                read_rows(&std::fs::read(folder.join(step["patch"].as_str().unwrap())).unwrap(), &layouts);
            let described = step["rows"].as_array().unwrap();
            assert_eq!(rows.len(), described.len());
            for (row, described) in rows.iter().zip(described) {
                assert!(check(row, described), "{}: {row:?} is not {described}", step["patch"]);
                checked += 1;
            }
        }
    }
    assert!(checked >= 35, "the golden patches are there: {checked}");
}
