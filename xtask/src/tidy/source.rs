//! One file, prepared for the rules: what of it is code, and what of it is there for tests.

use super::Finding;
use super::mask::{Language, mask};

/// One file of the repository.
pub struct Source {
    /// From the top of the repository, with `/`.
    pub path: String,
    /// As it is.
    pub text: String,
    /// The same text, line by line, with spaces in place of comments and of what is inside strings.
    code: Vec<String>,
    /// For each line, whether it is there for tests only.
    test: Vec<bool>,
}

/// Files that are made by programs or that quote others.
const NOT_OURS: &[&str] = &["package-lock.json", "Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT"];
const EXTENSIONS: &[&str] =
    &["rs", "ts", "tsx", "js", "mjs", "css", "html", "md", "toml", "json", "sh", "yml"];

/// Whether the rules apply to this path at all.
pub fn is_checked(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let known = path == ".ci/run"
        || name.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension));
    known
        && !NOT_OURS.contains(&name)
        && !path.starts_with("tests/golden/")
        && !path.ends_with("/generated.ts")
}

impl Source {
    /// Prepares a file.
    pub fn new(path: &str, text: String) -> Self {
        let language = match path.rsplit('.').next() {
            Some("rs") => Some(Language::Rust),
            Some("ts" | "tsx" | "js" | "mjs") => Some(Language::TypeScript),
            _ => None,
        };
        let masked = language.map_or_else(String::new, |language| mask(&text, language));
        let code: Vec<String> = masked.lines().map(str::to_owned).collect();
        let all = is_test_path(path);
        let mut test = vec![all; text.lines().count()];
        if !all && language == Some(Language::Rust) {
            mark_test_blocks(&code, &mut test);
        }
        Self { path: path.to_owned(), text, code, test }
    }

    /// Whether this file has one of these extensions.
    pub fn is(&self, extensions: &[&str]) -> bool {
        self.path.rsplit('.').next().is_some_and(|extension| extensions.contains(&extension))
    }

    /// The lines as they are, numbered from 1, without those that are there for tests.
    pub fn shipped_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .zip(&self.test)
            .enumerate()
            .filter(|(_, (_, test))| !**test)
            .map(|(at, (line, _))| (at + 1, line))
    }

    /// The code of the same lines, comments and strings masked.
    pub fn shipped_code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.code.iter().zip(&self.test).enumerate();
        lines.filter(|(_, (_, test))| !**test).map(|(at, (line, _))| (at + 1, line.as_str()))
    }

    /// The code of all lines.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.iter().enumerate().map(|(at, line)| (at + 1, line.as_str()))
    }

    /// Something in this file that breaks a rule.
    pub fn finding(&self, rule: &'static str, line: usize, message: impl Into<String>) -> Finding {
        Finding { rule, path: self.path.clone(), line, message: message.into() }
    }

    /// Whether a comment excuses this line from this rule.
    pub fn allows(&self, line: usize, rule: &str) -> bool {
        let excuse = format!("tidy: allow({rule})");
        self.text
            .lines()
            .enumerate()
            .any(|(at, text)| (at + 1 == line || at + 2 == line) && text.contains(&excuse))
    }
}

/// Marks the files of modules that are declared under `#[cfg(test)]`.
pub fn mark_test_modules(sources: &mut [Source]) {
    let modules: Vec<String> = sources.iter().flat_map(test_modules).collect();
    for source in sources {
        if modules.iter().any(|module| {
            source.path == format!("{module}.rs") || source.path.starts_with(&format!("{module}/"))
        }) {
            source.test.fill(true);
        }
    }
}

/// The modules that a Rust file declares for tests only, as paths without the extension.
fn test_modules(source: &Source) -> Vec<String> {
    let Some(stem) = source.path.strip_suffix(".rs") else { return Vec::new() };
    let folder = match stem.rsplit_once('/') {
        Some((folder, "lib" | "main" | "mod")) => folder,
        _ => stem,
    };
    let lines: Vec<&str> =
        source.code.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let declared = lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]");
    let names = declared
        .filter_map(|pair| pair[1].trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';'));
    names.map(|name| format!("{folder}/{name}")).collect()
}

fn is_test_path(path: &str) -> bool {
    let in_test_folder =
        path.split('/').any(|part| matches!(part, "tests" | "test" | "benches" | "bench" | "fixtures"));
    in_test_folder || path.ends_with("/tests.rs") || path.contains(".test.")
}

/// Marks the blocks that follow `#[cfg(test)]`.
fn mark_test_blocks(code: &[String], test: &mut [bool]) {
    let mut at = 0;
    while at < code.len() {
        if code[at].trim() != "#[cfg(test)]" {
            at += 1;
            continue;
        }
        let mut depth = 0i32;
        let mut opened = false;
        while at < code.len() {
            test[at] = true;
            depth += code[at].matches('{').count() as i32 - code[at].matches('}').count() as i32;
            opened |= code[at].contains('{');
            let ended = if opened { depth <= 0 } else { code[at].trim_end().ends_with(';') };
            at += 1;
            if ended {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_a_test_module_do_not_ship() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { \"}\"; }\n}\nfn c() {}\n";
        let source = Source::new("core/src/a.rs", text.to_owned());
        let shipped: Vec<_> = source.shipped_lines().map(|(at, _)| at).collect();
        assert_eq!(shipped, [1, 6]);
    }

    #[test]
    fn files_in_test_folders_do_not_ship() {
        for path in [
            "core/tests/it/main.rs",
            "core/src/store/tests.rs",
            "packages/client/test/a.ts",
            "src/list.test.tsx",
        ] {
            assert_eq!(Source::new(path, "x\n".to_owned()).shipped_lines().count(), 0, "{path}");
        }
        assert_eq!(Source::new("xtask/src/test.rs", "x\n".to_owned()).shipped_lines().count(), 1);
    }
}
