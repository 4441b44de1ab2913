//! `tidy`: the rules of the house that a machine can check.
//!
//! A rule is a function from a [`Source`] to what it finds there. A line is excused from a rule by a comment on it, or on
//! the line before, that says `tidy: allow(<rule>)` and why.

mod architecture;
mod layers;
mod layout;
mod mask;
mod rust;
mod source;
mod text;
mod typescript;

use crate::command::{self, program};
use crate::steps::Steps;
use crate::workspace;
use anyhow::{Context, bail};
use pico_args::Arguments;
use source::Source;
use std::collections::HashSet;
use std::fmt;

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the rule, for `tidy: allow(<rule>)`.
    rule: &'static str,
    path: String,
    /// From 1; 0 is the file as a whole.
    line: usize,
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} [{}]", self.path, self.line, self.message, self.rule)
    }
}

/// `cargo xtask tidy`.
pub fn run(steps: &mut Steps, args: Arguments) -> anyhow::Result<()> {
    workspace::finish(args)?;
    steps.run("check the rules of the house", check)
}

/// Checks every file of the repository that git does not ignore.
pub fn check() -> anyhow::Result<()> {
    let paths = files_of_repository()?;
    let mut sources = Vec::new();
    for path in paths.iter().filter(|path| source::is_checked(path)) {
        let bytes = std::fs::read(workspace::path(path)).with_context(|| format!("cannot read {path}"))?;
        let text = String::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))?;
        sources.push(Source::new(path, text));
    }

    let mut findings = inspect(&mut sources);
    let exists = |path: &str| workspace::path(path).exists() || is_ignored(path);
    findings.extend(sources.iter().flat_map(|source| architecture::paths_exist(source, &exists)));
    for finding in &findings {
        eprintln!("{finding}");
    }
    println!(
        "    {} files, {} lines of code in the median one",
        sources.len(),
        layout::median_lines(&sources)
    );
    match findings.len() {
        0 => Ok(()),
        1 => bail!("1 rule of the house is broken"),
        many => bail!("rules of the house are broken in {many} places"),
    }
}

/// All findings that depend on nothing but the sources.
fn inspect(sources: &mut [Source]) -> Vec<Finding> {
    source::mark_test_modules(sources);
    let mut findings = layout::median(sources);
    findings.extend(layers::one_way(sources));
    for source in sources.iter() {
        for rule in RULES {
            findings.extend(
                rule(source).into_iter().filter(|finding| !source.allows(finding.line, finding.rule)),
            );
        }
    }
    findings
}

const RULES: &[fn(&Source) -> Vec<Finding>] = &[
    layout::length,
    layout::name,
    rust::module_documentation,
    rust::no_way_out,
    rust::no_printing,
    rust::no_outside_world,
    typescript::no_any,
    typescript::no_silencing,
    text::no_machine_paths,
    text::no_emoji,
];

fn files_of_repository() -> anyhow::Result<Vec<String>> {
    let mut git = program("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = command::quiet(&mut git)?;
    let unique: HashSet<&str> = listed.split('\0').filter(|path| workspace::path(path).is_file()).collect();
    let mut paths: Vec<String> = unique.into_iter().map(str::to_owned).collect();
    paths.sort();
    Ok(paths)
}

/// Whether a path is one that a build makes.
fn is_ignored(path: &str) -> bool {
    program("git").args(["check-ignore", "--quiet", path]).status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules that a repository of these files breaks.
    fn broken(files: &[(&str, &str)]) -> Vec<(&'static str, usize)> {
        let mut sources: Vec<_> =
            files.iter().map(|(path, text)| Source::new(path, (*text).to_owned())).collect();
        inspect(&mut sources).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    #[test]
    fn a_repository_that_keeps_the_rules_has_no_findings() {
        let files = [
            ("core/src/lib.rs", "//! A library.\n\nmod store;\n"),
            ("core/src/store.rs", "//! Rows.\n\nfn get() -> Option<u8> {\n    None\n}\n"),
            ("examples/explorer/src/App.tsx", "export const App = () => <p>Don't drop any file here</p>;\n"),
        ];
        assert_eq!(broken(&files), []);
    }

    #[test]
    fn planted_violations_are_found_in_a_file_where_they_stand() {
        let planted = "\
fn get(rows: Option<u8>) -> u8 {
    println!(\"reading\");
    let _ = std::time::Instant::now();
    rows.unwrap()
}
";
        let expected = [("module-docs", 1), ("no-way-out", 4), ("no-printing", 2), ("no-outside-world", 3)];
        assert_eq!(broken(&[("core/src/store.rs", planted)]), expected);
    }

    #[test]
    fn a_comment_excuses_its_own_rule_on_its_own_line_and_the_next() {
        let text = "//! Rows.\n// tidy: allow(no-way-out): never empty\nfn a(r: Option<u8>) { r.unwrap(); }\nfn b(r: Option<u8>) { r.unwrap(); }\n";
        assert_eq!(broken(&[("core/src/store.rs", text)]), [("no-way-out", 4)]);
        assert_eq!(broken(&[("core/src/store.rs", &text.replace("no-way-out", "no-printing"))]).len(), 2);
    }

    #[test]
    fn a_module_that_is_declared_for_tests_may_do_what_tests_may() {
        let code = "//! Rows.\npub fn first(rows: &[u8]) -> u8 {\n    *rows.first().unwrap()\n}\n";
        let lib = "//! A library.\n#[cfg(test)]\nmod model;\n";
        assert_eq!(broken(&[("core/src/lib.rs", lib), ("core/src/model.rs", code)]), []);
        assert_eq!(broken(&[("core/src/lib.rs", lib), ("core/src/model/row.rs", code)]), []);
        assert_eq!(broken(&[("core/src/lib.rs", lib), ("core/src/other.rs", code)]), [("no-way-out", 3)]);
    }
}
