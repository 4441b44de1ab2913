//! Documentation as comments.

use crate::model::{Docs, Field, Type, Width};

/// What is said about a field, and about what TypeScript's type does not tell of its value.
pub(crate) fn of_field(out: &mut String, indent: &str, field: &Field) {
    let mut docs = field.docs.clone();
    let mut add = |line: &str| docs.lines.push(line.to_owned());
    if field.ty.any(&|ty| *ty == Type::Int(Width::Wide)) {
        add("An integer: beyond 2^53 the cache refuses it.");
    }
    if field.ty.any(&|ty| *ty == Type::Moment) {
        add("Text as in RFC 3339, such as `2026-11-21T10:00:00Z`.");
    }
    if let Some(relation) = &field.embeds {
        add(&format!(
            "The id of what it leads to, or ids: `include: {{ {relation}: true }}` puts that in their place."
        ));
    }
    write(out, indent, &docs);
}

/// Writes a comment, if there is something to say.
pub(crate) fn write(out: &mut String, indent: &str, docs: &Docs) {
    let mut lines = docs.lines.clone();
    if let Some(reason) = &docs.deprecated {
        lines.push(format!("@deprecated {reason}").trim_end().to_owned());
    }
    // A comment must not end early.
    let lines: Vec<String> = lines.iter().map(|line| line.replace("*/", "*\\/")).collect();
    match lines.as_slice() {
        [] => {}
        [line] => out.push_str(&format!("{indent}/** {line} */\n")),
        lines => {
            out.push_str(&format!("{indent}/**\n"));
            for line in lines {
                out.push_str(format!("{indent} * {line}").trim_end());
                out.push('\n');
            }
            out.push_str(&format!("{indent} */\n"));
        }
    }
}
