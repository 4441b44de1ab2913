//! Changes as they go from device to device.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::hlc::{Dot, Hlc};
use super::marks::about_pruning;
use super::model::Payload;
use super::registry::Registry;
use super::rows::{Lines, Read};

/// What the name of the stream of a device's changes to the shared rows of a model begins with. The streams of the rows that it owns are
/// called as their models.
const SHARED: &str = "shared:";

/// The name of the stream of a device's changes to the shared rows of a model.
pub(crate) fn shared(model: &str) -> String {
    format!("{SHARED}{model}")
}

/// Whether a stream is of changes to shared rows.
pub(crate) fn is_shared(stream: &str) -> bool {
    stream.starts_with(SHARED)
}

/// The model that a stream is of.
pub(crate) fn model_of(stream: &str) -> &str {
    stream.strip_prefix(SHARED).unwrap_or(stream)
}

/// A stream of changes, by what it is of and whose it is.
pub(crate) type StreamId = (String, Uuid);

/// A change to a shared row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SharedChange {
    pub(crate) model: String,
    pub(crate) id: String,
    /// When, and by whom. No two changes have the same.
    pub(crate) dot: Dot,
    /// What must be here first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) after: Vec<After>,
    /// The write that this one is on top of, if it is one of a row as a whole: other writes it did not know of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base: Option<Dot>,
    pub(crate) what: What,
}

/// What a change does to a shared row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// The row is this.
    Put(Payload),
    /// These fields of the row are as in this row, each on top of another write; the other fields are as its writer knew them.
    Set { row: Payload, fields: Bases },
    /// The row is gone for ever.
    Delete,
    /// What it said is not told any more, since the row is gone.
    Redacted,
    /// The link is made; the change's own dot stands for this making.
    Link(Payload),
    /// These makings of the link are undone.
    Unlink(Vec<Dot>),
}

/// Fields, and which write of each another one is on top of.
pub(crate) type Bases = BTreeMap<String, Option<Dot>>;

/// A row that a change needs, and where it is to be found: when the device's stream of this model has come up to the position and the row is
/// not here, it has been deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    pub(crate) model: String,
    pub(crate) id: String,
    pub(crate) device: Uuid,
    pub(crate) position: i64,
}

/// The newest state of a row that a device owns, alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnedChange {
    pub(crate) id: String,
    pub(crate) version: i64,
    /// The row, or nothing if it is gone, with all that is below it.
    pub(crate) row: Option<Payload>,
}

/// Some of a stream of owned rows: all of it after `from` up to `to`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnedPart {
    pub(crate) model: String,
    pub(crate) owner: Uuid,
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The newest position that the sender knew of when it read them, or when it got them.
    pub(crate) head: i64,
    /// Tombstones up to here may be missing: who is not as far as this begins anew, and what does not come again is gone.
    #[serde(default)]
    pub(crate) pruned: i64,
    /// The fields that each row has besides its key, in their order.
    pub(crate) fields: Vec<String>,
    /// The rows. A message says here how many they are, and has them at its end.
    #[serde(rename = "count")]
    pub(crate) rows: Lines,
    /// The same, once they are read.
    #[serde(skip)]
    pub(crate) read: Option<Read>,
}

/// Some of a stream of changes to the shared rows of a model: all of it after `from` up to `to`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SharedPart {
    pub(crate) model: String,
    pub(crate) device: Uuid,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) changes: Vec<SharedChange>,
}

/// Parts of streams, in the order in which they are to be carried out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Changes {
    pub(crate) owned: Vec<OwnedPart>,
    pub(crate) shared: Vec<SharedPart>,
}

impl Changes {
    /// How many changes there are.
    pub(crate) fn count(&self) -> usize {
        let owned = self.owned.iter().map(|part| part.rows.count);
        // Of owned ones it is what another device says.
        owned.chain(self.shared.iter().map(|part| part.changes.len())).fold(0, usize::saturating_add)
    }

    /// Reads the rows of devices, which takes a while where they are many.
    pub(super) fn read(&mut self, registry: &Registry) {
        for part in &mut self.owned {
            if let Some(table) = registry.table(&part.model) {
                part.read.get_or_insert_with(|| Read::new(table, &part.rows));
            }
        }
    }

    /// Which streams these are parts of, with what is said of their tombstones.
    pub(crate) fn streams(&self) -> BTreeSet<StreamId> {
        let owned = self
            .owned
            .iter()
            .flat_map(|part| [(part.model.clone(), part.owner), (about_pruning(&part.model), part.owner)]);
        owned.chain(self.shared.iter().map(SharedPart::stream)).collect()
    }

    /// Up to where each stream goes.
    pub(crate) fn ends(&self) -> impl Iterator<Item = (StreamId, i64)> {
        let owned = self.owned.iter().map(|part| ((part.model.clone(), part.owner), part.to));
        owned.chain(self.shared.iter().map(|part| (part.stream(), part.to)))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.owned.is_empty() && self.shared.is_empty()
    }
}

impl SharedPart {
    pub(crate) fn stream(&self) -> StreamId {
        (shared(&self.model), self.device)
    }
}

impl SharedChange {
    /// The stream that it is in.
    pub(crate) fn stream(&self) -> StreamId {
        (shared(&self.model), self.dot.1)
    }

    pub(crate) fn hlc(&self) -> Hlc {
        self.dot.0
    }
}
