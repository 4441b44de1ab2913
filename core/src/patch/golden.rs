//! The golden patches that every host is tested with: given a description, the writer must write the bytes of its file.

use std::path::Path;

use serde_json::Value;

use super::{PatchWriter, QueryChange, RowEncoder, ShapeEdge};
use crate::config::{Config, RowEncoding};
use crate::registry::Registry;
use crate::store::Address;

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// The parts of that name; none where a step is silent about them.
fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of.get(name).map_or(&[], |list| list.as_array().unwrap())
}

fn write_shapes<'a>(writer: &mut PatchWriter<'_>, step: &'a Value) {
    for shape in list(step, "shapes") {
        let edge = |edge: &'a Value| ShapeEdge {
            name: edge["name"].as_str().unwrap(),
            many: edge["many"].as_bool().unwrap(),
            child: number(&edge["child"]),
        };
        let edges: Vec<ShapeEdge<'_>> = list(shape, "edges").iter().map(edge).collect();
        writer.shape(number(&shape["type"]), number(&shape["base"]), &edges);
    }
    for node in list(step, "nodes") {
        writer.begin_node(number(&node["type"]), number(&node["slot"]));
        for slots in list(node, "edges") {
            writer.edge(slots.as_array().unwrap().iter().map(number));
        }
    }
}

/// The bytes of a step's patch.
fn write(step: &Value, encoder: &mut RowEncoder) -> Vec<u8> {
    let mut writer = PatchWriter::new(encoder);
    for row in step["rows"].as_array().unwrap() {
        let (kind, slot) = (number(&row["type"]), number(&row["slot"]));
        let json = row["json"].as_str().unwrap().as_bytes();
        if row["changes"] == true { writer.changes(kind, slot, json) } else { writer.row(kind, slot, json) }
    }
    write_shapes(&mut writer, step);
    for released in step["released"].as_array().unwrap() {
        writer.release(number(&released["type"]), number(&released["slot"]));
    }
    for query in step["queries"].as_array().unwrap() {
        let mut splices = Vec::new();
        for splice in query["splices"].as_array().unwrap() {
            let slots = splice["insert"].as_array().unwrap();
            splices.extend([number(&splice["position"]), number(&splice["remove"]), slots.len() as u32]);
            splices.extend(slots.iter().map(number));
        }
        writer.query(&QueryChange {
            query: number(&query["query"]),
            table: number(&query["type"]),
            reset: query["reset"].as_bool().unwrap(),
            is_partial: query["partial"].as_bool().unwrap_or_default(),
            total: number(&query["total"]),
            length: number(&query["length"]),
            aggregates: query
                .get("aggregates")
                .map(|at| Address { table: number(&at["type"]), slot: number(&at["slot"]) }),
            splice_count: query["splices"].as_array().unwrap().len() as u32,
            splices: &splices,
        });
    }
    writer.finish().unwrap().into_bytes()
}

/// Checks the patches of every case in a folder below the golden ones; `encoder` makes the one of a case. Returns how many there are.
pub(super) fn check(folder: &str, encoder: impl Fn(&Value) -> RowEncoder) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/patch").join(folder);
    let mut checked = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let case: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let mut encoder = encoder(&case);
        for step in list(&case, "steps") {
            let file = folder.join(step["patch"].as_str().unwrap());
            let written = write(step, &mut encoder);
            if encoder.encoding() == 1 && std::env::var_os("LARDER_UPDATE_GOLDEN").is_some() {
                std::fs::write(&file, &written).unwrap();
            }
            assert_eq!(written, std::fs::read(&file).unwrap(), "{}", file.display());
            checked += 1;
        }
    }
    checked
}

#[test]
fn every_golden_patch_is_written_byte_for_byte() {
    let checked = check("", |_| RowEncoder::new(&Registry::default(), &Config::default()));
    assert!(checked >= 30, "the golden patches are there: {checked}");
    let changes = Config { row_encoding: RowEncoding::Changes, ..Config::default() };
    let checked = check("changes", |_| RowEncoder::new(&Registry::default(), &changes));
    assert!(checked >= 3, "those with changes are there: {checked}");
}
