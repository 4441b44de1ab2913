//! What a device is in its library.

use std::sync::Arc;

use uuid::Uuid;

use super::leader::Leads;
use super::registry::{Registry, RegistryError, model};
use crate::database::Vault;
use crate::database::entity::{
    album, album_entry, content_identity, content_tag, device, file, file_tag, location, removed_device, tag,
    user_metadata, volume,
};
use crate::time::now_ns;

/// How many changes one message has.
const BATCH: u64 = 2_000;
/// As many rows of a model in one message are told to clients by one event.
const BULK: usize = 1_000;

/// This device, what it has in common with the others, and its clock.
#[derive(Debug, Clone)]
pub(crate) struct Replica {
    pub(crate) device: Uuid,
    pub(crate) registry: Arc<Registry>,
    pub(crate) clock: Clock,
    /// Encrypts changes as they are kept.
    pub(crate) vault: Arc<Vault>,
    /// The most changes in one message of this device's.
    pub(crate) batch: u64,
    /// Of how many rows on that come at once clients get one event in place of the rows.
    pub(crate) bulk: usize,
    pub(crate) leads: Leads,
    #[cfg(test)]
    pub(crate) planted: Option<super::simulation::Bug>,
}

/// What the time is.
#[derive(Debug, Clone)]
pub(crate) enum Clock {
    /// The system's.
    System,
    /// One that a test sets, in milliseconds since 1970.
    #[cfg(test)]
    Set(Arc<std::sync::atomic::AtomicU64>),
}

impl Clock {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        match self {
            Self::System => u64::try_from(now_ns() / 1_000_000).unwrap_or(0),
            #[cfg(test)]
            Self::Set(ms) => ms.load(std::sync::atomic::Ordering::SeqCst),
        }
    }
}

impl Replica {
    /// A device with the models of a file library.
    pub(crate) fn new(device: Uuid) -> Result<Self, RegistryError> {
        let registry = Registry::new(vec![
            model::<device::Model>(),
            model::<volume::Model>(),
            model::<content_identity::Model>(),
            model::<location::Model>(),
            model::<file::Model>(),
            model::<user_metadata::Model>(),
            model::<tag::Model>(),
            model::<file_tag::Model>(),
            model::<content_tag::Model>(),
            model::<album::Model>(),
            model::<album_entry::Model>(),
            model::<removed_device::Model>(),
        ])?;
        Ok(Self {
            device,
            registry: Arc::new(registry),
            clock: Clock::System,
            vault: Arc::default(),
            batch: BATCH,
            bulk: BULK,
            leads: Leads::default(),
            #[cfg(test)]
            planted: None,
        })
    }
}
