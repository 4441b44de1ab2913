//! What can keep code from being generated.

use larder::registry::RegistryError;
use std::path::PathBuf;

/// Why code could not be generated, written or confirmed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodegenError {
    /// The resource types do not go together.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Serde's attributes contradict each other, or say what no type can.
    #[error("serde's attributes cannot be followed: {message}")]
    Serde {
        /// What specta said.
        message: String,
    },
    /// A row is not an object with fields.
    #[error(
        "`{type_name}` is the row of `{resource_type}` and is no object; make it a struct with named fields"
    )]
    NotAnObject {
        /// The resource type.
        resource_type: String,
        /// The Rust type.
        type_name: String,
    },
    /// The registry names a field that the struct does not have in its JSON.
    #[error(
        "`{resource_type}` names the field `{field}` as its {role}, and `{type_name}` has none; give it one, or correct the name"
    )]
    NoSuchField {
        /// The resource type.
        resource_type: String,
        /// The Rust type.
        type_name: String,
        /// The field.
        field: String,
        /// What the registry says that it is.
        role: &'static str,
    },
    /// The id is neither text nor an integer.
    #[error("the id `{field}` of `{type_name}` is neither text nor a UUID nor an integer; change its type")]
    BadId {
        /// The Rust type.
        type_name: String,
        /// The field.
        field: String,
    },
    /// A relation holds whole resources, and its field has another type.
    #[error(
        "`{field}` of `{type_name}` embeds `{target}` and is no `{row}`, `Option` or `Vec` of it; change its type, or mark it with `one` or `many` instead"
    )]
    BadEmbedding {
        /// The Rust type.
        type_name: String,
        /// The field.
        field: String,
        /// The resource type that it embeds.
        target: String,
        /// The Rust type of that resource type.
        row: String,
    },
    /// Something that has no counterpart.
    #[error("`{place}` {problem}; {remedy}")]
    Unsupported {
        /// The type, and the field or variant in it.
        place: String,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Two types have one name.
    #[error(
        "`{first}` and `{second}` have one name in generated code; rename one with `#[serde(rename = \"…\")]`"
    )]
    SameName {
        /// The one, with its path.
        first: String,
        /// The other, with its path.
        second: String,
    },
    /// A name that generated code needs for itself.
    #[error(
        "`{name}` means something else in generated {language}; rename it with `#[serde(rename = \"…\")]`, or for Swift with `SwiftOptions::rename`"
    )]
    TakenName {
        /// The name.
        name: String,
        /// The language.
        language: &'static str,
    },
    /// Two properties have one name in Swift.
    #[error("`{first}` and `{second}` of `{type_name}` would both be `{property}` in Swift; rename one")]
    SameProperty {
        /// The type.
        type_name: String,
        /// The one.
        first: String,
        /// The other.
        second: String,
        /// Their name in Swift.
        property: String,
    },
    /// A file is not what the Rust types say.
    #[error("{} is not what the Rust types say, from line {line} on; generate it again and commit the result", path.display())]
    Drift {
        /// The file.
        path: PathBuf,
        /// The first line that differs, from 1.
        line: usize,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl CodegenError {
    /// A stable name of the error.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Registry(error) => error.kind(),
            Self::Serde { .. } => "codegen.serde",
            Self::NotAnObject { .. } => "codegen.not_an_object",
            Self::NoSuchField { .. } => "codegen.no_such_field",
            Self::BadId { .. } => "codegen.bad_id",
            Self::BadEmbedding { .. } => "codegen.bad_embedding",
            Self::Unsupported { .. } => "codegen.unsupported",
            Self::SameName { .. } => "codegen.same_name",
            Self::TakenName { .. } => "codegen.taken_name",
            Self::SameProperty { .. } => "codegen.same_property",
            Self::Drift { .. } => "codegen.drift",
            Self::File { .. } => "codegen.file",
        }
    }

    pub(crate) fn unsupported(
        place: impl Into<String>,
        problem: impl Into<String>,
        remedy: &'static str,
    ) -> Self {
        Self::Unsupported { place: place.into(), problem: problem.into(), remedy }
    }
}
