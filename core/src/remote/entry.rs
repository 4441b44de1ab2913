//! One result: where it comes from, how good it is, and who shows it.

use super::{Invalidation, Policy, RemoteQuery, RemoteState, RemoteStatus};
use crate::error::ErrorInfo;

/// Why a question failed.
pub(crate) type Failure = ErrorInfo;

/// A question to the backend that has no answer yet.
pub(crate) struct Asking {
    /// Which question; several results may wait for the same.
    pub question: u64,
    /// Which page it asks for, from 0.
    pub page: usize,
    /// So many pages are wanted in all.
    pub pages: usize,
    /// What the next page is asked with, as JSON; none for the first.
    pub cursor: Option<String>,
    /// The ids of the pages before.
    pub gathered: Vec<String>,
    /// What the backend called the state of the answer with the first page.
    pub watch: Option<String>,
    /// Of the ids that came to the list by events, those from here on came after the question.
    pub mark: usize,
    /// The answer will be out of date already.
    pub is_outdated: bool,
}

/// A mounted query that shows a result.
pub(crate) struct Mount {
    pub query: u32,
    pub policy: Policy,
    /// What the host knows.
    pub told: Option<RemoteState>,
}

/// What a method answered to an input, and what became of it.
pub(crate) struct Entry {
    pub request: RemoteQuery,
    pub table: u32,
    /// The live view of its list.
    pub view: u32,
    pub mounts: Vec<Mount>,
    pub has_result: bool,
    /// Something made the result wrong.
    pub is_invalid: bool,
    pub is_cacheable: bool,
    pub expires_at_ms: Option<u64>,
    /// Pages that the result consists of.
    pub pages: usize,
    pub next: Option<String>,
    pub total: Option<u64>,
    pub rules: Invalidation,
    /// What the backend calls the state of the answer, if it can tell when that is another.
    pub watch: Option<String>,
    pub types: Vec<String>,
    /// Of its question and of the ids in its list.
    pub bytes: usize,
    pub asking: Option<Asking>,
    pub failures: u32,
    pub retry_at_ms: Option<u64>,
    pub error: Option<Failure>,
    /// Grows with each use.
    pub used: u64,
}

impl Entry {
    pub(crate) fn new(request: RemoteQuery, table: u32, view: u32) -> Self {
        Self {
            request,
            table,
            view,
            mounts: Vec::new(),
            has_result: false,
            is_invalid: false,
            is_cacheable: true,
            expires_at_ms: None,
            pages: 0,
            next: None,
            total: None,
            rules: Invalidation::default(),
            watch: None,
            types: Vec::new(),
            bytes: 0,
            asking: None,
            failures: 0,
            retry_at_ms: None,
            error: None,
            used: 0,
        }
    }

    pub(crate) fn is_stale(&self, now_ms: u64) -> bool {
        self.is_invalid || self.expires_at_ms.is_some_and(|at_ms| at_ms <= now_ms)
    }

    /// May the backend be asked for it without anybody saying so?
    pub(crate) fn is_kept_fresh(&self) -> bool {
        self.mounts.iter().any(|mount| mount.policy != Policy::CacheOnly)
    }

    /// When it wants to be looked at.
    pub(crate) fn wake_at_ms(&self, now_ms: u64) -> Option<u64> {
        let expires = self.expires_at_ms.filter(|&at_ms| at_ms > now_ms && !self.mounts.is_empty());
        match (self.retry_at_ms, expires) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    pub(crate) fn state(&self, query: u32, now_ms: u64) -> RemoteState {
        RemoteState {
            query,
            status: match (&self.error, self.has_result) {
                (Some(_), _) => RemoteStatus::Failed,
                (None, true) => RemoteStatus::Ready,
                (None, false) => RemoteStatus::Pending,
            },
            is_fetching: self.asking.is_some() || self.retry_at_ms.is_some(),
            is_stale: self.has_result && self.is_stale(now_ms),
            error: self.error.clone(),
            has_next_page: self.next.is_some(),
            backend_total: self.total,
        }
    }

    /// Does the invalidation concern this result? `lists` tells of entities of its type.
    pub(crate) fn is_meant_by(&self, what: &Invalidation, lists: &dyn Fn(&str) -> bool) -> bool {
        let from = self.request.query.resource_type();
        let has_to_do_with = |name: &str| {
            name == from || self.types.iter().chain(&self.rules.types).any(|other| other == name)
        };
        what.all
            || what.names_method(&self.request.method)
            || what.types.iter().any(|name| has_to_do_with(name))
            || what.scopes.iter().any(|scope| self.rules.scopes.iter().any(|own| own.overlaps(scope)))
            || what.entities.iter().any(|(name, id)| name == from && lists(id))
    }

    /// Does an event that says what it changed but names the results by type only concern this one?
    ///
    /// Scopes narrow it down to results that say on which places they depend; one that does not say may depend on any.
    pub(crate) fn is_meant_by_bulk(
        &self,
        resource_type: &str,
        hints: &Invalidation,
        lists: &dyn Fn(&str) -> bool,
    ) -> bool {
        let of_type = Invalidation { types: vec![resource_type.to_owned()], ..Invalidation::default() };
        if hints.is_empty() {
            return self.is_meant_by(&of_type, lists);
        }
        let is_anywhere =
            !hints.scopes.is_empty() && self.rules.scopes.is_empty() && self.is_meant_by(&of_type, lists);
        is_anywhere || self.is_meant_by(hints, lists)
    }
}
