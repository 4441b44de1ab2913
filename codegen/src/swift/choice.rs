//! Enums whose variants hold something.

use super::express::{holds, parts, value};
use super::names::{distinct, escaped, parameters, property};
use super::{decode, docs, encode};
use crate::CodegenError;
use crate::model::{Definition, Model, Payload, Tagging, Variant};

/// Declares the enum, and how serde's tagging is read and written.
pub(crate) fn declare(
    out: &mut String,
    model: &Model,
    definition: &Definition,
    tagging: &Tagging,
    variants: &[Variant],
) -> Result<(), CodegenError> {
    let name = &definition.name;
    let cases: Vec<(String, String)> =
        variants.iter().map(|variant| (variant.name.clone(), property(&variant.name))).collect();
    distinct(name, &cases)?;
    let parameters = parameters(definition);
    let indirect = if parts(&definition.shape).into_iter().any(|part| holds(model, part, name)) {
        "indirect "
    } else {
        ""
    };
    out.push_str(&format!("public {indirect}enum {name}{parameters}: Codable, Sendable, Hashable {{\n"));
    for variant in variants {
        docs(out, "    ", &variant.docs);
        out.push_str(&format!("    case {}{}\n", escaped(&property(&variant.name)), payload(name, variant)?));
    }
    decode::write(out, name, tagging, variants);
    encode::write(out, tagging, variants);
    out.push_str("}\n");
    Ok(())
}

fn payload(owner: &str, variant: &Variant) -> Result<String, CodegenError> {
    Ok(match &variant.payload {
        Payload::Nothing => String::new(),
        Payload::One(inner) => format!("({})", value(inner)),
        Payload::Tuple(parts) => format!("({})", parts.iter().map(value).collect::<Vec<_>>().join(", ")),
        Payload::Record(fields) if fields.is_empty() => String::new(),
        Payload::Record(fields) => {
            let named: Vec<_> =
                fields.iter().map(|field| (field.key.clone(), property(&field.key))).collect();
            distinct(&format!("{owner}::{}", variant.name), &named)?;
            let fields = fields.iter().zip(&named);
            let labelled =
                fields.map(|(field, (_, name))| format!("{}: {}", escaped(name), value(&field.ty)));
            format!("({})", labelled.collect::<Vec<_>>().join(", "))
        }
    })
}
