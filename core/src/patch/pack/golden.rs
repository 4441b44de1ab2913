//! The golden patches with packed rows: given a description, the writer must write the bytes of its file. That those bytes say
//! what the description says is read by a reader of the tests' own.

use serde_json::Value;

use crate::config::{Config, RowEncoding};
use crate::patch::golden::check;
use crate::patch::rows::RowEncoder;
use crate::registry::{Registry, ResourceType};

/// Types with the layouts of a case.
fn registry(case: &Value) -> Registry {
    let layouts = case["layouts"].as_array().unwrap().iter().enumerate();
    let types = layouts.map(|(index, layout)| {
        let mut resource = ResourceType::new(format!("type {index}"));
        resource.layout = serde_json::from_value(layout.clone()).unwrap();
        resource
    });
    types.fold(Registry::builder(), |registry, resource| registry.resource(resource)).build().unwrap()
}

#[test]
fn every_golden_patch_with_packed_rows_is_written_byte_for_byte() {
    let config = Config { row_encoding: RowEncoding::Packed, ..Config::default() };
    let checked = check("packed", |case| RowEncoder::new(&registry(case), &config));
    assert!(checked >= 10, "the golden patches are there: {checked}");
}
