//! Types where they are declared.

use super::express::{member, property, text, value};
use super::{WIDTH, docs};
use crate::model::{Definition, Field, Model, Payload, Shape, Tagging, Type, Variant};

/// Declares a type.
pub(crate) fn definition(out: &mut String, model: &Model, definition: &Definition) {
    docs::write(out, "", &definition.docs);
    let mut name = definition.name.clone();
    if !definition.parameters.is_empty() {
        name.push_str(&format!("<{}>", definition.parameters.join(", ")));
    }
    match &definition.shape {
        Shape::Record(fields) => {
            out.push_str(&format!("export interface {name} {{\n"));
            members(out, model, fields);
            out.push_str("}\n");
        }
        Shape::Wrapper(inner) => out.push_str(&format!("export type {name} = {};\n", value(model, inner))),
        Shape::Tuple(parts) => {
            out.push_str(&format!("export type {name} = {};\n", value(model, &Type::Tuple(parts.clone()))));
        }
        Shape::Names(variants) => union(out, &name, variants, |variant| text(&variant.key)),
        Shape::Choice(tagging, all) => union(out, &name, all, |one| variant(model, tagging, one)),
    }
}

fn members(out: &mut String, model: &Model, fields: &[Field]) {
    for field in fields {
        docs::of_field(out, "  ", field);
        out.push_str(&format!("  {};\n", member(model, field)));
    }
}

/// All variants, in one line where that is possible.
fn union(out: &mut String, name: &str, variants: &[Variant], write: impl Fn(&Variant) -> String) {
    let written: Vec<String> = variants.iter().map(write).collect();
    let line = format!("export type {name} = {};\n", written.join(" | "));
    let has_docs =
        variants.iter().any(|variant| !variant.docs.lines.is_empty() || variant.docs.deprecated.is_some());
    if !has_docs && line.len() <= WIDTH {
        out.push_str(&line);
        return;
    }
    out.push_str(&format!("export type {name} ="));
    for (variant, text) in variants.iter().zip(&written) {
        out.push('\n');
        docs::write(out, "  ", &variant.docs);
        out.push_str(&format!("  | {text}"));
    }
    out.push_str(";\n");
}

fn variant(model: &Model, tagging: &Tagging, variant: &Variant) -> String {
    let key = text(&variant.key);
    let content = payload(model, &variant.payload);
    match (tagging, &variant.payload) {
        (Tagging::External, Payload::Nothing) => key,
        (Tagging::External, _) => {
            format!("{{ readonly {}: {} }}", property(&variant.key), content.unwrap_or_default())
        }
        (Tagging::Internal { tag }, Payload::Record(fields)) => {
            let mut parts = vec![format!("readonly {}: {key}", property(tag))];
            parts.extend(fields.iter().map(|field| member(model, field)));
            format!("{{ {} }}", parts.join("; "))
        }
        (Tagging::Internal { tag }, _) => {
            let tag = format!("{{ readonly {}: {key} }}", property(tag));
            content.map_or_else(|| tag.clone(), |content| format!("({tag} & {content})"))
        }
        (Tagging::Adjacent { tag, content: place }, _) => {
            let tag = format!("readonly {}: {key}", property(tag));
            match content {
                None => format!("{{ {tag} }}"),
                Some(content) => format!("{{ {tag}; readonly {}: {content} }}", property(place)),
            }
        }
        (Tagging::Untagged, _) => content.unwrap_or_else(|| "null".to_owned()),
    }
}

fn payload(model: &Model, payload: &Payload) -> Option<String> {
    match payload {
        Payload::Nothing => None,
        Payload::One(inner) => Some(value(model, inner)),
        Payload::Tuple(parts) => Some(value(model, &Type::Tuple(parts.clone()))),
        Payload::Record(fields) if fields.is_empty() => Some("{}".to_owned()),
        Payload::Record(fields) => {
            let members: Vec<_> = fields.iter().map(|field| member(model, field)).collect();
            Some(format!("{{ {} }}", members.join("; ")))
        }
    }
}
