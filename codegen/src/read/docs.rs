//! Documentation without what only Rust understands.

use crate::model::Docs;
use specta::datatype::Deprecated;

/// The words of documentation: without examples in Rust, and without links to Rust items.
pub(crate) fn read(text: &str, deprecated: Option<&Deprecated>) -> Docs {
    let mut lines: Vec<String> = Vec::new();
    let mut in_example = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_example = !in_example;
        } else if !in_example {
            let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
            lines.push(line.replace("[`", "`").replace("`]", "`"));
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let deprecated = deprecated.map(|said| said.note.as_deref().unwrap_or_default().to_owned());
    Docs { lines, deprecated }
}

#[cfg(test)]
mod tests {
    #[test]
    fn documentation_keeps_its_words_and_loses_its_rust() {
        let docs = super::read(" Of the [`Engine`].\n\n ```\n let x = 1;\n ```\n", None);
        assert_eq!(docs.lines, ["Of the `Engine`."]);
    }
}
