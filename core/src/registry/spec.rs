//! Resource types as data: the same JSON in every language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::LayoutField;

/// A registry as data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegistrySpec {
    /// The resource types.
    #[serde(default)]
    pub types: Vec<ResourceType>,
    /// What happens to resources of other types. Default: stored.
    #[serde(default)]
    pub unknown_types: UnknownTypes,
    /// Kinds of events to hand to the app's listeners unchanged, beside `Core…`, `Library…`, `Job…` and `Log…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
}

/// One kind of resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceType {
    /// The name in events and queries, e.g. `file`.
    pub name: String,
    /// The top-level field that holds the id. Default: `id`.
    #[serde(default = "id_field")]
    pub id: String,
    /// The top-level field, an integer, that grows with each change: a resource with a smaller one than the cached is ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How long, in milliseconds, a resource is good for after the backend sent it. Then it goes, from the disk too, as soon as nothing
    /// refers to it. Without it, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "specta", specta(type = Option<specta_typescript::Number>))]
    pub ttl_ms: Option<u64>,
    /// What an event's resource does to the cached one. Default: replaces it.
    #[serde(default)]
    pub merge: MergePolicy,
    /// Top-level fields with a policy of their own, whatever `merge` says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldMerge>,
    /// How resources of this type refer to others, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub relations: BTreeMap<String, Relation>,
    /// Fields, or paths of fields, to index as rows come in, instead of when the first query asks for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub index: Vec<String>,
    /// The fields that hosts with packed rows read, in the order in which they read them. Without it they get JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Vec<LayoutField>>,
}

fn id_field() -> String {
    "id".to_owned()
}

impl ResourceType {
    /// A type with the id field `id`, no version, and replacement as merge policy.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            id: id_field(),
            version: None,
            ttl_ms: None,
            merge: MergePolicy::Replace,
            fields: BTreeMap::new(),
            relations: BTreeMap::new(),
            index: Vec::new(),
            layout: None,
        }
    }

    /// Do events say only part of what resources of this type are?
    pub(crate) fn is_merged(&self) -> bool {
        self.merge == MergePolicy::Deep || !self.fields.is_empty()
    }

    /// Names the id field.
    #[must_use]
    pub fn id(mut self, field: impl Into<String>) -> Self {
        self.id = field.into();
        self
    }

    /// Names the version field.
    #[must_use]
    pub fn version(mut self, field: impl Into<String>) -> Self {
        self.version = Some(field.into());
        self
    }

    /// Says how long, in milliseconds, a resource is good for after the backend sent it.
    #[must_use]
    pub fn ttl_ms(mut self, ttl_ms: u64) -> Self {
        self.ttl_ms = Some(ttl_ms);
        self
    }

    /// Chooses the merge policy.
    #[must_use]
    pub fn merge(mut self, merge: MergePolicy) -> Self {
        self.merge = merge;
        self
    }

    /// Gives a top-level field a policy of its own.
    #[must_use]
    pub fn merge_field(mut self, field: impl Into<String>, merge: FieldMerge) -> Self {
        self.fields.insert(field.into(), merge);
        self
    }

    /// Adds a relation: `field` holds the id (or ids) of resources of the type `to`.
    #[must_use]
    pub fn relation(
        self,
        name: impl Into<String>,
        kind: RelationKind,
        to: impl Into<String>,
        field: impl Into<String>,
    ) -> Self {
        self.relate(name, Relation { to: to.into(), kind, field: field.into(), holds: Holds::Ids })
    }

    /// Adds a relation whose `field` comes with whole resources of the type `to` in it. Each becomes a row of its own type, and
    /// the field keeps their ids.
    #[must_use]
    pub fn embedded(self, field: impl Into<String>, kind: RelationKind, to: impl Into<String>) -> Self {
        let field = field.into();
        self.relate(field.clone(), Relation { to: to.into(), kind, field, holds: Holds::Resources })
    }

    /// Adds a relation the other way round: it leads to the resources of the type `to` whose `field` holds the id of this one.
    #[must_use]
    pub fn reverse(
        self,
        name: impl Into<String>,
        kind: RelationKind,
        to: impl Into<String>,
        field: impl Into<String>,
    ) -> Self {
        self.relate(name, Relation { to: to.into(), kind, field: field.into(), holds: Holds::Reverse })
    }

    fn relate(mut self, name: impl Into<String>, relation: Relation) -> Self {
        self.relations.insert(name.into(), relation);
        self
    }

    /// Indexes a field, or a path of fields, as rows come in.
    #[must_use]
    pub fn index(mut self, path: impl Into<String>) -> Self {
        self.index.push(path.into());
        self
    }
}

/// What an event's resource does to the cached one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MergePolicy {
    /// It replaces the cached one whole.
    #[default]
    Replace,
    /// Its fields are merged into the cached one, objects member by member; arrays are replaced.
    Deep,
}

/// What an event's resource does to one top-level field of the cached one.
///
/// It holds for events; the optimistic operations of a mutation say themselves what becomes of a row. A field that merges
/// (`deep`, `union`) stays as it is when an event leaves it out. An event whose `metadata.no_merge_fields` names the field
/// replaces it: so elements are taken out of a union.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldMerge {
    /// The event's value replaces the cached one whole.
    Replace,
    /// Objects are merged member by member; every other value, arrays too, is replaced.
    Deep,
    /// Arrays are sets: the elements of both, each once, in the order in which they first come. Two strings are the same
    /// element when they say the same; other elements when they are written the same, so `1` and `1.0` are two, and so are
    /// objects whose keys are in another order. A value that is not an array is replaced.
    Union,
}

/// How resources of one type refer to those of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Relation {
    /// The type referred to.
    pub to: String,
    /// One or many.
    pub kind: RelationKind,
    /// The field that refers.
    pub field: String,
    /// What is in that field. Default: ids.
    #[serde(default, skip_serializing_if = "Holds::is_ids")]
    pub holds: Holds,
}

/// What is in the field of a relation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// The id, or an array of ids, of the other resources.
    #[default]
    Ids,
    /// The other resource itself, or an array of them; ids in their place are taken as well. The relation must have the field's
    /// name.
    Resources,
    /// Nothing: the field is one of the other type, and holds the id, or an array of ids, of this one.
    Reverse,
}

impl Holds {
    fn is_ids(&self) -> bool {
        *self == Self::Ids
    }
}

/// How many resources a relation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// To one, or to none.
    One,
    /// To any number.
    Many,
}

/// What happens to resources of types that are not declared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum UnknownTypes {
    /// They are stored with the id field `id`, and counted.
    #[default]
    Store,
    /// The event is refused with an error, and counted.
    Refuse,
}
