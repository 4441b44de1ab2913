//! Files are small and named for their one idea.

use super::Finding;
use super::source::Source;

const MOST_LINES: usize = 800;
const MOST_LINES_IN_THE_MEDIAN: usize = 150;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "types", "misc"];
const CODE: &[&str] = &["rs", "ts", "tsx", "js", "mjs", "css"];

/// No file is longer than one can hold in one's head.
pub fn length(source: &Source) -> Vec<Finding> {
    let lines = source.text.lines().count();
    if !source.is(CODE) || lines <= MOST_LINES {
        return Vec::new();
    }
    vec![source.finding("length", 0, format!("{lines} lines, at most {MOST_LINES}: split it by idea"))]
}

/// No file or folder of code is named for being a drawer.
pub fn name(source: &Source) -> Vec<Finding> {
    let mut parts = source.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    match parts.find(|part| EMPTY_NAMES.contains(part)) {
        Some(empty) if source.is(CODE) => {
            vec![source.finding("name", 0, format!("`{empty}` does not say what is inside"))]
        }
        _ => Vec::new(),
    }
}

/// The length of the file that half of the code files are shorter than.
pub fn median_lines(sources: &[Source]) -> usize {
    let mut lengths: Vec<usize> =
        sources.iter().filter(|source| source.is(CODE)).map(|source| source.text.lines().count()).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

/// Most files are much shorter than the longest allowed.
pub fn median(sources: &[Source]) -> Vec<Finding> {
    let lines = median_lines(sources);
    if lines <= MOST_LINES_IN_THE_MEDIAN {
        return Vec::new();
    }
    let message = format!("the median file has {lines} lines, at most {MOST_LINES_IN_THE_MEDIAN}");
    vec![Finding { rule: "median", path: ".".to_owned(), line: 0, message }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, lines: usize) -> Source {
        Source::new(path, "x\n".repeat(lines))
    }

    #[test]
    fn a_file_may_be_as_long_as_the_cap_and_no_longer() {
        assert_eq!(length(&source("a.rs", MOST_LINES)), []);
        assert_eq!(length(&source("a.rs", MOST_LINES + 1)).len(), 1);
        assert_eq!(length(&source("a.md", MOST_LINES + 1)), []);
    }

    #[test]
    fn drawers_are_found_as_files_and_as_folders() {
        for path in ["core/src/utils.rs", "a/helpers/b.ts", "a/types.d.ts", "a/common.test.ts"] {
            assert_eq!(name(&source(path, 1)).len(), 1, "{path}");
        }
        for path in ["core/src/resource_types.rs", "docs/common.md"] {
            assert_eq!(name(&source(path, 1)), [], "{path}");
        }
    }

    #[test]
    fn the_median_counts_code_only() {
        let sources = [
            source("a.rs", 10),
            source("b.ts", 151),
            source("c.rs", 500),
            source("d.md", 1),
            source("e.json", 1),
        ];
        assert_eq!(median_lines(&sources), 151);
        assert_eq!(median(&sources).len(), 1);
        assert_eq!(median(&sources[..1]), []);
    }
}
