//! What a packed row consists of.

use serde::{Deserialize, Serialize};

use super::{RegistryError, ResourceType};

/// One field of a packed row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LayoutField {
    /// The field's name in JSON.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub field_type: FieldType,
}

/// What a field of a packed row holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldType {
    /// A string.
    Text,
    /// `true` or `false`.
    Bool,
    /// An integer.
    Int,
    /// Any number.
    Float,
    /// A UUID, a string in JSON.
    Uuid,
    /// A moment, a string as in RFC 3339 in JSON.
    Timestamp,
    /// Any value, handed on as JSON text.
    Json,
    /// A value that may be null or not there.
    Optional(Box<FieldType>),
    /// An array.
    List(Box<FieldType>),
    /// An object with keys of any name.
    Map(Box<FieldType>),
    /// An object with these fields.
    Struct(Vec<LayoutField>),
}

/// Every field of the layout of a type, also inside of others, has a name that no field beside it has.
pub(super) fn check(resource: &ResourceType) -> Result<(), RegistryError> {
    check_fields(&resource.name, "", resource.layout.as_deref().unwrap_or_default())
}

fn check_fields(resource_type: &str, path: &str, fields: &[LayoutField]) -> Result<(), RegistryError> {
    for (index, field) in fields.iter().enumerate() {
        if field.name.is_empty() {
            return Err(RegistryError::EmptyName {
                what: format!("the name of `layout{path}[{index}]` of `{resource_type}`"),
            });
        }
        if fields.iter().take(index).any(|other| other.name == field.name) {
            return Err(RegistryError::DuplicateField {
                resource_type: resource_type.to_owned(),
                field: format!("layout{path}.{}", field.name),
            });
        }
        check_type(resource_type, &format!("{path}.{}", field.name), &field.field_type)?;
    }
    Ok(())
}

fn check_type(resource_type: &str, path: &str, field_type: &FieldType) -> Result<(), RegistryError> {
    match field_type {
        FieldType::Optional(inner) | FieldType::List(inner) | FieldType::Map(inner) => {
            check_type(resource_type, path, inner)
        }
        FieldType::Struct(fields) => check_fields(resource_type, path, fields),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    fn refusal(layout: &str) -> RegistryError {
        let mut resource = ResourceType::new("file");
        resource.layout = Some(serde_json::from_str(layout).unwrap());
        Registry::builder().resource(resource).build().unwrap_err()
    }

    #[test]
    fn a_field_without_a_name_or_with_that_of_another_is_refused_wherever_it_is() {
        let error = refusal(r#"[{"name":"a","type":"int"},{"name":"","type":"int"}]"#);
        assert_eq!(error.kind(), "registry.empty_name");
        assert!(error.to_string().contains("`layout[1]` of `file`"), "{error}");
        let error = refusal(r#"[{"name":"a","type":"int"},{"name":"a","type":"text"}]"#);
        assert_eq!(error.kind(), "registry.duplicate_field");
        assert!(error.to_string().contains("`layout.a` of `file`"), "{error}");
        for wrapped in ["optional", "list", "map"] {
            let inner = r#"{"struct":[{"name":"b","type":"int"},{"name":"b","type":"int"}]}"#;
            let error = refusal(&format!(r#"[{{"name":"a","type":{{"{wrapped}":{inner}}}}}]"#));
            assert!(error.to_string().contains("`layout.a.b` of `file`"), "{error}");
        }
    }

    #[test]
    fn a_layout_is_read_as_data_and_written_as_it_was_read() {
        let text = r#"[{"name":"id","type":"uuid"},{"name":"places","type":{"list":{"struct":[{"name":"path","type":{"optional":"text"}}]}}}]"#;
        let layout: Vec<LayoutField> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&layout).unwrap(), text);
    }
}
