//! What a client is made with.

use std::sync::Arc;

use larder::Config;

use crate::sink::Sink;
use crate::storage::Storage;

/// What a client is made with, besides its registry: [`crate::Client::open_with`].
///
/// ```
/// use larder_native::{ClientOptions, Config, storage::MemoryStorage};
/// let options = ClientOptions::new().config(Config::default()).storage(MemoryStorage::default());
/// # drop(options);
/// ```
#[derive(Default)]
pub struct ClientOptions {
    pub(crate) config: Config,
    pub(crate) sink: Option<Arc<dyn Sink>>,
    pub(crate) storage: Option<Box<dyn Storage>>,
}

impl ClientOptions {
    /// The usual limits, no storage, and a mirror of the client's own.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits and other settings of the core.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Keeps what is cached, and mutations that are not settled, in this storage.
    #[must_use]
    pub fn storage(mut self, storage: impl Storage) -> Self {
        self.storage = Some(Box::new(storage));
        self
    }

    /// For a host that keeps the objects itself; see [`crate::Client::open_with_sink`].
    #[must_use]
    pub fn sink(mut self, sink: Arc<dyn Sink>) -> Self {
        self.sink = Some(sink);
        self
    }
}

impl std::fmt::Debug for ClientOptions {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = out.debug_struct("ClientOptions");
        out.field("config", &self.config).field("has_storage", &self.storage.is_some());
        out.finish_non_exhaustive()
    }
}
