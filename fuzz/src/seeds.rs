//! What the fuzzers begin with: what the golden scenarios do, as lines, and some steps and damages drawn at random.

use std::path::Path;

use serde_json::Value as Json;

use crate::agreed::QUERIES;

/// Writes the seeds of a fuzzer to the folder that `LARDER_SEEDS` names; without one there are none.
pub fn write(target: &str) {
    let Some(folder) = std::env::var_os("LARDER_SEEDS") else { return };
    for (index, seed) in seeds(target).into_iter().enumerate() {
        std::fs::write(Path::new(&folder).join(format!("seed-{index}")), seed).unwrap();
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "query" => queries(),
        "persisted" => (0..128).map(|seed| random(seed, 2 + seed as usize % 30)).collect(),
        "ivm" => (0..256).map(|seed| random(seed, 1 + seed as usize % 128)).collect(),
        _ => scenarios().iter().map(|scenario| lines(scenario, target == "frames")).collect(),
    }
}

fn scenarios() -> Vec<Json> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let files = files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()).collect()
}

fn steps(scenario: &Json) -> impl Iterator<Item = (&String, &Json)> {
    scenario["steps"].as_array().into_iter().flatten().filter_map(Json::as_object).flatten()
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A scenario in the language of `events`, or of `frames`.
fn lines(scenario: &Json, is_connected: bool) -> Vec<u8> {
    let lines = steps(scenario).filter_map(|(key, value)| {
        Some(match key.as_str() {
            "apply" | "receive" => text(value),
            "mount" => format!("?{}", value["query"]),
            "mutate" => format!("!{value}"),
            "ack" if !is_connected => format!("={}", text(&value["id"])),
            "connect" => "+".to_owned(),
            "connected" => "*".to_owned(),
            "disconnected" => "-".to_owned(),
            "disconnect" => ".".to_owned(),
            "tick" => "~10000".to_owned(),
            _ => return None,
        })
    });
    let lines: Vec<String> = lines.map(|line| line.replace('\n', " ")).collect();
    format!("0{}", lines.join("\n")).into_bytes()
}

fn queries() -> Vec<Vec<u8>> {
    let scenarios = scenarios();
    let mounted = scenarios.iter().flat_map(steps).filter(|(key, _)| *key == "mount");
    let mounted = mounted.map(|(_, mount)| mount["query"].to_string());
    QUERIES.into_iter().map(str::to_owned).chain(mounted).map(String::into_bytes).collect()
}

fn random(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed + 1;
    let next = |_| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (state >> 56) as u8
    };
    (0..length).map(next).collect()
}
