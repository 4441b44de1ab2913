//! Events: drafted by a transaction, numbered when it is written, kept and sent as text.

use std::sync::Arc;

use larder::wire::{Envelope, EventKind};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::resource::Resource;
use crate::time::rfc3339;

/// The most resources that one event carries.
pub(crate) const BATCH: usize = 1000;

/// What an event says, before it has a place in the log.
#[derive(Debug)]
pub(crate) struct Draft {
    /// For filtered subscriptions; `None` goes to every one.
    pub(crate) resource_type: Option<&'static str>,
    /// How many resources it carries or deletes.
    pub(crate) resources: usize,
    /// Which rows it stands for without having them.
    pub(crate) bulk: Option<String>,
    kind: Kind,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Kind {
    Resource(EventKind),
    /// Job and problem reports, which clients hand to the app unchanged.
    Notice {
        #[serde(rename = "type")]
        name: &'static str,
        data: Box<RawValue>,
    },
}

impl Draft {
    /// Resources of one type that were created or changed: one alone, or up to [`BATCH`] together.
    pub(crate) fn changed(
        resource_type: &'static str,
        mut resources: Vec<Resource>,
        operation: Option<&str>,
    ) -> Self {
        let count = resources.len();
        let resource_type_name = resource_type.to_owned();
        let single = if count == 1 { resources.pop() } else { None };
        let kind = match single {
            Some(resource) => {
                EventKind::ResourceChanged { resource_type: resource_type_name, resource, metadata: None }
            }
            None => EventKind::ResourceBatchChanged {
                resource_type: resource_type_name,
                resources,
                operation: operation.map(str::to_owned),
                metadata: None,
            },
        };
        Self { resource_type: Some(resource_type), resources: count, bulk: None, kind: Kind::Resource(kind) }
    }

    /// Resources of a whole copy. Always a batch.
    pub(crate) fn copied(resource_type: &'static str, resources: Vec<Resource>) -> Self {
        let count = resources.len();
        let kind = EventKind::ResourceBatchChanged {
            resource_type: resource_type.to_owned(),
            resources,
            operation: Some("copy".to_owned()),
            metadata: None,
        };
        Self { resource_type: Some(resource_type), resources: count, bulk: None, kind: Kind::Resource(kind) }
    }

    /// A resource that is gone.
    pub(crate) fn deleted(resource_type: &'static str, resource_id: String) -> Self {
        let kind = EventKind::ResourceDeleted { resource_type: resource_type.to_owned(), resource_id };
        Self { resource_type: Some(resource_type), resources: 1, bulk: None, kind: Kind::Resource(kind) }
    }

    /// One event for very many resources, which it does not have.
    pub(crate) fn bulk(
        resource_type: &'static str,
        affected_count: u64,
        token: Uuid,
        bulk: String,
    ) -> serde_json::Result<Self> {
        let hints = to_raw_value(&serde_json::json!({"types": [resource_type]}))?;
        let (resource_type_name, operation_token) = (resource_type.to_owned(), token.to_string());
        let kind = EventKind::BulkOperationCompleted {
            resource_type: resource_type_name,
            affected_count,
            operation_token,
            hints,
        };
        let resources = usize::try_from(affected_count).unwrap_or(usize::MAX);
        Ok(Self {
            resource_type: Some(resource_type),
            resources,
            bulk: Some(bulk),
            kind: Kind::Resource(kind),
        })
    }

    /// Resources that an event before stands for, without a place in the log. Always a batch.
    pub(crate) fn unnumbered(resource_type: &str, resources: &[Resource]) -> serde_json::Result<String> {
        #[derive(Serialize)]
        struct Batch<'a> {
            resource_type: &'a str,
            resources: &'a [Resource],
        }
        #[derive(Serialize)]
        struct Event<'a> {
            #[serde(rename = "ResourceChangedBatch")]
            batch: Batch<'a>,
        }
        serde_json::to_string(&Event { batch: Batch { resource_type, resources } })
    }

    /// Something to tell that is not a resource.
    pub(crate) fn notice(name: &'static str, data: Box<RawValue>) -> Self {
        Self { resource_type: None, resources: 0, bulk: None, kind: Kind::Notice { name, data } }
    }

    /// The event as text.
    pub(crate) fn encode(
        &self,
        library: &str,
        sequence: u64,
        mutation_id: Option<&str>,
        timestamp_ns: i64,
    ) -> serde_json::Result<Arc<str>> {
        #[derive(Serialize)]
        struct Event<'a> {
            envelope: Envelope,
            kind: &'a Kind,
        }
        let envelope = Envelope {
            id: Uuid::now_v7().to_string(),
            timestamp: rfc3339(timestamp_ns),
            library_id: library.to_owned(),
            sequence,
            mutation_id: mutation_id.map(str::to_owned),
            previous: None,
        };
        Ok(serde_json::to_string(&Event { envelope, kind: &self.kind })?.into())
    }
}

/// The text of an event for a filtered subscription: the same, with `previous` in its envelope.
pub(crate) fn with_previous(event: &str, previous: u64) -> String {
    const START: &str = r#"{"envelope":{"#;
    debug_assert!(event.starts_with(START), "events are encoded with the envelope first");
    let rest = event.strip_prefix(START).unwrap_or_default();
    format!(r#"{START}"previous":{previous},{rest}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn previous_is_added_to_the_envelope_and_nothing_else_changes() {
        let draft = Draft::deleted("file", "7".to_owned());
        let text = draft.encode("lib", 9, Some("m"), 0).unwrap();
        let mut event: larder::wire::Event = serde_json::from_str(&with_previous(&text, 4)).unwrap();
        assert_eq!(event.envelope.previous.take(), Some(4));
        assert_eq!(serde_json::to_string(&event).unwrap(), &*text);
    }
}
