//! What can be wrong with a registry.

/// Why a registry was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The registry is not JSON of the right shape.
    #[error("the registry could not be read: {message}; see `RegistrySpec` for its shape")]
    Malformed {
        /// What the parser said.
        message: String,
    },
    /// A name is empty.
    #[error("{what} is empty; give it a name")]
    EmptyName {
        /// Which name.
        what: String,
    },
    /// A type is declared twice.
    #[error("resource type `{resource_type}` is declared twice; remove one")]
    DuplicateType {
        /// The type.
        resource_type: String,
    },
    /// The id field is also the version field.
    #[error("`{resource_type}` uses one field as id and version; name another version field or none")]
    VersionIsId {
        /// The type.
        resource_type: String,
    },
    /// The id field has a merge policy.
    #[error(
        "`fields` of `{resource_type}` names `{field}`, which is the id and never merges; remove it there"
    )]
    MergesId {
        /// The type.
        resource_type: String,
        /// The id field.
        field: String,
    },
    /// A layout has two fields of one name.
    #[error("`{field}` of `{resource_type}` is there twice; remove one")]
    DuplicateField {
        /// The type.
        resource_type: String,
        /// The field's path.
        field: String,
    },
    /// A relation leads to a type that is not declared.
    #[error(
        "relation `{relation}` of `{resource_type}` leads to `{target}`, which is not declared; declare it or correct `to`"
    )]
    UnknownRelationTarget {
        /// The type with the relation.
        resource_type: String,
        /// The relation.
        relation: String,
        /// Where it leads.
        target: String,
    },
    /// A relation that holds whole resources is not the field they are in, or the field merges member by member.
    #[error(
        "relation `{relation}` of `{resource_type}` holds whole resources in `{field}`; give it the field's name, and no `deep` in `fields`"
    )]
    BadEmbedding {
        /// The type with the relation.
        resource_type: String,
        /// The relation.
        relation: String,
        /// Its field.
        field: String,
    },
}

impl RegistryError {
    /// A stable name of the error, the same in every language.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "registry.malformed",
            Self::EmptyName { .. } => "registry.empty_name",
            Self::DuplicateType { .. } => "registry.duplicate_type",
            Self::VersionIsId { .. } => "registry.version_is_id",
            Self::MergesId { .. } => "registry.merges_id",
            Self::BadEmbedding { .. } => "registry.bad_embedding",
            Self::DuplicateField { .. } => "registry.duplicate_field",
            Self::UnknownRelationTarget { .. } => "registry.unknown_relation_target",
        }
    }
}
