//! The paths that run per event, natively: `cargo bench -p larder`. Compare with a run of your own on the same machine.

#![allow(clippy::expect_used, missing_docs)]

use std::fmt::Write;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use larder::query::Query;
use larder::registry::{LayoutField, ResourceType};
use larder::{Cache, Config, QueryId, Registry, RowEncoding};

fn cache() -> Cache {
    let registry = Registry::builder().resource(ResourceType::new("file").version("version")).build();
    Cache::new(registry.expect("the registry is right"), Config::default())
}

/// A file of about 500 bytes.
fn row(id: usize, name: usize, version: usize) -> String {
    format!(
        r#"{{"id":"0190c0de-0000-7000-8000-{id:012x}","location_id":"0190c0de-0000-7000-8000-00000000ffff","parent_id":"folder {}","name":"file {:06}.jpg","extension":"jpg","kind":"image","is_dir":false,"size":{},"path":"library/folder {}/file {name:06}.jpg","content_identity":{{"uuid":"4a2e963f-2fd3-5f25-90e6-80d1a626247b","kind":"image","content_hash":"4a2e963f2fd35f25","entry_count":1}},"favorite":false,"tag_ids":[],"modified_at":"2026-01-01T10:05:33Z","created_at":"2025-11-20T10:05:34.149522Z","version":{version}}}"#,
        id % 10_000,
        name * 7919 % 1_000_000,
        name * 31 % 100_000,
        id % 100,
    )
}

