//! Rubbish: real messages with bytes changed, cut, doubled or spliced. Nothing panics, and what is refused changes nothing.

use larder::outbox::Mutation;
use larder::query::Query;
use larder::registry::{MergePolicy, ResourceType};
use larder::wire::{ClientFrame, ServerFrame};
use larder::{Cache, Config, Registry};
use proptest::prelude::*;

use crate::host::Host;

const SEEDS: [&str; 8] = [
    r#"{"envelope":{"id":"e","library_id":"l","sequence":1,"mutation_id":"m","previous":0},"kind":{"type":"ResourceChanged","data":{"resource_type":"file","resource":{"id":"f1","name":"a\u00e9\n😀","v":3,"tags":[{"id":"t"},{"id":"u"}],"meta":{"a":{"b":-1.5e3}}},"metadata":{"no_merge_fields":["meta"],"alternate_ids":["g1"],"affected_paths":[]}}}}"#,
    r#"{"ResourceChangedBatch":{"resource_type":"file","resources":[{"id":"f1","name":"x"},{"name":"y","id":7},{"id":"0190c0de-0000-7000-8000-000000000001"}],"metadata":null}}"#,
    r#"{"kind":{"data":{"resource_id":"f1","resource_type":"file"},"type":"ResourceDeleted"},"envelope":{"sequence":2}}"#,
    r#"{"Event":{"ResourceChanged":{"resource":{"id":"f2"},"resource_type":"tag"}}}"#,
    r#"{"type":"welcome","data":{"protocol":1,"scope":"l","epoch":"e","sequence":5}}"#,
    r#"{"type":"reject","data":{"id":"m","kind":"target_exists","message":"there is a file of that name"}}"#,
    r#"{"id":"m","name":"files.rename","args":{"id":"f1"},"optimistic":[{"type":"merge","data":{"resource_type":"file","id":"f1","fields":{"name":"z"}}},{"type":"upsert","data":{"resource_type":"file","resource":{"id":"n"}}}]}"#,
    r#"{"from":"file","where":{"or":[{"name":{"includes":"a","ignoreCase":true}},{"tags":{"some":{"id":"t"}}}],"v":{"gte":1}},"orderBy":[{"name":{"collate":"natural","nulls":"last"}}],"limit":5,"after":{"values":["a"],"id":"f0"}}"#,
];

#[derive(Debug, Clone)]
enum Damage {
    Set(usize, u8),
    Cut(usize, usize),
    Double(usize, usize),
    Splice(usize, usize, usize),
}

fn arb_damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![3 => prop::sample::select(b"{}[]\",:\\u0e-.tn ".to_vec()), 1 => any::<u8>()];
    let at = || 0_usize..512;
    prop_oneof![
        4 => (at(), byte).prop_map(|(at, byte)| Damage::Set(at, byte)),
        2 => (at(), 1_usize..20).prop_map(|(at, len)| Damage::Cut(at, len)),
        2 => (at(), 1_usize..40).prop_map(|(at, len)| Damage::Double(at, len)),
        1 => (at(), 0_usize..SEEDS.len(), at()).prop_map(|(at, seed, from)| Damage::Splice(at, seed, from)),
    ]
}

fn damaged(seed: &str, damages: &[Damage]) -> Vec<u8> {
    let mut bytes = seed.as_bytes().to_vec();
    for damage in damages {
        let len = bytes.len().max(1);
        match *damage {
            Damage::Set(at, byte) => {
                if let Some(place) = bytes.get_mut(at % len) {
                    *place = byte;
                }
            }
            Damage::Cut(at, count) => {
                _ = bytes.drain((at % len).min(bytes.len())..(at % len + count).min(bytes.len()))
            }
            Damage::Double(at, count) => {
                let part = bytes[(at % len).min(bytes.len())..(at % len + count).min(bytes.len())].to_vec();
                bytes.splice((at % len).min(bytes.len())..(at % len).min(bytes.len()), part);
            }
            Damage::Splice(at, seed, from) => {
                let other = SEEDS[seed].as_bytes();
                bytes.truncate(at % len);
                bytes.extend_from_slice(&other[from % other.len()..]);
            }
        }
    }
    bytes
}

fn observed(cache: &Cache, host: &Host, query: larder::QueryId) -> impl PartialEq + std::fmt::Debug + use<> {
    (host.list(query), host.held(), cache.stats().entities, cache.stats().row_bytes, cache.pending().len())
}

proptest! {
    #[test]
    fn damaged_messages_never_panic_and_change_nothing_when_refused(
        messages in prop::collection::vec((0..SEEDS.len(), prop::collection::vec(arb_damage(), 0..4), any::<bool>()), 1..20),
        merges in any::<bool>(),
    ) {
        let policy = if merges { MergePolicy::Deep } else { MergePolicy::Replace };
        let file = ResourceType::new("file").version("v").merge(policy);
        let mut cache = Cache::new(Registry::builder().resource(file).build().unwrap(), Config::default());
        let mut host = Host::default();
        let all = host.mount(&mut cache, r#"{"from":"file","orderBy":[{"name":"asc"}]}"#);
        for (seed, damages, by_connection) in messages {
            let bytes = damaged(SEEDS[seed], &damages);
            let before = observed(&cache, &host, all);
            let result = if by_connection { host.deliver(cache.receive(bytes.clone(), 0)) } else { host.deliver(cache.apply(bytes.clone())) };
            if let Err(error) = result {
                prop_assert!(error.kind().starts_with("event.") || error.kind().starts_with("frame."));
                prop_assert_eq!(observed(&cache, &host, all), before);
            }
            let _ = Query::parse(&bytes).map(|query| host.deliver(cache.mount(&query)));
            if let Ok(text) = std::str::from_utf8(&bytes) {
                let _ = (ClientFrame::parse(text), ServerFrame::parse(text));
                let _ = Mutation::parse(text).map(|mutation| host.deliver(cache.mutate(mutation)));
            }
        }
        let good = r#"{"ResourceChanged":{"resource_type":"file","resource":{"id":"after all","name":"!"}}}"#;
        prop_assert_eq!(host.deliver(cache.apply(good)).unwrap().changed, 1);
        prop_assert!(host.column(all, "id").contains(&"after all".to_owned()));
    }
}
