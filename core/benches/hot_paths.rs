//! The paths that run per event, natively: `cargo bench -p larder`. Compare with a run of your own on the same machine.

#![allow(clippy::expect_used, missing_docs)]

use std::fmt::Write;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use larder::query::Query;
use larder::registry::ResourceType;
use larder::{Cache, Config, Registry};

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

criterion_group!(benches, ingest, first_query, update, fan_out);
criterion_main!(benches);
