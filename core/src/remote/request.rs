//! What an app asks of a remote query.

use crate::query::{Query, QueryError};

/// Whether a result that is cached will do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Policy {
    /// What is cached is shown; the backend is asked only if there is nothing, or what there is has expired.
    #[default]
    CacheFirst,
    /// What is cached is shown, and the backend is asked whenever the query is mounted, and when the result expires.
    StaleWhileRevalidate,
    /// Nothing is shown before the backend has answered.
    NetworkOnly,
    /// What is cached is shown; the backend is never asked.
    CacheOnly,
}

impl Policy {
    pub(crate) const NAMES: &[(&str, Self)] = &[
        ("cache_first", Self::CacheFirst),
        ("stale_while_revalidate", Self::StaleWhileRevalidate),
        ("network_only", Self::NetworkOnly),
        ("cache_only", Self::CacheOnly),
    ];
}

/// A method and its input, what the entities of the answer are, and how the answer is cached.
///
/// Its JSON is that of a query with a few keys more. `where` says which entities can belong at all: those that come to match by
/// events join the result without a question to the backend. Without `orderBy` the result is in the backend's order.
///
/// ```
/// use larder::remote::RemoteQuery;
/// let query = RemoteQuery::parse(br#"{"method": "files.list", "input": {"path": "/a"}, "from": "file",
///     "where": {"path": {"childOf": "/a"}}, "policy": "stale_while_revalidate", "ttl": 60000}"#)?;
/// assert_eq!(query.query().resource_type(), "file");
/// # Ok::<(), larder::query::QueryError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RemoteQuery {
    pub(crate) method: String,
    /// As JSON, with the keys of all objects in order.
    pub(crate) input: String,
    pub(crate) query: Query,
    pub(crate) policy: Policy,
    pub(crate) ttl_ms: Option<u64>,
}

impl RemoteQuery {
    /// Reads a remote query from its JSON.
    ///
    /// # Errors
    /// [`QueryError`] that names the place.
    pub fn parse(json: impl AsRef<[u8]>) -> Result<Self, QueryError> {
        super::parse::remote(json.as_ref())
    }

    /// Asks this method; `input` is JSON, and the entities that it answers with are those of `query`.
    ///
    /// # Errors
    /// [`QueryError::MalformedJson`] if the input is not JSON.
    pub fn new(method: impl Into<String>, input: &str, query: Query) -> Result<Self, QueryError> {
        Ok(Self {
            method: method.into(),
            input: super::parse::canonical_json(input)?,
            query: super::parse::rows_only(query)?,
            policy: Policy::default(),
            ttl_ms: None,
        })
    }

    /// Whether a result that is cached will do.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// How long an answer is good for, whatever the backend says.
    pub fn ttl_ms(mut self, ttl_ms: u64) -> Self {
        self.ttl_ms = Some(ttl_ms);
        self
    }

    /// What the entities of the answer are, which of them are shown, and how.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// What two remote queries must share to share a result.
    pub(crate) fn key(&self) -> String {
        let Self { method, input, query, .. } = self;
        // No part can be mistaken for another: the input is JSON, and what follows it is too.
        [method.as_str(), "\n", input, "\n", &query.canonical_of_order()].concat()
    }
}
