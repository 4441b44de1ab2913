//! What a method of a backend answers with, so that clients can cache it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The `data` of a `result` frame, for clients that keep it as the result of a remote query.
///
/// ```
/// use larder::wire::{CacheMetadata, QueryResponse};
/// let answer = QueryResponse {
///     data: ["2", "1"],
///     cache: CacheMetadata { cache_duration: Some(60), ..CacheMetadata::default() },
///     meta: Default::default(),
/// };
/// assert_eq!(
///     serde_json::to_string(&answer)?,
///     r#"{"data":["2","1"],"cache":{"cacheable":true,"cache_duration":60},"meta":{}}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct QueryResponse<T> {
    /// The answer as whoever asks without a cache wants it. An array of ids or resources is the result, unless `cache` says what is.
    pub data: T,
    /// How it is to be cached.
    #[serde(default)]
    pub cache: CacheMetadata,
    /// What there is beside it.
    #[serde(default)]
    pub meta: QueryMeta,
}

/// How an answer is to be cached.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CacheMetadata {
    /// Resources by type: ids, or whole ones. Those of the type that was asked for are the result, in order.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resources: BTreeMap<String, Vec<Box<RawValue>>>,
    /// May it be kept after nobody shows it any more?
    #[serde(default = "yes")]
    pub cacheable: bool,
    /// For so many seconds it is good; `None`: until something makes it wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_duration: Option<u32>,
    /// The backend can tell when the answer is another, and calls this state of it so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<String>,
    /// On what it depends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalidation: Option<InvalidationRules>,
}

/// What makes an answer wrong, beside changes of the entities in it, which clients follow by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvalidationRules {
    /// Any event of these resource types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// Events and hints about these places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<PathScope>,
}

/// A folder: all below it, or what is directly in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathScope {
    /// Its path.
    pub path: String,
    /// All below it.
    #[serde(default = "yes")]
    pub recursive: bool,
}

/// What there is beside an answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct QueryMeta {
    /// There is more: the same input with this as its `cursor` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Box<RawValue>>,
    /// How many entities the whole result has, all pages together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

impl Default for CacheMetadata {
    fn default() -> Self {
        Self {
            resources: BTreeMap::new(),
            cacheable: true,
            cache_duration: None,
            watch: None,
            invalidation: None,
        }
    }
}

fn yes() -> bool {
    true
}
