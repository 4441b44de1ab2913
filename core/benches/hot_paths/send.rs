//! What it costs to hand rows to a host, as JSON and packed.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use larder::registry::{LayoutField, ResourceType};
use larder::{Cache, Config, QueryId, Registry, RowEncoding};

use crate::files::{plain_batch, query, row};

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
pub fn send(criterion: &mut Criterion) {
    const ROWS: usize = 1_000;
    let mut group = criterion.benchmark_group("send 1000 rows to the host");
    let bytes: usize = (0..ROWS).map(|id| row(id, id, 1).len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    let limited =
        |limit: usize| query(&format!(r#"{{"from":"file","orderBy":[{{"name":"asc"}}],"limit":{limit}}}"#));
    for (name, row_encoding) in [("json", RowEncoding::Json), ("packed", RowEncoding::Packed)] {
        let mut file = ResourceType::new("file").version("version");
        file.layout = Some(layout());
        let registry = Registry::builder().resource(file).build().expect("the registry is right");
        let mut cache = Cache::new(registry, Config { row_encoding, ..Config::default() });
        let _ = cache.apply(plain_batch(ROWS));
        // The order of the rows is kept between the runs, so a run is the sending alone.
        let _ = cache.mount(&limited(0));
        let all = limited(ROWS);
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
