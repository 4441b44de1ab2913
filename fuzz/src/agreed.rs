//! A cache with mounted queries, and whether they show what the oracle says of the rows that it holds.

use std::collections::BTreeMap;

use larder::query::Query;
use larder::registry::{MergePolicy, ResourceType};
use larder::{Cache, Config, QueryId, Registry, RowEncoding};
use serde_json::Value as Json;

use crate::agreement::check_query;
use crate::host::Host;
use crate::oracle::id_text;

/// One type whose newer rows replace, and one whose rows merge; neither leads to another, which the oracle knows nothing of.
pub fn registry() -> Registry {
    let file = ResourceType::new("file").version("v");
    let tag = ResourceType::new("tag").merge(MergePolicy::Deep);
    Registry::builder().resource(file).resource(tag).build().unwrap()
}

const TYPES: [&str; 2] = ["file", "tag"];

/// A query of each kind.
pub const QUERIES: [&str; 7] = [
    r#"{"from":"file","where":{"name":{"includes":"a","ignoreCase":true}},"orderBy":[{"name":{"collate":"natural"}}],"limit":3}"#,
    r#"{"from":"file","where":{"or":[{"v":{"gt":1}},{"meta.a":{"lte":2}}]},"orderBy":[{"meta.a":"desc"},{"name":"asc"}],"offset":1}"#,
    r#"{"from":"file","where":{"tags":{"some":{"id":"t"}}},"aggregate":{"n":"count","sum":{"sum":"v"},"least":{"min":"name"},"most":{"max":"v"}}}"#,
    r#"{"from":"file","groupBy":["kind"],"aggregate":{"n":"count","mean":{"avg":"v"},"names":{"distinct":"name"}}}"#,
    r#"{"from":"file","where":{"name":{"match":"a b"}},"orderBy":["relevance"],"limit":2}"#,
    r#"{"from":"tag","where":{"id":{"in":["t","u"]}},"orderBy":[{"name":"desc"}]}"#,
    r#"{"from":"tag","where":{"not":{"name":null},"path":{"under":"a"}},"orderBy":[{"path":"asc"}],"limit":2,"after":{"values":["a/b"],"id":"t"}}"#,
];

/// A cache, its host, and what is mounted.
pub struct Screen {
    pub cache: Cache,
    pub host: Host,
    all: Vec<QueryId>,
    mounted: Vec<(QueryId, Query)>,
}

impl Screen {
    /// A cache that shows all rows of each type, and [`QUERIES`].
    pub fn new(config: Config) -> Self {
        let mut cache = Cache::new(registry(), config);
        let mut host = Host::default();
        let all =
            TYPES.iter().map(|name| host.mount(&mut cache, &format!(r#"{{"from":"{name}"}}"#))).collect();
        let mut screen = Self { cache, host, all, mounted: Vec::new() };
        for query in QUERIES {
            screen.mount(&Query::parse(query).unwrap());
        }
        screen
    }

    /// As [`new`](Self::new), with limits that a fuzzer's messages get to, and rows sent as the byte says.
    pub fn small(kind: u8) -> Self {
        let mut config = Config::default();
        config.row_encoding = if kind & 1 == 0 { RowEncoding::Json } else { RowEncoding::Changes };
        config.limits.max_string_bytes = 200;
        config.limits.max_depth = 12;
        config.limits.max_entities = 12;
        config.limits.max_unknown_types = 3;
        Self::new(config)
    }

    /// Mounts one query more, unless it is refused.
    pub fn mount(&mut self, query: &Query) {
        let result = self.host.deliver(self.cache.mount(query));
        if let Ok(id) = result {
            self.mounted.push((id, query.clone()));
        }
    }

    /// All visible rows of a type, by their ids.
    pub fn rows(&self, which: usize) -> BTreeMap<String, Json> {
        let rows = self.cache.rows(self.all[which]).map(|row| serde_json::from_slice(&row).unwrap());
        rows.map(|row: Json| (id_text(&row), row)).collect()
    }

    /// Everything that can be seen.
    pub fn seen(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        (
            self.rows(0),
            self.rows(1),
            self.host.held(),
            self.cache.pending().len(),
            self.cache.stats().entities,
        )
    }

    /// The host shows what the cache says, and both what the oracle says.
    pub fn check(&self) {
        for (which, resource_type) in TYPES.iter().enumerate() {
            let visible = self.rows(which);
            assert_eq!(self.host.list(self.all[which]).len(), visible.len());
            for (id, query) in
                self.mounted.iter().filter(|(_, query)| query.resource_type() == *resource_type)
            {
                check_query(&self.cache, &self.host, (*id, query), &visible).unwrap();
            }
        }
    }

    /// Lets go of everything: nothing is kept for nobody.
    pub fn close(mut self) {
        for id in self.all.into_iter().chain(self.mounted.into_iter().map(|(id, _)| id)) {
            self.host.unmount(&mut self.cache, id);
        }
        assert_eq!(self.host.held(), 0);
        assert_eq!(self.cache.stats().views, 0);
    }
}
