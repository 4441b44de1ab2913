//! What is changed about the Rust types before they are rendered.

use specta::Types;
use specta::datatype::{DataType, Field, Fields};
use std::borrow::Cow;

/// Makes optional what serde fills in, and leaves out of the documentation what only Rust understands.
pub fn for_typescript(mut types: Types) -> Types {
    types.iter_mut(|named| {
        named.docs = docs(&named.docs);
        match &mut named.ty {
            Some(DataType::Struct(found)) => {
                let all = found.attributes.contains_key("serde:container:default");
                fields(&mut found.fields, all);
            }
            Some(DataType::Enum(found)) => {
                for (_, variant) in &mut found.variants {
                    variant.docs = docs(&variant.docs);
                    fields(&mut variant.fields, false);
                }
            }
            _ => {}
        }
    });
    types
}

fn fields(fields: &mut Fields, all_optional: bool) {
    let each = |field: &mut Field| {
        field.docs = docs(&field.docs);
        field.optional |= all_optional || field.attributes.contains_key("serde:field:default");
    };
    match fields {
        Fields::Named(named) => named.fields.iter_mut().for_each(|(_, field)| each(field)),
        Fields::Unnamed(unnamed) => unnamed.fields.iter_mut().for_each(each),
        Fields::Unit => {}
    }
}

/// Documentation without its Rust examples and without links to Rust items.
fn docs(text: &str) -> Cow<'static, str> {
    let mut kept: Vec<&str> = Vec::new();
    let mut in_example = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_example = !in_example;
        } else if !in_example {
            kept.push(line.strip_prefix(' ').unwrap_or(line));
        }
    }
    while kept.last().is_some_and(|line| line.trim().is_empty()) {
        kept.pop();
    }
    kept.join("\n").replace("[`", "`").replace("`]", "`").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_keeps_its_words_only() {
        let text = " Sent by the [`Engine`].\n\n ```\n let x = 1;\n ```\n";
        assert_eq!(docs(text), "Sent by the `Engine`.");
    }
}
