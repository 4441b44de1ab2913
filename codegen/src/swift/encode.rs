//! How enums are written, by serde's tagging.

use super::express::encoded;
use super::names::{escaped, property, text};
use super::record::encoding;
use crate::model::{Field, Payload, Tagging, Type, Variant};

/// Writes the function to an encoder.
pub(crate) fn write(out: &mut String, tagging: &Tagging, variants: &[Variant]) {
    out.push_str("\n    public func encode(to encoder: any Encoder) throws {\n        switch self {\n");
    for variant in variants {
        out.push_str(&format!(
            "        case .{}{}:\n",
            escaped(&property(&variant.name)),
            bindings(&variant.payload)
        ));
        let mut line = |line: String| out.push_str(&format!("            {line}\n"));
        let key = text(&variant.key);
        match tagging {
            Tagging::External if matches!(variant.payload, Payload::Nothing) => {
                line("var container = encoder.singleValueContainer()".to_owned());
                line(format!("try container.encode({key})"));
            }
            Tagging::External => {
                line("var container = encoder.container(keyedBy: LarderKey.self)".to_owned());
                nested(&mut line, &variant.payload, &key);
            }
            Tagging::Internal { tag } => {
                line("var container = encoder.container(keyedBy: LarderKey.self)".to_owned());
                line(format!("try container.encode({key}, forKey: {})", text(tag)));
                match &variant.payload {
                    Payload::One(_) => line("try value0.encode(to: encoder)".to_owned()),
                    Payload::Record(fields) => record(&mut line, fields),
                    Payload::Nothing | Payload::Tuple(_) => {}
                }
            }
            Tagging::Adjacent { tag, content } => {
                line("var container = encoder.container(keyedBy: LarderKey.self)".to_owned());
                line(format!("try container.encode({key}, forKey: {})", text(tag)));
                nested(&mut line, &variant.payload, &text(content));
            }
            Tagging::Untagged => bare(&mut line, &variant.payload),
        }
    }
    out.push_str("        }\n    }\n");
}

/// The payload under names of its own.
fn bindings(payload: &Payload) -> String {
    let count = match payload {
        Payload::Nothing => 0,
        Payload::One(_) => 1,
        Payload::Tuple(parts) => parts.len(),
        Payload::Record(fields) => fields.len(),
    };
    match count {
        0 => String::new(),
        _ => format!("({})", (0..count).map(|at| format!("let value{at}")).collect::<Vec<_>>().join(", ")),
    }
}

fn nested(line: &mut dyn FnMut(String), payload: &Payload, key: &str) {
    match payload {
        Payload::Nothing => {}
        Payload::One(inner) => {
            line(format!("try container.encode({}, forKey: {key})", encoded("value0", inner)))
        }
        Payload::Tuple(parts) => {
            line(format!("var list = container.nestedUnkeyedContainer(forKey: {key})"));
            elements(line, parts);
        }
        Payload::Record(fields) if fields.is_empty() => {
            line(format!("try container.encode([String: String](), forKey: {key})"))
        }
        Payload::Record(fields) => {
            line(format!("var inner = container.nestedContainer(keyedBy: LarderKey.self, forKey: {key})"));
            let mut inner = |text: String| line(text.replacen("try container.", "try inner.", 1));
            record(&mut inner, fields);
        }
    }
}

fn bare(line: &mut dyn FnMut(String), payload: &Payload) {
    match payload {
        Payload::Nothing => {
            line("var container = encoder.singleValueContainer()".to_owned());
            line("try container.encodeNil()".to_owned());
        }
        Payload::One(inner) => {
            line("var container = encoder.singleValueContainer()".to_owned());
            line(format!("try container.encode({})", encoded("value0", inner)));
        }
        Payload::Tuple(parts) => {
            line("var list = encoder.unkeyedContainer()".to_owned());
            elements(line, parts);
        }
        Payload::Record(fields) if fields.is_empty() => {
            line("try [String: String]().encode(to: encoder)".to_owned())
        }
        Payload::Record(fields) => {
            line("var container = encoder.container(keyedBy: LarderKey.self)".to_owned());
            record(line, fields);
        }
    }
}

fn elements(line: &mut dyn FnMut(String), parts: &[Type]) {
    for (at, part) in parts.iter().enumerate() {
        line(format!("try list.encode({})", encoded(&format!("value{at}"), part)));
    }
}

fn record(line: &mut dyn FnMut(String), fields: &[Field]) {
    for (at, field) in fields.iter().enumerate() {
        line(encoding(field, &format!("value{at}"), &text(&field.key)));
    }
}
