//! Types that stand for another, arrays with a type for each element, and enums of words.

use super::docs;
use super::express::{encoded, value};
use super::names::{escaped, parameters, property, text};
use crate::model::{Definition, Model, Shape, Type, Variant};

/// Declares a struct around another type. In JSON it is as that type is.
pub(crate) fn declare(out: &mut String, model: &Model, definition: &Definition, inner: &Type) {
    let name = &definition.name;
    let (ty, encoded) = (value(inner), encoded("rawValue", inner));
    let comparable = if is_comparable(model, inner) { ", FieldValue" } else { "" };
    let parameters = parameters(definition);
    out.push_str(&format!(
        "public struct {name}{parameters}: RawRepresentable, Codable, Sendable, Hashable{comparable} {{
    public var rawValue: {ty}

    public init(rawValue: {ty}) {{
        self.rawValue = rawValue
    }}

    public init(from decoder: any Decoder) throws {{
        rawValue = try decoder.singleValueContainer().decode({ty}.self)
    }}

    public func encode(to encoder: any Encoder) throws {{
        var container = encoder.singleValueContainer()
        try container.encode({encoded})
    }}
}}
"
    ));
}

/// Whether queries can compare fields with values of this type.
fn is_comparable(model: &Model, ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Int(_) | Type::Float | Type::Text | Type::Uuid | Type::Moment => true,
        Type::Optional(inner) => is_comparable(model, inner),
        Type::Named(name, _) => match model.get(name).map(|definition| &definition.shape) {
            Some(Shape::Names(_)) => true,
            Some(Shape::Wrapper(inner)) => is_comparable(model, inner),
            _ => false,
        },
        _ => false,
    }
}

/// Declares a struct for an array with a type for each element.
pub(crate) fn declare_tuple(out: &mut String, definition: &Definition, parts: &[Type]) {
    let name = &definition.name;
    let names: Vec<String> = (0..parts.len()).map(|at| format!("_{at}")).collect();
    out.push_str(&format!("public struct {name}: Codable, Sendable, Hashable {{\n"));
    let mut write = |indent: &str, line: String| out.push_str(&format!("{indent}{line}\n"));
    for (name, part) in names.iter().zip(parts) {
        write("    ", format!("public var {name}: {}", value(part)));
    }
    let parameters: Vec<String> =
        names.iter().zip(parts).map(|(name, part)| format!("_ {name}: {}", value(part))).collect();
    write("", format!("\n    public init({}) {{", parameters.join(", ")));
    names.iter().for_each(|name| write("        ", format!("self.{name} = {name}")));
    write("    ", "}\n".to_owned());
    write("    ", "public init(from decoder: any Decoder) throws {".to_owned());
    write("        ", "var list = try decoder.unkeyedContainer()".to_owned());
    for (name, part) in names.iter().zip(parts) {
        write("        ", format!("{name} = try list.decode({}.self)", value(part)));
    }
    write("    ", "}\n".to_owned());
    write("    ", "public func encode(to encoder: any Encoder) throws {".to_owned());
    write("        ", "var list = encoder.unkeyedContainer()".to_owned());
    for (name, part) in names.iter().zip(parts) {
        write("        ", format!("try list.encode({})", encoded(name, part)));
    }
    write("    ", "}".to_owned());
    write("", "}".to_owned());
}

/// Declares an enum of words.
pub(crate) fn declare_names(out: &mut String, name: &str, variants: &[Variant]) {
    out.push_str(&format!(
        "public enum {name}: String, Codable, Sendable, Hashable, CaseIterable, FieldValue {{\n"
    ));
    for variant in variants {
        docs(out, "    ", &variant.docs);
        let case = property(&variant.name);
        if case == variant.key {
            out.push_str(&format!("    case {}\n", escaped(&case)));
        } else {
            out.push_str(&format!("    case {} = {}\n", escaped(&case), text(&variant.key)));
        }
    }
    out.push_str("}\n");
}
