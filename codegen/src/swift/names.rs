//! Names in Swift.

use crate::CodegenError;
use crate::letter_case::camel;
use crate::model::Definition;

/// Types that generated code speaks of, and that a type of the app would hide.
const TAKEN: &[&str] = &[
    "Any",
    "AnyObject",
    "Array",
    "Bool",
    "CaseIterable",
    "Codable",
    "CodingKey",
    "CodingKeys",
    "Date",
    "Decodable",
    "Decoder",
    "DecodingError",
    "Dictionary",
    "Double",
    "Encodable",
    "Encoder",
    "Field",
    "FieldGroup",
    "FieldValue",
    "Fields",
    "Foundation",
    "Hashable",
    "Identifiable",
    "IncludedValue",
    "Indirect",
    "Int",
    "Int64",
    "JSONValue",
    "Larder",
    "LarderKey",
    "Never",
    "Optional",
    "PackedReader",
    "Protocol",
    "RawRepresentable",
    "Registry",
    "Relation",
    "Resource",
    "ResourceFields",
    "ResourceType",
    "Self",
    "Sendable",
    "String",
    "Type",
    "UInt32",
    "UUID",
    "Void",
];

/// Words that are not names without backticks.
const KEYWORDS: &[&str] = &[
    "as",
    "associatedtype",
    "break",
    "case",
    "catch",
    "class",
    "continue",
    "default",
    "defer",
    "deinit",
    "do",
    "else",
    "enum",
    "extension",
    "fallthrough",
    "false",
    "fileprivate",
    "for",
    "func",
    "guard",
    "if",
    "import",
    "in",
    "init",
    "inout",
    "internal",
    "is",
    "let",
    "nil",
    "operator",
    "private",
    "precedencegroup",
    "protocol",
    "public",
    "repeat",
    "rethrows",
    "return",
    "self",
    "static",
    "struct",
    "subscript",
    "super",
    "switch",
    "throw",
    "throws",
    "true",
    "try",
    "typealias",
    "var",
    "where",
    "while",
];

/// Fails for the name of a type that means something else.
pub(crate) fn check(name: &str, registry: &str) -> Result<(), CodegenError> {
    if TAKEN.contains(&name) || name == registry {
        return Err(CodegenError::TakenName { name: name.to_owned(), language: "Swift" });
    }
    Ok(())
}

/// Names that generated code, or what it conforms to, has another use for.
const RESERVED: &[&str] = &["self", "init", "hashValue"];

/// A name of a property or a case, from the one in JSON or Rust.
pub(crate) fn property(name: &str) -> String {
    let camel = camel(name);
    if RESERVED.contains(&camel.as_str()) {
        format!("{camel}_")
    } else if camel.starts_with(|first: char| first.is_ascii_digit()) || camel.is_empty() {
        format!("_{camel}")
    } else {
        camel
    }
}

/// A name as it is declared.
pub(crate) fn escaped(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("`{name}`") } else { name.to_owned() }
}

/// A name as the label of an argument.
pub(crate) fn label(name: &str) -> String {
    if matches!(name, "inout" | "let" | "var") { format!("`{name}`") } else { name.to_owned() }
}

/// The parameters of a type, as it is declared.
pub(crate) fn parameters(definition: &Definition) -> String {
    let bounded = definition.parameters.iter().map(|name| format!("{name}: Codable & Hashable & Sendable"));
    let bounded: Vec<String> = bounded.collect();
    if bounded.is_empty() { String::new() } else { format!("<{}>", bounded.join(", ")) }
}

/// A text in quotes.
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for sign in text.chars() {
        match sign {
            '"' | '\\' => out.extend(['\\', sign]),
            '\n' => out.push_str("\\n"),
            sign if sign.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(sign))),
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}

/// Fails when two members of a type have one name.
pub(crate) fn distinct(type_name: &str, named: &[(String, String)]) -> Result<(), CodegenError> {
    for (at, (source, property)) in named.iter().enumerate() {
        if let Some((first, _)) = named.iter().take(at).find(|(_, other)| other == property) {
            return Err(CodegenError::SameProperty {
                type_name: type_name.to_owned(),
                first: first.clone(),
                second: source.clone(),
                property: property.clone(),
            });
        }
    }
    Ok(())
}
