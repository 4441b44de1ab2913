//! The resource types an app knows.
//!
//! Nothing else in the crate knows any type by name: a new resource type is one more entry here.

mod error;
mod kept;
mod layout;
pub(crate) mod merge;
mod resource;
mod spec;

pub use error::RegistryError;
pub(crate) use kept::{kept_as, registry_kept_as};
pub use layout::{FieldType, LayoutField};
pub use resource::Resource;
pub use spec::{
    FieldMerge, Holds, MergePolicy, RegistrySpec, Relation, RelationKind, ResourceType, UnknownTypes,
};

/// All resource types of an app, checked.
///
/// ```
/// use larder::{Registry, registry::ResourceType};
/// let registry = Registry::builder()
///     .resource(ResourceType::new("file").version("version"))
///     .resource(ResourceType::new("tag"))
///     .build()?;
/// assert_eq!(registry.types().len(), 2);
/// # Ok::<(), larder::registry::RegistryError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Registry {
    spec: RegistrySpec,
}

impl Registry {
    /// An empty registry to add to. Unknown types are stored.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::default()
    }

    /// Checks a registry that was written as data.
    ///
    /// # Errors
    /// [`RegistryError`] when a name is empty or used twice, also in a layout, the id is to merge, or a relation leads nowhere.
    pub fn from_spec(spec: RegistrySpec) -> Result<Self, RegistryError> {
        for (index, resource) in spec.types.iter().enumerate() {
            if resource.name.is_empty() {
                return Err(RegistryError::EmptyName { what: format!("types[{index}].name") });
            }
            if resource.id.is_empty() || resource.version.as_deref() == Some("") {
                return Err(RegistryError::EmptyName {
                    what: format!("an id or version field of `{}`", resource.name),
                });
            }
            if resource.version.as_ref() == Some(&resource.id) {
                return Err(RegistryError::VersionIsId { resource_type: resource.name.clone() });
            }
            if spec.types.iter().take(index).any(|other| other.name == resource.name) {
                return Err(RegistryError::DuplicateType { resource_type: resource.name.clone() });
            }
            if resource.fields.contains_key("") {
                return Err(RegistryError::EmptyName {
                    what: format!("a name in `fields` of `{}`", resource.name),
                });
            }
            if resource.fields.contains_key(&resource.id) {
                return Err(RegistryError::MergesId {
                    resource_type: resource.name.clone(),
                    field: resource.id.clone(),
                });
            }
            if resource.index.iter().any(|path| path.split('.').any(str::is_empty)) {
                return Err(RegistryError::EmptyName {
                    what: format!("a part of a path in `index` of `{}`", resource.name),
                });
            }
            layout::check(resource)?;
            for (name, relation) in &resource.relations {
                if name.is_empty() || relation.field.is_empty() {
                    return Err(RegistryError::EmptyName {
                        what: format!("a relation of `{}`", resource.name),
                    });
                }
                if relation.holds == Holds::Resources
                    && (*name != relation.field || resource.fields.get(name) == Some(&FieldMerge::Deep))
                {
                    return Err(RegistryError::BadEmbedding {
                        resource_type: resource.name.clone(),
                        relation: name.clone(),
                        field: relation.field.clone(),
                    });
                }
                if !spec.types.iter().any(|other| other.name == relation.to) {
                    return Err(RegistryError::UnknownRelationTarget {
                        resource_type: resource.name.clone(),
                        relation: name.clone(),
                        target: relation.to.clone(),
                    });
                }
            }
        }
        Ok(Self { spec })
    }

    /// The declared types, in order; a type's place here is its index in patches.
    pub fn types(&self) -> &[ResourceType] {
        &self.spec.types
    }

    /// What happens to resources of types that are not declared.
    pub fn unknown_types(&self) -> UnknownTypes {
        self.spec.unknown_types
    }

    /// Is this an event that the cache only hands on? Lifecycle, job and log events are, and what the app declared.
    pub(crate) fn hands_on(&self, event_kind: &str) -> bool {
        const FAMILIES: [&str; 4] = ["Core", "Library", "Job", "Log"];
        FAMILIES.iter().any(|family| event_kind.starts_with(family))
            || self.spec.events.iter().any(|kind| kind == event_kind)
    }
}

/// Collects resource types; see [`Registry::builder`].
#[derive(Debug, Clone, Default)]
pub struct RegistryBuilder {
    spec: RegistrySpec,
}

impl RegistryBuilder {
    /// Adds a resource type.
    #[must_use]
    pub fn resource(mut self, resource: ResourceType) -> Self {
        self.spec.types.push(resource);
        self
    }

    /// Chooses what happens to resources of types that are not declared. Default: they are stored.
    #[must_use]
    pub fn unknown_types(mut self, unknown_types: UnknownTypes) -> Self {
        self.spec.unknown_types = unknown_types;
        self
    }

    /// Adds a kind of event that is handed to the app's listeners unchanged.
    #[must_use]
    pub fn event(mut self, kind: impl Into<String>) -> Self {
        self.spec.events.push(kind.into());
        self
    }

    /// Checks the types against each other.
    ///
    /// # Errors
    /// As [`Registry::from_spec`].
    pub fn build(self) -> Result<Registry, RegistryError> {
        Registry::from_spec(self.spec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(spec: &str) -> RegistryError {
        Registry::from_spec(serde_json::from_str(spec).unwrap()).unwrap_err()
    }

    #[test]
    fn policies_of_fields_are_read_as_data_and_written_as_they_were_read() {
        let spec = r#"{"types":[{"name":"file","id":"id","merge":"deep","fields":{"acl":"replace","tags":"union"}}],"unknownTypes":"store"}"#;
        let read: RegistrySpec = serde_json::from_str(spec).unwrap();
        assert_eq!(read.types[0].fields["tags"], FieldMerge::Union);
        assert_eq!(serde_json::to_string(&read).unwrap(), spec);
    }

    #[test]
    fn a_policy_for_the_id_or_for_no_field_is_refused_by_name() {
        let error = refusal(r#"{"types":[{"name":"file","id":"key","fields":{"key":"deep"}}]}"#);
        assert_eq!(error.kind(), "registry.merges_id");
        assert!(error.to_string().contains("`key`"), "{error}");
        let error = refusal(r#"{"types":[{"name":"file","fields":{"":"union"}}]}"#);
        assert_eq!(error.kind(), "registry.empty_name");
        assert!(error.to_string().contains("`fields` of `file`"), "{error}");
    }
}
