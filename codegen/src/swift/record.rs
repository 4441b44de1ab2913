//! Objects as structs.

use super::express::{encoded, holds, read, value};
use super::names::{distinct, escaped, parameters, property, text};
use super::{docs, resource};
use crate::CodegenError;
use crate::layout;
use crate::model::{Definition, Field, Model, Resource, Type};
use larder::registry::{RelationKind, ResourceType};

/// A field as a property.
pub(crate) struct Property<'a> {
    pub field: &'a Field,
    pub name: String,
    pub type_name: String,
    /// It may hold a struct of the same type.
    pub is_indirect: bool,
    /// The property with the rows that this one has the ids of.
    pub rows: Option<Rows>,
}

/// Rows that stand in for their ids.
pub(crate) struct Rows {
    pub name: String,
    pub row: String,
    pub kind: RelationKind,
}

/// Declares a struct; `row` says what it is if it is the row of a resource type.
pub(crate) fn declare(
    out: &mut String,
    model: &Model,
    definition: &Definition,
    fields: &[Field],
    row: Option<(&Resource, &ResourceType)>,
) -> Result<(), CodegenError> {
    let name = &definition.name;
    let properties: Vec<Property> = fields
        .iter()
        .map(|field| read_property(model, definition, field, row.map(|(resource, _)| resource)))
        .collect();
    let mut named: Vec<(String, String)> =
        properties.iter().map(|property| (property.field.key.clone(), property.name.clone())).collect();
    named.extend(row.into_iter().flat_map(|(resource, _)| resource::property_names(resource)));
    if let Some((resource, _)) = row
        && property(&resource.id) != "id"
    {
        // Swift finds the id there.
        named.push((resource.id.clone(), "id".to_owned()));
    }
    distinct(name, &named)?;

    let parameters = parameters(definition);
    let kinds = if row.is_some() {
        "Resource, Codable, Sendable, Identifiable, Hashable"
    } else {
        "FieldGroup, Codable, Sendable, Hashable"
    };
    out.push_str(&format!("public struct {name}{parameters}: {kinds} {{\n"));
    for property in &properties {
        docs(out, "    ", &property.field.docs);
        if let Some(rows) = &property.rows {
            out.push_str(&format!("    /// The ids of `{}`.\n", rows.name));
        }
        let wrapper = if property.is_indirect { "@Indirect " } else { "" };
        let declared = format!("{}: {}", escaped(&property.name), property.type_name);
        out.push_str(&format!("    {wrapper}public var {declared}\n"));
    }
    if let Some((found, declared)) = row {
        resource::members(out, model, found, declared, &properties)?;
    }
    initializer(out, model, &properties, row.map(|(resource, _)| resource));
    // Where it is JSON wherever it is used, nobody reads it packed.
    if row.is_some() || (definition.parameters.is_empty() && layout::is_packed(model, name)) {
        read_packed(out, model, &properties);
    }
    decode(out, &properties);
    encode(out, &properties);
    field_names(out, model, &properties, row.map(|(resource, _)| resource));
    coding_keys(out, &properties);
    out.push_str("}\n");
    Ok(())
}

fn read_property<'a>(
    model: &Model,
    definition: &Definition,
    field: &'a Field,
    resource: Option<&Resource>,
) -> Property<'a> {
    let relation = resource.and_then(|resource| {
        let name = field.embeds.as_ref()?;
        resource.relations.iter().find(|relation| relation.name == *name)
    });
    let target = relation.and_then(|relation| Some((relation, model.resource(&relation.to)?)));
    let Some((relation, target)) = target else {
        let is_indirect = holds(model, &field.ty, &definition.name);
        let (name, type_name) = (property(&field.key), value(&field.ty));
        return Property { field, name, type_name, is_indirect, rows: None };
    };
    let suffix = if relation.kind == RelationKind::Many { "IDs" } else { "ID" };
    Property {
        field,
        name: format!("{}{suffix}", property(&field.key)),
        type_name: ids_of(&field.ty, &target.row),
        is_indirect: false,
        rows: Some(Rows { name: property(&relation.name), row: target.row.clone(), kind: relation.kind }),
    }
}

fn ids_of(ty: &Type, row: &str) -> String {
    match ty {
        Type::Optional(inner) => format!("{}?", ids_of(inner, row)),
        Type::List(inner) => format!("[{}]", ids_of(inner, row)),
        _ => format!("{row}.ID"),
    }
}

