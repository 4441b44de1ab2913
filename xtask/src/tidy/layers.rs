//! The modules of the core depend one way only: whoever reads from the bottom up meets nothing that is not yet known.

use super::Finding;
use super::source::Source;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const ROOT: &str = "core/src/lib.rs";

/// No top module of the core is used by one that it uses itself, directly or through others. Tests may do as they like.
pub fn one_way(sources: &[Source]) -> Vec<Finding> {
    let Some(root) = sources.iter().find(|source| source.path == ROOT) else { return Vec::new() };
    let declared = top_modules(root);
    let names = names_of(root, &declared);
    let mut uses = Vec::new();
    for source in sources {
        let Some(module) = module_of(&source.path).filter(|module| names.contains_key(*module)) else {
            continue;
        };
        let code = shipped(source);
        for (at, name) in mentions(&code) {
            match names.get(name) {
                Some(used) if used != module => uses.push((source, at, module, used.as_str())),
                _ => {}
            }
        }
    }

    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, _, module, used) in &uses {
        graph.entry(*module).or_default().insert(*used);
    }
    // Each circle has a use that goes up, from an earlier module to one that is declared later: that is the one to blame.
    let place = |module: &str| declared.iter().position(|declared| *declared == module);
    let mut findings = Vec::new();
    for (source, at, module, used) in uses {
        if place(module) < place(used)
            && let Some(way) = way(&graph, used, module)
        {
            findings.push(source.finding(
                "layers",
                at,
                format!("`{module}` uses `{}`", way.join("`, which uses `")),
            ));
        }
    }
    findings
}

/// The top modules in the order of their declaration.
fn top_modules(root: &Source) -> Vec<String> {
    let lines = root.shipped_code().map(|(_, line)| line.trim().trim_start_matches("pub ").to_owned());
    lines.filter_map(|line| Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())).collect()
}

/// The top modules, and what the crate passes on of them, each with the module that it is of.
fn names_of(root: &Source, modules: &[String]) -> BTreeMap<String, String> {
    let mut names: BTreeMap<_, _> = modules.iter().map(|module| (module.clone(), module.clone())).collect();
    for statement in shipped(root).split(';') {
        if let Some((module, items)) =
            statement.split_once("pub use ").and_then(|(_, path)| path.split_once("::"))
        {
            names.extend(words(items).map(|item| (item.to_owned(), module.to_owned())));
        }
    }
    names
}

/// The top module that a file of the core belongs to.
fn module_of(path: &str) -> Option<&str> {
    path.strip_prefix("core/src/")?.split(['/', '.']).next()
}

/// The code that is not there for tests; lines stay where they are.
fn shipped(source: &Source) -> String {
    let mut code = String::new();
    let mut written = 0;
    for (at, line) in source.shipped_code() {
        code.extend(std::iter::repeat_n('\n', at - 1 - written));
        code.push_str(line);
        written = at - 1;
    }
    code
}

/// The names that follow `crate::`, with their lines.
fn mentions(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (start, word) in code.match_indices("crate::") {
        let after = &code[start + word.len()..];
        let line = code[..start].matches('\n').count() + 1;
        match after.strip_prefix('{') {
            Some(list) => found.extend(outermost(list).into_iter().map(|name| (line, name))),
            None => found.extend(words(after).next().map(|name| (line, name))),
        }
    }
    found
}

/// The first name of each entry of a list that ends with its brace.
fn outermost(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut start = 0;
    let mut entries = Vec::new();
    for (at, next) in list.char_indices() {
        match next {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                entries.extend(words(&list[start..at]).next());
                start = at + 1;
                if next == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    entries
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|next: char| !next.is_alphanumeric() && next != '_').filter(|word| !word.is_empty())
}

/// The shortest way from one module to another along what they use, both included.
fn way<'a>(graph: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &'a str, to: &str) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::from([from]);
    let mut open = VecDeque::from([vec![from]]);
    while let Some(way) = open.pop_front() {
        let last = *way.last()?;
        if last == to {
            return Some(way);
        }
        for next in graph.get(last).into_iter().flatten().filter(|next| seen.insert(*next)) {
            open.push_back(way.iter().copied().chain([*next]).collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIB: &str = "//! A core.\n\nmod json;\npub mod wire;\nmod step;\n\npub use step::{Effect, Step};\npub use wire::Event;\n";

    fn circular(files: &[(&str, &str)]) -> Vec<String> {
        let all = files.iter().chain([&(ROOT, LIB)]);
        let sources: Vec<_> = all.map(|(path, text)| Source::new(path, (*text).to_owned())).collect();
        one_way(&sources).into_iter().map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn modules_that_use_others_without_a_circle_are_in_order() {
        let files = [
            ("core/src/wire/event.rs", "use crate::json::scan;\n"),
            ("core/src/json.rs", "use crate::step::Step;\n"),
        ];
        assert_eq!(circular(&files), [""; 0]);
    }

    #[test]
    fn of_a_circle_the_use_that_goes_up_is_found() {
        let files = [
            ("core/src/wire.rs", "//! a\nuse crate::json;\n"),
            ("core/src/json/scan.rs", "//! a\nuse crate::{\n    wire::{Event},\n};\n"),
        ];
        let expected = "core/src/json/scan.rs:2: `json` uses `wire`, which uses `json` [layers]";
        assert_eq!(circular(&files), [expected]);
    }

    #[test]
    fn a_circle_through_a_third_module_or_a_name_that_the_crate_passes_on_is_found() {
        let files = [
            ("core/src/json.rs", "use crate::wire;\n"),
            ("core/src/wire.rs", "use crate::{Effect, Step};\n"),
            ("core/src/step.rs", "use crate::json;\n"),
        ];
        let findings = circular(&files);
        assert_eq!(
            findings[0],
            "core/src/json.rs:1: `json` uses `wire`, which uses `step`, which uses `json` [layers]"
        );
        assert_eq!(findings.len(), 3);
    }

    #[test]
    fn tests_may_look_up() {
        let files = [
            ("core/src/wire.rs", "use crate::json;\n"),
            ("core/src/json.rs", "#[cfg(test)]\nmod tests {\n    use crate::wire;\n}\n"),
        ];
        assert_eq!(circular(&files), [""; 0]);
    }
}
