//! What the struct of a row has beside its fields.

use super::names::{escaped, property, text};
use super::record::Property;
use super::{json, literal};
use crate::CodegenError;
use crate::model::{Model, Relation, Resource};
use larder::registry::{RelationKind, ResourceType};

/// The relations as properties, what says which resource type this is, and what puts relations in.
pub(crate) fn members(
    out: &mut String,
    model: &Model,
    resource: &Resource,
    declared: &ResourceType,
    properties: &[Property<'_>],
) -> Result<(), CodegenError> {
    for relation in &resource.relations {
        let Some(target) = model.resource(&relation.to) else { continue };
        let (name, row) = (escaped(&property(&relation.name)), &target.row);
        out.push_str(&format!("    /// Nil unless a query includes `{}`.\n", relation.name));
        match relation.kind {
            RelationKind::Many => out.push_str(&format!("    public var {name}: [{row}]?\n")),
            RelationKind::One => out.push_str(&format!("    @Indirect public var {name}: {row}? = nil\n")),
        }
    }
    let id = properties.iter().find(|property| property.field.key == resource.id);
    if let Some(id) = id.filter(|id| id.name != "id") {
        out.push_str(&format!("\n    public var id: {} {{ {} }}\n", id.type_name, escaped(&id.name)));
    }
    out.push_str(&format!("\n    public static let resourceName = {}\n", text(&resource.name)));
    let declaration = literal(&json(declared)?, "        ");
    out.push_str(&format!("\n    public static let resourceType = ResourceType(json: {declaration})\n"));
    include(out, model, resource);
    Ok(())
}

fn include(out: &mut String, model: &Model, resource: &Resource) {
    if resource.relations.is_empty() {
        return;
    }
    out.push_str("\n    public mutating func include(_ relation: String, _ value: IncludedValue) {\n");
    out.push_str("        switch relation {\n");
    for relation in &resource.relations {
        let Some(target) = model.resource(&relation.to) else { continue };
        let name = escaped(&property(&relation.name));
        let method = if relation.kind == RelationKind::Many { "many" } else { "one" };
        let key = text(&relation.name);
        out.push_str(&format!("        case {key}: self.{name} = value.{method}({}.self)\n", target.row));
    }
    out.push_str("        default: break\n        }\n    }\n");
}

/// The names of the properties, with what each is named for.
pub(crate) fn property_names(resource: &Resource) -> Vec<(String, String)> {
    resource.relations.iter().map(|Relation { name, .. }| (name.clone(), property(name))).collect()
}

/// The relations as parameters of the initializer.
pub(crate) fn parameters(model: &Model, resource: &Resource) -> Vec<String> {
    resource
        .relations
        .iter()
        .filter_map(|relation| {
            let row = &model.resource(&relation.to)?.row;
            let ty =
                if relation.kind == RelationKind::Many { format!("[{row}]?") } else { format!("{row}?") };
            Some(format!("{}: {ty} = nil", escaped(&property(&relation.name))))
        })
        .collect()
}

/// The relations that queries may speak of.
pub(crate) fn relation_names(out: &mut String, model: &Model, resource: &Resource) {
    for relation in &resource.relations {
        let Some(target) = model.resource(&relation.to) else { continue };
        let name = escaped(&property(&relation.name));
        let key = text(&relation.name);
        out.push_str(&format!("        public let {name} = Relation<{}>({key})\n", target.row));
    }
}
