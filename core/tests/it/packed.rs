//! Packed rows, read by a reader that shares nothing with the packer.

mod golden;
mod random;
mod reader;

use larder::registry::{LayoutField, ResourceType};
use larder::{Cache, Config, Registry, RowEncoding, query::Query};
use reader::{PackedRow, read_rows};
use serde_json::{Value, json};

/// A cache whose patches have packed rows, with one type, `file`.
fn cache(layout: Option<Vec<LayoutField>>) -> Cache {
    let mut file = ResourceType::new("file");
    file.layout = layout;
    let registry = Registry::builder().resource(file).build().unwrap();
    Cache::new(registry, Config { row_encoding: RowEncoding::Packed, ..Config::default() })
}

/// The rows in the patch of an event about one resource, whose fields are these.
fn sent(cache: &mut Cache, layout: &[LayoutField], resource: &str) -> Vec<PackedRow> {
    let event = format!(r#"{{"ResourceChanged":{{"resource_type":"file","resource":{resource}}}}}"#);
    let step = cache.apply(event);
    step.result.unwrap();
    read_rows(step.patch.unwrap().as_bytes(), &[Some(layout.to_vec())])
}

#[test]
fn a_row_that_is_corrected_is_packed_again() {
    let layout: Vec<LayoutField> =
        serde_json::from_str(r#"[{"name":"id","type":"text"},{"name":"size","type":"int"}]"#).unwrap();
    let mut cache = cache(Some(layout.clone()));
    let _ = cache.mount(&Query::parse(r#"{"from":"file"}"#).unwrap());
    let misfit = "`size`: expected an integer of 64 bits, found null".to_owned();
    assert_eq!(sent(&mut cache, &layout, r#"{"id":"1","size":null}"#), [PackedRow::Misfit(misfit)]);
    let says = json!({"id": "1", "size": 3});
    assert_eq!(sent(&mut cache, &layout, r#"{"id":"1","size":3}"#), [PackedRow::Packed(says)]);
}

#[test]
fn rows_are_json_unless_packed_ones_are_asked_for() {
    let config: Config = serde_json::from_str(r#"{"rowEncoding":"packed"}"#).unwrap();
    assert_eq!(config.row_encoding, RowEncoding::Packed);
    assert_eq!(Config::default().row_encoding, RowEncoding::Json);
    let mut plain = Cache::new(Registry::default(), Config::default());
    let patch = plain.mount(&Query::parse(r#"{"from":"file"}"#).unwrap()).patch.unwrap();
    assert_eq!(patch.as_bytes()[8..12], 0_u32.to_le_bytes());
}

#[test]
fn a_type_without_a_layout_comes_as_json() {
    let mut cache = cache(None);
    let _ = cache.mount(&Query::parse(r#"{"from":"file"}"#).unwrap());
    let row: Value = json!({"id": "1", "size": [1, 2]});
    assert_eq!(
        sent(&mut cache, &[], &row.to_string()),
        [PackedRow::Json(row.clone())],
        "no layout is asked of the reader either"
    );
}
