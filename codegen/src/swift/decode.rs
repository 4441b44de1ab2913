//! How enums are read, by serde's tagging.

use super::express::value;
use super::names::{escaped, label, property, text};
use super::record::decoding;
use crate::model::{Payload, Tagging, Type, Variant};

/// Writes the initializer from a decoder.
pub(crate) fn write(out: &mut String, name: &str, tagging: &Tagging, variants: &[Variant]) {
    out.push_str("\n    public init(from decoder: any Decoder) throws {\n");
    match tagging {
        Tagging::External => external(out, name, variants),
        Tagging::Internal { tag } => tagged(out, name, tag, None, variants),
        Tagging::Adjacent { tag, content } => tagged(out, name, tag, Some(content), variants),
        Tagging::Untagged => untagged(out, name, variants),
    }
    out.push_str("    }\n");
}

fn external(out: &mut String, name: &str, variants: &[Variant]) {
    let is_word = |variant: &&Variant| matches!(variant.payload, Payload::Nothing);
    if variants.iter().any(|variant| is_word(&variant)) {
        out.push_str("        if let word = try? decoder.singleValueContainer().decode(String.self) {\n");
        out.push_str("            switch word {\n");
        for variant in variants.iter().filter(is_word) {
            out.push_str(&format!("            case {}: self = .{}\n", text(&variant.key), case(variant)));
        }
        unknown(out, "            ", name, "word");
        out.push_str("            }\n            return\n        }\n");
    }
    out.push_str("        let container = try decoder.container(keyedBy: LarderKey.self)\n");
    out.push_str("        switch container.allKeys.first?.stringValue ?? \"\" {\n");
    for variant in variants.iter().filter(|variant| !is_word(variant)) {
        out.push_str(&format!("        case {}:\n", text(&variant.key)));
        nested(out, variant, &variant.key);
    }
    unknown(out, "        ", name, "tag");
    out.push_str("        }\n");
}

fn tagged(out: &mut String, name: &str, tag: &str, content: Option<&String>, variants: &[Variant]) {
    out.push_str("        let container = try decoder.container(keyedBy: LarderKey.self)\n");
    out.push_str(&format!("        switch try container.decode(String.self, forKey: {}) {{\n", text(tag)));
    for variant in variants.iter().filter(|variant| !variant.other) {
        out.push_str(&format!("        case {}:\n", text(&variant.key)));
        match (content, &variant.payload) {
            (_, Payload::Nothing) => set(out, variant, ""),
            (Some(content), _) => nested(out, variant, content),
            (None, Payload::One(inner)) => {
                out.push_str(&format!(
                    "            self = .{}(try {}(from: decoder))\n",
                    case(variant),
                    value(inner)
                ));
            }
            (None, Payload::Record(_) | Payload::Tuple(_)) => record(out, variant),
        }
    }
    match variants.iter().find(|variant| variant.other) {
        Some(other) => out.push_str(&format!("        default: self = .{}\n", case(other))),
        None => unknown(out, "        ", name, "tag"),
    }
    out.push_str("        }\n");
}

/// The first variant that the value fits.
fn untagged(out: &mut String, name: &str, variants: &[Variant]) {
    for variant in variants {
        match &variant.payload {
            Payload::Nothing => {
                out.push_str(
                    "        if let value = try? decoder.singleValueContainer(), value.decodeNil() {\n",
                );
                set(out, variant, "");
            }
            Payload::One(inner) => {
                out.push_str(&format!(
                    "        if let value = try? decoder.singleValueContainer().decode({}.self) {{\n",
                    value(inner)
                ));
                set(out, variant, "(value)");
            }
            Payload::Tuple(parts) => {
                out.push_str("        do {\n            var list = try decoder.unkeyedContainer()\n");
                elements(out, variant, parts);
            }
            Payload::Record(fields) => {
                out.push_str("        do {\n");
                if fields.is_empty() {
                    out.push_str("            _ = try decoder.container(keyedBy: LarderKey.self)\n");
                } else {
                    out.push_str(
                        "            let container = try decoder.container(keyedBy: LarderKey.self)\n",
                    );
                }
                record(out, variant);
            }
        }
        let is_tried = matches!(variant.payload, Payload::Tuple(_) | Payload::Record(_));
        out.push_str(if is_tried {
            "            return\n        } catch {}\n"
        } else {
            "            return\n        }\n"
        });
    }
    out.push_str(&format!(
        "        throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: \"The value is no {name}.\"))\n"
    ));
}

/// What a variant holds, in a field of its own.
fn nested(out: &mut String, variant: &Variant, key: &str) {
    let key = text(key);
    match &variant.payload {
        Payload::Nothing => set(out, variant, ""),
        Payload::One(inner) => {
            let decoded = decoding(inner, &value(inner), &key);
            set(out, variant, &format!("({decoded})"));
        }
        Payload::Tuple(parts) => {
            out.push_str(&format!(
                "            var list = try container.nestedUnkeyedContainer(forKey: {key})\n"
            ));
            elements(out, variant, parts);
        }
        Payload::Record(fields) if fields.is_empty() => set(out, variant, ""),
        Payload::Record(_) => {
            out.push_str(&format!(
                "            let container = try container.nestedContainer(keyedBy: LarderKey.self, forKey: {key})\n"
            ));
            record(out, variant);
        }
    }
}

fn elements(out: &mut String, variant: &Variant, parts: &[Type]) {
    let parts: Vec<String> = parts.iter().map(|part| format!("list.decode({}.self)", value(part))).collect();
    out.push_str(&format!("            self = try .{}({})\n", case(variant), parts.join(", ")));
}

fn record(out: &mut String, variant: &Variant) {
    let Payload::Record(fields) = &variant.payload else { return };
    let fields: Vec<String> = fields
        .iter()
        .map(|field| {
            let decoded = decoding(&field.ty, &value(&field.ty), &text(&field.key));
            format!("{}: {decoded}", label(&property(&field.key)))
        })
        .collect();
    set(out, variant, &if fields.is_empty() { String::new() } else { format!("({})", fields.join(", ")) });
}

fn set(out: &mut String, variant: &Variant, payload: &str) {
    out.push_str(&format!("            self = .{}{payload}\n", case(variant)));
}

fn case(variant: &Variant) -> String {
    escaped(&property(&variant.name))
}

fn unknown(out: &mut String, indent: &str, name: &str, found: &str) {
    let found = if found == "word" { "word" } else { "tag" };
    out.push_str(&format!(
        "{indent}case let {found}:\n{indent}    throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: \"`\\({found})` is no variant of {name}.\"))\n"
    ));
}
