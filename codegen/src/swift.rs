//! Swift: one file with the types of rows, the fields that queries may speak of, and the registry.

mod choice;
mod decode;
mod encode;
mod express;
mod names;
mod prepare;
mod record;
mod resource;
mod wrapper;

use crate::CodegenError;
use crate::json_text::{self, Keys};
use crate::model::{Docs, Model, Shape};
use larder::registry::{RegistrySpec, UnknownTypes};
use std::collections::BTreeMap;

/// How the Swift file is written.
#[derive(Debug, Clone)]
pub struct SwiftOptions {
    registry: String,
    renames: BTreeMap<String, String>,
}

impl Default for SwiftOptions {
    fn default() -> Self {
        Self { registry: "LarderRegistry".to_owned(), renames: BTreeMap::new() }
    }
}

impl SwiftOptions {
    /// A registry with the name `LarderRegistry`, and types with the names that they have in Rust.
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the enum that holds the registry.
    #[must_use]
    pub fn registry_name(mut self, name: impl Into<String>) -> Self {
        self.registry = name.into();
        self
    }

    /// Gives a type another name than it has in Rust.
    #[must_use]
    pub fn rename(mut self, rust: impl Into<String>, swift: impl Into<String>) -> Self {
        self.renames.insert(rust.into(), swift.into());
        self
    }
}

const HEADER: &str =
    "// Written by larder-codegen from types in Rust. Do not edit.\n\nimport Foundation\nimport Larder\n";

/// The file for all types of a schema.
pub(crate) fn file(
    model: &Model,
    spec: &RegistrySpec,
    options: &SwiftOptions,
) -> Result<String, CodegenError> {
    let model = &prepare::model(model, options)?;
    let mut out = HEADER.to_owned();
    let mut has_choices = false;
    for definition in &model.types {
        names::check(&definition.name, &options.registry)?;
        out.push('\n');
        docs(&mut out, "", &definition.docs);
        match &definition.shape {
            Shape::Record(fields) => {
                let row = model
                    .resources
                    .iter()
                    .zip(&spec.types)
                    .find(|(resource, _)| resource.row == definition.name);
                record::declare(&mut out, model, definition, fields, row)?;
            }
            Shape::Wrapper(inner) => wrapper::declare(&mut out, model, definition, inner),
            Shape::Tuple(parts) => wrapper::declare_tuple(&mut out, definition, parts),
            Shape::Names(variants) => wrapper::declare_names(&mut out, &definition.name, variants),
            Shape::Choice(tagging, variants) => {
                has_choices = true;
                choice::declare(&mut out, model, definition, tagging, variants)?;
            }
        }
    }
    registry(&mut out, model, spec, &options.registry);
    if has_choices {
        out.push_str(LARDER_KEY);
    }
    Ok(out)
}

const LARDER_KEY: &str = "
private struct LarderKey: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral value: String) { stringValue = value }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
";

fn registry(out: &mut String, model: &Model, spec: &RegistrySpec, name: &str) {
    let mut arguments: Vec<String> =
        model.resources.iter().map(|resource| format!("{}.self", resource.row)).collect();
    if !spec.events.is_empty() {
        let events: Vec<String> = spec.events.iter().map(|event| names::text(event)).collect();
        arguments.push(format!("events: [{}]", events.join(", ")));
    }
    if spec.unknown_types == UnknownTypes::Refuse {
        arguments.push("refusesOthers: true".to_owned());
    }
    let all = arguments.join(", ");
    out.push_str(&format!(
        "\n/// The resource types, for `LarderClient`.\npublic enum {name} {{\n    public static let registry = Registry({all})\n}}\n"
    ));
}

/// Data as JSON, laid out.
fn json(data: &impl serde::Serialize) -> Result<String, CodegenError> {
    let compact =
        serde_json::to_string(data).map_err(|error| CodegenError::Serde { message: error.to_string() })?;
    Ok(json_text::lay_out(&compact, Keys::Quoted, 110))
}

/// A text of several lines as a literal.
fn literal(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("{indent}{line}")).collect();
    format!("#\"\"\"\n{}\n{indent}\"\"\"#", lines.join("\n"))
}

/// Writes documentation as a comment.
fn docs(out: &mut String, indent: &str, docs: &Docs) {
    for line in &docs.lines {
        out.push_str(format!("{indent}/// {line}").trim_end());
        out.push('\n');
    }
    if let Some(reason) = &docs.deprecated {
        out.push_str(format!("{indent}/// - Warning: Deprecated. {reason}").trim_end());
        out.push('\n');
    }
}
