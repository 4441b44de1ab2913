//! What serde's attributes say, as specta keeps them.

use crate::CodegenError;
use crate::letter_case::RenameRule;
use specta::datatype::{Attributes, DataType};

/// What is said about a struct or an enum.
pub(crate) struct Container {
    pub rename_all: Option<RenameRule>,
    pub rename_all_fields: Option<RenameRule>,
    pub tag: Option<String>,
    pub content: Option<String>,
    pub untagged: bool,
    pub default: bool,
    pub transparent: bool,
    /// It is written as this type is.
    pub written_as: Option<DataType>,
}

impl Container {
    pub fn read(attributes: &Attributes, name: &str) -> Result<Self, CodegenError> {
        for identifier in ["serde:container:variant_identifier", "serde:container:field_identifier"] {
            if attributes.contains_key(identifier) {
                return Err(refuse(name, "is an identifier for serde", "use a plain enum"));
            }
        }
        Ok(Self {
            rename_all: rule(attributes, "serde:container:rename_all_serialize"),
            rename_all_fields: rule(attributes, "serde:container:rename_all_fields_serialize"),
            tag: text(attributes, "serde:container:tag"),
            content: text(attributes, "serde:container:content"),
            untagged: attributes.contains_key("serde:container:untagged"),
            default: attributes.contains_key("serde:container:default"),
            transparent: attributes.contains_key("serde:container:transparent"),
            written_as: attributes.get_named_as::<DataType>("serde:container:into_resolved").cloned(),
        })
    }
}

/// The name that `#[serde(rename)]` gives to a struct or an enum.
pub(crate) fn renamed(ty: &DataType) -> Option<String> {
    let attributes = match ty {
        DataType::Struct(found) => &found.attributes,
        DataType::Enum(found) => &found.attributes,
        _ => return None,
    };
    text(attributes, "serde:container:rename_serialize")
}

/// The text that is kept under a key.
pub(crate) fn text(attributes: &Attributes, key: &str) -> Option<String> {
    attributes.get_named_as::<String>(key).cloned()
}

/// The rule for names that is kept under a key.
pub(crate) fn rule(attributes: &Attributes, key: &str) -> Option<RenameRule> {
    text(attributes, key).and_then(|name| RenameRule::from_serde(&name))
}

pub(crate) fn refuse(place: &str, problem: &str, remedy: &'static str) -> CodegenError {
    CodegenError::unsupported(place, problem, remedy)
}