fn batch(count: usize) -> String {
    let mut text = String::from(r#"{"ResourceChangedBatch":{"resource_type":"file","resources":["#);
    for id in 0..count {
        let comma = if id == 0 { "" } else { "," };
        write!(text, "{comma}{}", row(id, id, 1)).expect("a string takes all");
    }
    text.push_str("]}}");
    text
}

fn change(id: usize, name: usize, version: usize) -> String {
    format!(r#"{{"ResourceChanged":{{"resource_type":"file","resource":{}}}}}"#, row(id, name, version))
}

fn full(count: usize) -> Cache {
    let mut cache = cache();
    let _ = cache.apply(batch(count));
    cache
}

fn ingest(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ingest a batch event");
    group.sample_size(10);
    for count in [1_000, 100_000] {
        let text = batch(count);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(count.to_string(), |bencher| {
            bencher.iter_batched(
                || (cache(), text.clone()),
                |(mut cache, text)| black_box(cache.apply(text)),
                BatchSize::PerIteration,
            );
        });
    }
}

fn first_query(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mount the first query");
    group.sample_size(10);
    let query = Query::parse(
        r#"{"from":"file","where":{"kind":"image"},"orderBy":[{"name":{"collate":"natural"}}],"limit":100}"#,
    );
    let query = query.expect("the query is right");
    group.bench_function("100000 rows", |bencher| {
        bencher.iter_batched(
            || full(100_000),
            |mut cache| black_box(cache.mount(&query)),
            BatchSize::PerIteration,
        );
    });
}

fn update(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one event");
    for count in [10_000, 100_000] {
        let mut cache = full(count);
        let query = Query::parse(r#"{"from":"file","orderBy":[{"name":"asc"}],"limit":100}"#)
            .expect("the query is right");
        let _ = cache.mount(&query);
        let mut version = 1;
        group.bench_function(format!("window of 100 over {count}, a row moves"), |bencher| {
            bencher.iter(|| {
                version += 1;
                black_box(cache.apply(change(version % count, version * 13, version)))
            });
        });
    }
}

fn fan_out(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one event, many mounted queries");
    for queries in [10, 10_000] {
        let mut cache = full(20_000);
        for folder in 0..queries {
            let query = format!(
                r#"{{"from":"file","where":{{"parent_id":"folder {folder}"}},"orderBy":[{{"name":"asc"}}],"limit":100}}"#
            );
            let _ = cache.mount(&Query::parse(query).expect("the query is right"));
        }
        let mut version = 1;
        group.bench_function(queries.to_string(), |bencher| {
            bencher.iter(|| {
                version += 1;
                black_box(cache.apply(change(version % 10, version, version)))
            });
        });
    }
}

/// A name as people give them: words out of a few hundred, a date, a number.
fn name(id: usize) -> String {
    const STARTS: [&str; 20] = [
        "va", "ho", "pro", "con", "re", "in", "de", "pa", "se", "co", "ma", "tra", "me", "sta", "li", "ba",
        "mo", "fi", "ca", "su",
    ];
    const ENDS: [&str; 20] = [
        "cation", "liday", "ject", "tract", "port", "voice", "sign", "per", "ries", "py", "nual", "vel",
        "eting", "tement", "st", "ckup", "del", "nal", "lendar", "mmary",
    ];
    let word = |seed: usize| {
        let pick = |from: &[&'static str; 20], at: usize| from.get(at % 20).copied().unwrap_or_default();
        format!("{}{}", pick(&STARTS, seed / 7), pick(&ENDS, seed / 131))
    };
    let (a, b) = (id.wrapping_mul(2_654_435_761), id.wrapping_mul(40_503));
    format!("{} {} 20{:02}-{:02} {id:05}.jpg", word(a), word(b), id % 25, id % 12)
}

/// What a filter box does for each key: it mounts the query for the new text and lets go of the one before.
fn keystrokes(criterion: &mut Criterion) {
    const ROWS: usize = 100_000;
    let mut group = criterion.benchmark_group("a key in a filter box over 100000 names");
    let rows: Vec<String> = (0..ROWS)
        .map(|id| row(id, id, 1).replacen(&format!("file {:06}.jpg", id * 7919 % 1_000_000), &name(id), 1))
        .collect();
    let batch =
        format!(r#"{{"ResourceChangedBatch":{{"resource_type":"file","resources":[{}]}}}}"#, rows.join(","));
    let query = |text: &str| {
        let query = format!(
            r#"{{"from":"file","where":{{"name":{{"match":"{text}"}}}},"orderBy":["relevance",{{"name":{{"collate":"natural"}}}}],"limit":50}}"#
        );
        Query::parse(query).expect("the query is right")
    };
    group.sample_size(10);
    let full = || {
        let mut cache = cache();
        let _ = cache.apply(batch.clone());
        cache
    };
    group.bench_function("the first key, which makes the index", |bencher| {
        bencher.iter_batched(full, |mut cache| black_box(cache.mount(&query("v"))), BatchSize::PerIteration);
    });
    let mut cache = full();
    let mut shown = cache.mount(&query("")).result.expect("the query is right");
    for text in ["v", "va", "vac", "vacation h", "vacation ho 00042", "zzz"] {
        let next = query(text);
        let matches = cache.explain(&next).map_or(0, |explanation| explanation.matches);
        let empty = query("zzzz");
        group.bench_function(format!("`{text}`, {matches} match"), |bencher| {
            bencher.iter(|| {
                let step = cache.mount(&next);
                let new = step.result.expect("the query is right");
                let _ = cache.unmount(shown);
                shown = cache.mount(&empty).result.expect("the query is right");
                let _ = cache.unmount(new);
                black_box(step.patch)
            });
        });
    }
}

/// What generated code of a host would read of [`row`].
fn layout() -> Vec<LayoutField> {
    let layout = r#"[
        {"name": "id", "type": "uuid"}, {"name": "location_id", "type": "uuid"}, {"name": "parent_id", "type": {"optional": "text"}},
        {"name": "name", "type": "text"}, {"name": "extension", "type": {"optional": "text"}}, {"name": "kind", "type": "text"},
        {"name": "is_dir", "type": "bool"}, {"name": "size", "type": "int"}, {"name": "path", "type": "text"},
        {"name": "content_identity", "type": {"optional": {"struct": [
            {"name": "uuid", "type": "uuid"}, {"name": "kind", "type": "text"},
            {"name": "content_hash", "type": "text"}, {"name": "entry_count", "type": "int"}
        ]}}},
        {"name": "favorite", "type": "bool"}, {"name": "tag_ids", "type": {"list": "text"}},
        {"name": "modified_at", "type": "timestamp"}, {"name": "created_at", "type": "timestamp"}, {"name": "version", "type": "int"}
    ]"#;
    serde_json::from_str(layout).expect("the layout is right")
}

/// What is left of the time of `packed` without that of `json` is packing; it needs the feature `packed`.
fn send(criterion: &mut Criterion) {
    const ROWS: usize = 1_000;
    let mut group = criterion.benchmark_group("send 1000 rows to the host");
    let bytes: usize = (0..ROWS).map(|id| row(id, id, 1).len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    let query = |limit: usize| {
        let query = format!(r#"{{"from":"file","orderBy":[{{"name":"asc"}}],"limit":{limit}}}"#);
        Query::parse(query).expect("the query is right")
    };
    for (name, row_encoding) in [("json", RowEncoding::Json), ("packed", RowEncoding::Packed)] {
        let mut file = ResourceType::new("file").version("version");
        file.layout = Some(layout());
        let registry = Registry::builder().resource(file).build().expect("the registry is right");
        let mut cache = Cache::new(registry, Config { row_encoding, ..Config::default() });
        let _ = cache.apply(batch(ROWS));
        // The order of the rows is kept between the runs, so a run is the sending alone.
        let _ = cache.mount(&query(0));
        let all = query(ROWS);
        let encoding = cache.mount(&all).patch.map(|patch| patch.as_bytes().get(8).copied());
        if name == "packed" && encoding != Some(Some(1)) {
            continue;
        }
        let _ = cache.unmount(QueryId::from(1));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let sent = cache.mount(&all);
                let _ = sent.result.map(|query| cache.unmount(query));
                black_box(sent.patch)
            });
        });
    }
}

criterion_group!(benches, ingest, first_query, update, fan_out, keystrokes, send);
criterion_main!(benches);
