//! The way in: calls of Swift.

use std::sync::Arc;

use larder_native::outbox::{Mutation, Rejection};
use larder_native::query::{Query, Window};
use larder_native::registry::RegistrySpec;
use larder_native::remote::{Invalidation, RemoteQuery};
use larder_native::{Applied, Client, ClientOptions, Config, QueryId, Registry};
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::sink::{SwiftSink, Told};
use crate::storage::StorageFile;

/// What an event did, as one number, which crosses many times faster than a record: rows that changed in the lower half; above
/// them resources that were stale, and in the two highest bits whether it was held back, and whether it was a duplicate.
fn packed(Applied { changed, stale, duplicate, held }: Applied) -> u64 {
    u64::from(changed)
        | u64::from(stale & 0x3fff_ffff) << 32
        | u64::from(held) << 62
        | u64::from(duplicate) << 63
}

/// One cache with its connection. Each call is done when it returns, and what it changed has been told.
#[derive(uniffi::Object)]
pub struct SwiftClient {
    client: Client,
}

#[uniffi::export]
impl SwiftClient {
    /// Makes a cache of a registry and a configuration in JSON; with a file, what that holds comes back.
    #[uniffi::constructor]
    pub fn open(
        registry: &str,
        config: &str,
        file: Option<StorageFile>,
        sink: Arc<dyn SwiftSink>,
    ) -> Result<Arc<Self>, Failure> {
        let registry = Registry::from_spec(parsed::<RegistrySpec>("registry.malformed", registry)?)?;
        let config: Config = parsed("config.malformed", config)?;
        let mut options = ClientOptions::new().config(config).sink(Arc::new(Told(sink)));
        if let Some(file) = file {
            options = file.open(options)?;
        }
        let client = Client::open_with(registry, options)?;
        Ok(Arc::new(Self { client }))
    }

    /// Wants a connection to this address from now on.
    pub fn connect(&self, url: &str) -> Result<(), Failure> {
        Ok(self.client.connect(url).wait()?)
    }

    /// Wants none any more.
    pub fn disconnect(&self) -> Result<(), Failure> {
        Ok(self.client.disconnect().wait()?)
    }

    /// What the operating system says about the network.
    pub fn reachable(&self, reachable: bool) -> Result<(), Failure> {
        Ok(self.client.reachable(reachable).wait()?)
    }

    /// Takes one event; what it did is packed into a number.
    pub fn apply(&self, event: &[u8]) -> Result<u64, Failure> {
        Ok(packed(self.client.apply(event).wait()?))
    }

    /// Keeps a query current.
    pub fn mount(&self, query: &str) -> Result<u32, Failure> {
        Ok(self.client.mount(&Query::parse(query)?).wait()?.as_u32())
    }

    /// Shows what a method of the backend answers, and keeps it current.
    pub fn mount_remote(&self, query: &str) -> Result<u32, Failure> {
        Ok(self.client.mount_remote(&RemoteQuery::parse(query)?).wait()?.as_u32())
    }

    /// Asks the backend again for what a remote query shows.
    pub fn refetch(&self, query: u32) -> Result<(), Failure> {
        Ok(self.client.refetch(QueryId::from(query)).wait()?)
    }

    /// Asks the backend for what comes after what a remote query shows.
    pub fn fetch_next_page(&self, query: u32) -> Result<(), Failure> {
        Ok(self.client.fetch_next_page(QueryId::from(query)).wait()?)
    }

    /// Answers that this concerns are wrong.
    pub fn invalidate(&self, what: &str) -> Result<(), Failure> {
        let what = Invalidation::parse(what).map_err(larder_native::Error::from)?;
        Ok(self.client.invalidate(&what).wait()?)
    }

    /// Keeps a query current no longer. Does not wait, so that it may be called from anywhere.
    pub fn unmount(&self, query: u32) {
        drop(self.client.unmount(QueryId::from(query)));
    }

    /// Shows another part of the same result.
    pub fn set_window(&self, query: u32, window: &str) -> Result<(), Failure> {
        Ok(self.client.set_window(QueryId::from(query), Window::parse(window)?).wait()?)
    }

    /// Makes a mutation, given in JSON with its id. The sink is told when it is settled.
    pub fn mutate(&self, mutation: &str) -> Result<(), Failure> {
        let mutation: Mutation = parsed("mutation.malformed", mutation)?;
        Ok(self.client.make(mutation).shown().wait()?)
    }

    /// The backend did it, for apps with a connection of their own.
    pub fn ack(&self, id: &str, sequence: Option<u64>) -> Result<(), Failure> {
        Ok(self.client.ack(id, sequence).wait()?)
    }

    /// The backend refused it, for apps with a connection of their own.
    pub fn reject(&self, id: &str, kind: String, message: String) -> Result<(), Failure> {
        Ok(self.client.reject(id, Rejection { kind, message }).wait()?)
    }

    /// Sends a held mutation all the same.
    pub fn retry(&self, id: &str) -> Result<(), Failure> {
        Ok(self.client.retry(id).wait()?)
    }

    /// Takes a mutation back that has not been sent.
    pub fn discard(&self, id: &str) -> Result<(), Failure> {
        Ok(self.client.discard(id).wait()?)
    }

    /// Keeps an entity in memory, or no longer.
    pub fn pin(&self, resource_type: &str, id: &str, pinned: bool) -> Result<(), Failure> {
        let done =
            if pinned { self.client.pin(resource_type, id) } else { self.client.unpin(resource_type, id) };
        Ok(done.wait()?)
    }

    /// Returns when everything is stored.
    pub fn flush(&self) -> Result<(), Failure> {
        Ok(self.client.flush().wait()?)
    }

    /// Asks the backend something; the sink is told the answer.
    pub fn ask(&self, id: &str, method: &str, input: &str) -> Result<(), Failure> {
        Ok(self.client.ask(id, method, input).wait()?)
    }

    /// Mutations that are not settled, oldest first, as a JSON array.
    pub fn pending(&self) -> Result<String, Failure> {
        written(&self.client.pending().wait()?)
    }

    /// What the cache holds and has done, as a JSON object.
    pub fn stats(&self) -> Result<String, Failure> {
        written(&self.client.stats().wait()?)
    }

    /// As `close`, and nothing is left of what was stored.
    pub fn close_and_wipe(&self) -> Result<(), Failure> {
        Ok(self.client.close_and_wipe().wait()?)
    }

    /// Closes the connection and frees the cache. Does not wait for the goodbye.
    pub fn close(&self) {
        drop(self.client.close());
    }
}

pub(crate) fn parsed<T: DeserializeOwned>(kind: &str, json: &str) -> Result<T, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::new(kind, error.to_string()))
}

fn written(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new("value.not_json", error.to_string()))
}
