//! What holds for Rust files.

use super::Finding;
use super::source::Source;

/// Code that others build on. Programs may do what is forbidden to it.
fn is_library(source: &Source) -> bool {
    let library = ["core/src/", "core/derive/src/", "native/src/", "engine/src/", "bindings-ts/src/"]
        .iter()
        .any(|folder| source.path.starts_with(folder));
    library && source.is(&["rs"]) && !source.path.ends_with("/main.rs")
}

/// Each file says at its top what its one idea is.
pub fn module_documentation(source: &Source) -> Vec<Finding> {
    let documented = source
        .text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with("#!["))
        .is_some_and(|line| line.starts_with("//!"));
    if !source.is(&["rs"]) || documented {
        return Vec::new();
    }
    vec![source.finding("module-docs", 1, "the file does not start with `//!` and what it is about")]
}

/// A library returns errors. (Clippy sees more of these; this also holds where Clippy is told to look away.)
pub fn no_way_out(source: &Source) -> Vec<Finding> {
    let forbidden = [".unwrap()", ".expect(\"", "panic!(", "todo!(", "unimplemented!("];
    find(source, is_library, "no-way-out", &forbidden, "a library returns an error instead")
}

/// A library does not write to a terminal that belongs to its user.
pub fn no_printing(source: &Source) -> Vec<Finding> {
    let forbidden = ["print!(", "println!(", "eprint!(", "eprintln!(", "dbg!("];
    find(source, is_library, "no-printing", &forbidden, "a library does not print")
}

/// The core is told the time and its random numbers; it has no files, sockets or threads.
pub fn no_outside_world(source: &Source) -> Vec<Finding> {
    let forbidden = [
        "std::time",
        "Instant::",
        "SystemTime",
        "rand::",
        "getrandom",
        "RandomState",
        "new_v4",
        "now_v7",
        "std::fs",
        "std::net",
        "std::thread",
        "std::process",
        "std::env",
    ];
    let in_core = |source: &Source| source.path.starts_with("core/src/");
    find(source, in_core, "no-outside-world", &forbidden, "the core is a function of its inputs")
}

fn find(
    source: &Source,
    concerns: fn(&Source) -> bool,
    rule: &'static str,
    forbidden: &[&str],
    why: &str,
) -> Vec<Finding> {
    if !concerns(source) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (at, line) in source.shipped_code() {
        let found = forbidden.iter().find(|word| occurs(line, word));
        findings.extend(found.map(|word| source.finding(rule, at, format!("`{word}`: {why}"))));
    }
    findings
}

/// Whether `word` stands in `line` and is not the end of a longer word.
fn occurs(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        word.starts_with('.') || !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rule: fn(&Source) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
        rule(&Source::new(path, text.to_owned())).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_file_must_start_with_its_documentation() {
        assert_eq!(lines(module_documentation, "core/src/a.rs", "use x;\n//! late\n"), [1]);
        assert_eq!(lines(module_documentation, "core/src/a.rs", "#![no_std]\n\n//! A library.\n"), []);
        assert_eq!(lines(module_documentation, "core/src/a.ts", "const x = 1;\n"), []);
    }

    #[test]
    fn ways_out_are_found_in_library_code_only() {
        let text = "fn a() {\n    b.unwrap();\n    c.expect(\"d\");\n    panic!(\"e\")\n}\n";
        assert_eq!(lines(no_way_out, "core/src/a.rs", text), [2, 3, 4]);
        assert_eq!(lines(no_way_out, "engine/src/main.rs", text), []);
        assert_eq!(lines(no_way_out, "core/tests/it/a.rs", text), []);
    }

    #[test]
    fn words_that_only_look_forbidden_are_not_found() {
        let text =
            "// a.unwrap()\nself.expect(b'x')?;\na.unwrap_or(0);\n\"panic!(\";\n#[expect(clippy::panic)]\n";
        assert_eq!(lines(no_way_out, "core/src/a.rs", text), []);
        assert_eq!(lines(no_printing, "core/src/a.rs", "blueprint!(x)\n"), []);
        assert_eq!(lines(no_outside_world, "core/src/a.rs", "operand::new()\n"), []);
    }

    #[test]
    fn only_the_core_is_cut_off_from_the_world() {
        let text = "use std::time::Duration;\n";
        assert_eq!(lines(no_outside_world, "core/src/a.rs", text), [1]);
        assert_eq!(lines(no_outside_world, "engine/src/a.rs", text), []);
    }
}
