//! Documentation as comments.

use crate::model::{Docs, Field, Type, Width};

/// What is said about a field, and about what TypeScript's type does not tell of its value.
pub(crate) fn of_field(out: &mut String, indent: &str, field: &Field) {
    let mut docs = field.docs.clone();
    if field.ty.any(&|ty| *ty == Type::Int(Width::Wide)) {
        add(&mut docs, "An integer up to 2^53.");
    }
    if field.ty.any(&|ty| *ty == Type::Moment) {
        add(&mut docs, "As in RFC 3339: `2026-11-21T10:00:00Z`.");
    }
    if let Some(relation) = &field.embeds {
        let many = if field.ty.any(&|ty| matches!(ty, Type::List(_))) { "Ids" } else { "An id" };
        add(&mut docs, &format!("{many}, unless a query includes `{relation}`."));
    }
    write(out, indent, &docs);
}

/// Adds a sentence, in the last line if there is room.
fn add(docs: &mut Docs, sentence: &str) {
    match docs.lines.last_mut() {
        Some(last) if last.ends_with('.') && last.len() + sentence.len() < 100 => {
            last.push(' ');
            last.push_str(sentence);
        }
        _ => docs.lines.push(sentence.to_owned()),
    }
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
