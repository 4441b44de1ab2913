//! TypeScript: one module with the types of rows, the map of resource types, and the registry.

mod declare;
mod docs;
mod express;

use crate::CodegenError;
use crate::json_text::{self, Keys};
use crate::model::{Model, Resource};
use crate::schema::without_layouts;
use express::{property, value};
use larder::registry::{RegistrySpec, RelationKind};
use specta::Types;
use specta::datatype::DataType;

const HEADER: &str = "// Written by larder-codegen from types in Rust. Do not edit.\n\n";

/// Names that the module has for itself.
const TAKEN: [&str; 3] = ["Resources", "Register", "Array"];

/// How wide the lines are.
const WIDTH: usize = 120;

/// The module for all types of a schema.
pub(crate) fn module(model: &Model, spec: &RegistrySpec) -> Result<String, CodegenError> {
    let mut out = format!("{HEADER}import {{ registryOf }} from \"@larder/client\";\n");
    for definition in &model.types {
        if TAKEN.contains(&definition.name.as_str()) {
            return Err(CodegenError::TakenName { name: definition.name.clone(), language: "TypeScript" });
        }
        out.push('\n');
        declare::definition(&mut out, model, definition);
    }
    out.push_str(
        "\n/** The resource types: what a row is, what its id is, and where its relations lead. */\n",
    );
    out.push_str("export interface Resources {\n");
    for resource in &model.resources {
        resource_type(&mut out, model, resource);
    }
    out.push_str("}\n\n/** The resource types as data, for `createCache`. */\n");
    let spec = serde_json::to_string(&without_layouts(spec))
        .map_err(|error| CodegenError::Serde { message: error.to_string() })?;
    let spec = json_text::lay_out(&spec, Keys::Bare, WIDTH);
    out.push_str(&format!("export const registry = registryOf<Resources>({spec});\n\n"));
    out.push_str(
        "declare module \"@larder/client\" {\n  interface Register {\n    resources: Resources;\n  }\n}\n",
    );
    Ok(out)
}

fn resource_type(out: &mut String, model: &Model, resource: &Resource) {
    let name = property(&resource.name);
    out.push_str(&format!("  readonly {name}: {{\n    readonly row: {};\n", resource.row));
    out.push_str(&format!("    readonly id: {};\n", value(model, &resource.id_type)));
    if resource.relations.is_empty() {
        out.push_str("    readonly relations: {};\n  };\n");
        return;
    }
    out.push_str("    readonly relations: {\n");
    for relation in &resource.relations {
        let kind = if relation.kind == RelationKind::Many { "many" } else { "one" };
        let (name, to) = (property(&relation.name), express::text(&relation.to));
        out.push_str(&format!(
            "      readonly {name}: {{ readonly to: {to}; readonly kind: \"{kind}\" }};\n"
        ));
    }
    out.push_str("    };\n  };\n");
}

/// What specta's own exporter makes of a type that was told in TypeScript.
pub(crate) fn written(told: &DataType) -> Result<String, String> {
    let exporter = specta_typescript::Exporter::from(specta_typescript::Typescript::new());
    specta_typescript::primitives::inline(&exporter, &Types::default(), told)
        .map_err(|error| error.to_string())
}
