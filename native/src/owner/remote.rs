//! What the owner of the cache does for remote queries.

use std::any::Any;
use std::sync::Arc;

use larder::QueryId;
use larder::remote::{Invalidation, RemoteQuery};
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::Owner;
use crate::error::Error;
use crate::mirror::RemoteList;
use crate::remote_query::RemoteResult;

impl Owner {
    pub(crate) fn mount_remote<T: Any + DeserializeOwned + Send + Sync>(
        &mut self,
        request: &RemoteQuery,
        readers: watch::Sender<Arc<RemoteResult<T>>>,
    ) -> Result<QueryId, Error> {
        if self.sink.is_some() {
            return Err(Error::HasSink);
        }
        let step = self.cache.mount_remote(request, self.clock.now_ms());
        if let Ok(id) = &step.result {
            self.mirror.mount(id.as_u32(), Box::new(RemoteList::new(readers)));
        }
        self.bring(step)
    }

    /// For a host that keeps a mirror of its own.
    pub(crate) fn mount_remote_untyped(&mut self, request: &RemoteQuery) -> Result<QueryId, Error> {
        let sink = self.sink.clone().ok_or(Error::NoSink)?;
        let step = self.cache.mount_remote(request, self.clock.now_ms());
        if let Ok(id) = step.result {
            sink.mounted(id);
        }
        self.bring(step)
    }

    pub(crate) fn refetch(&mut self, id: QueryId) -> Result<(), Error> {
        let step = self.cache.refetch(id, self.clock.now_ms());
        self.bring(step)
    }

    pub(crate) fn fetch_next_page(&mut self, id: QueryId) -> Result<(), Error> {
        let step = self.cache.fetch_next_page(id, self.clock.now_ms());
        self.bring(step)
    }

    pub(crate) fn invalidate(&mut self, what: &Invalidation) -> Result<(), Error> {
        let step = self.cache.invalidate(what, self.clock.now_ms());
        self.bring(step)
    }
}