fn initializer(out: &mut String, model: &Model, properties: &[Property<'_>], resource: Option<&Resource>) {
    let mut parameters: Vec<String> = properties
        .iter()
        .map(|property| {
            let default = match property.field.ty {
                Type::Optional(_) => " = nil",
                Type::Any => " = .null",
                _ => "",
            };
            format!("{}: {}{default}", escaped(&property.name), property.type_name)
        })
        .collect();
    let mut names: Vec<String> = properties.iter().map(|property| property.name.clone()).collect();
    if let Some(resource) = resource {
        parameters.extend(resource::parameters(model, resource));
        names.extend(resource.relations.iter().map(|relation| property(&relation.name)));
    }
    let line = format!("    public init({}) {{\n", parameters.join(", "));
    if line.len() <= 120 {
        out.push_str(&format!("\n{line}"));
    } else {
        out.push_str(&format!("\n    public init(\n        {}\n    ) {{\n", parameters.join(",\n        ")));
    }
    for name in names {
        out.push_str(&format!("        self.{} = {}\n", escaped(&name), escaped(&name)));
    }
    out.push_str("    }\n");
}

fn read_packed(out: &mut String, model: &Model, properties: &[Property<'_>]) {
    out.push_str("\n    public init(from reader: inout PackedReader) throws {\n");
    for property in properties {
        let expression = read(model, &property.field.ty, "reader").tried();
        out.push_str(&format!("        self.{} = {expression}\n", escaped(&property.name)));
    }
    out.push_str("    }\n");
}

fn decode(out: &mut String, properties: &[Property<'_>]) {
    out.push_str("\n    public init(from decoder: any Decoder) throws {\n");
    if !properties.is_empty() {
        out.push_str("        let container = try decoder.container(keyedBy: CodingKeys.self)\n");
    }
    for property in properties {
        let name = escaped(&property.name);
        let simple = format!(
            "self.{name} = {}",
            decoding(&property.field.ty, &property.type_name, &format!(".{name}"))
        );
        let Some(rows) = &property.rows else {
            out.push_str(&format!("        {simple}\n"));
            continue;
        };
        // What the backend sends has whole rows where the cache has their ids.
        let (row, rows_name) = (&rows.row, escaped(&rows.name));
        let (found, ids) = match rows.kind {
            RelationKind::Many => (
                format!("let rows = try? container.decode([{row}].self, forKey: .{name}), !rows.isEmpty"),
                "rows.map(\\.id)",
            ),
            RelationKind::One => {
                (format!("let rows = try? container.decode({row}.self, forKey: .{name})"), "rows.id")
            }
        };
        out.push_str(&format!(
            "        if {found} {{\n            self.{name} = {ids}\n            self.{rows_name} = rows\n        }} else {{\n            {simple}\n        }}\n"
        ));
    }
    out.push_str("    }\n");
}

/// How a value is decoded from a container with keys.
pub(crate) fn decoding(ty: &Type, type_name: &str, key: &str) -> String {
    match ty {
        Type::Optional(_) => {
            let present = type_name.strip_suffix('?').unwrap_or(type_name);
            format!("try container.decodeIfPresent({present}.self, forKey: {key})")
        }
        Type::Any => format!("try container.decodeIfPresent({type_name}.self, forKey: {key}) ?? .null"),
        _ => format!("try container.decode({type_name}.self, forKey: {key})"),
    }
}

fn encode(out: &mut String, properties: &[Property<'_>]) {
    out.push_str("\n    public func encode(to encoder: any Encoder) throws {\n");
    if properties.is_empty() {
        out.push_str("        try [String: String]().encode(to: encoder)\n    }\n");
        return;
    }
    out.push_str("        var container = encoder.container(keyedBy: CodingKeys.self)\n");
    for property in properties {
        let name = escaped(&property.name);
        let simple = encoding(property.field, &format!("self.{name}"), &format!(".{name}"));
        match &property.rows {
            None => out.push_str(&format!("        {simple}\n")),
            Some(rows) => {
                let rows = escaped(&rows.name);
                out.push_str(&format!(
                    "        if let rows = self.{rows} {{\n            try container.encode(rows, forKey: .{name})\n        }} else {{\n            {simple}\n        }}\n"
                ));
            }
        }
    }
    out.push_str("    }\n");
}

/// How a value is encoded into a container with keys. What may be missing is left out; what is null is there.
pub(crate) fn encoding(field: &Field, name: &str, key: &str) -> String {
    let method = if field.may_be_missing && field.ty != Type::Any { "encodeIfPresent" } else { "encode" };
    format!("try container.{method}({}, forKey: {key})", encoded(name, &field.ty))
}

fn field_names(out: &mut String, model: &Model, properties: &[Property<'_>], resource: Option<&Resource>) {
    out.push_str("\n    public struct Fields: ResourceFields {\n");
    for property in properties {
        let name = escaped(&property.name);
        let key = text(&property.field.key);
        out.push_str(&format!("        public let {name} = Field<{}>({key})\n", property.type_name));
    }
    if let Some(resource) = resource {
        resource::relation_names(out, model, resource);
    }
    out.push_str("\n        public init() {}\n    }\n");
}

fn coding_keys(out: &mut String, properties: &[Property<'_>]) {
    if properties.is_empty() {
        return;
    }
    out.push_str("\n    private enum CodingKeys: String, CodingKey {\n");
    for property in properties {
        let name = escaped(&property.name);
        if property.name == property.field.key {
            out.push_str(&format!("        case {name}\n"));
        } else {
            out.push_str(&format!("        case {name} = {}\n", text(&property.field.key)));
        }
    }
    out.push_str("    }\n");
}
