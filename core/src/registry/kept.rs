//! What stored rows depend on: when it changes, they cannot be used as they are.

use xxhash_rust::xxh64::xxh64;

use super::{Holds, Registry, ResourceType};
use crate::bytes::Writer;

/// Changes when stored rows of the type cannot be used as they are any more.
pub(crate) fn kept_as(resource: &ResourceType) -> u64 {
    let mut out = Writer::default();
    out.slice(resource.id.as_bytes());
    out.slice(resource.version.as_deref().unwrap_or_default().as_bytes());
    for relation in resource.relations.values().filter(|relation| relation.holds == Holds::Resources) {
        out.slice(relation.field.as_bytes());
        out.slice(relation.to.as_bytes());
    }
    xxh64(&out.bytes, 0)
}

/// Changes when the stored rows may not be all that the registry asks for.
pub(crate) fn registry_kept_as(registry: &Registry, subscribed: Option<&[String]>) -> u64 {
    let mut out = Writer::default();
    out.u8(registry.unknown_types() as u8);
    for resource in registry.types() {
        out.slice(resource.name.as_bytes());
        out.u64(kept_as(resource));
    }
    for name in subscribed.into_iter().flatten() {
        out.slice(name.as_bytes());
    }
    xxh64(&out.bytes, 1)
}
