//! A map is worth something as long as what it names is there.

use super::Finding;
use super::source::Source;

const EXTENSIONS: &[&str] = &["rs", "ts", "tsx", "mjs", "toml", "md", "json", "css", "html"];

/// Each path that ARCHITECTURE.md names, in backticks and from the top of the repository, `exists`.
pub fn paths_exist(source: &Source, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    if source.path != "ARCHITECTURE.md" {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (at, line) in source.text.lines().enumerate() {
        let quoted = line.split('`').skip(1).step_by(2);
        let missing =
            quoted.filter(|quoted| is_path(quoted)).flat_map(alternatives).filter(|path| !exists(path));
        findings.extend(
            missing.map(|path| source.finding("architecture", at + 1, format!("`{path}` does not exist"))),
        );
    }
    findings
}

/// Whether words in backticks are a path, and not code, a package or an address.
fn is_path(quoted: &str) -> bool {
    let plain = quoted.chars().all(|next| next.is_ascii_alphanumeric() || "/._-{},".contains(next));
    let has_extension = quoted
        .rsplit_once('.')
        .is_some_and(|(stem, extension)| !stem.is_empty() && EXTENSIONS.contains(&extension));
    plain
        && !quoted.starts_with('/')
        && (quoted.ends_with('/') || quoted.ends_with('}') && quoted.contains('/') || has_extension)
}

/// `a/{b,c}.rs` names two paths.
fn alternatives(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let Some((inside, after)) = rest.split_once('}') else { return vec![path.to_owned()] };
    inside.split(',').flat_map(|part| alternatives(&format!("{before}{part}{after}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(text: &str, there: &[&str]) -> Vec<String> {
        let source = Source::new("ARCHITECTURE.md", text.to_owned());
        let findings = paths_exist(&source, &|path| there.contains(&path));
        findings
            .into_iter()
            .map(|finding| finding.message.replace("` does not exist", "").replace('`', ""))
            .collect()
    }

    #[test]
    fn a_path_that_is_gone_is_found() {
        let text = "The store (`core/src/store/`) is fed by `core/src/wire.rs`.\n";
        assert_eq!(missing(text, &["core/src/wire.rs"]), ["core/src/store/"]);
    }

    #[test]
    fn each_alternative_must_be_there() {
        assert_eq!(missing("`core/src/{wire,sync}.rs`", &["core/src/wire.rs"]), ["core/src/sync.rs"]);
        assert_eq!(missing("`packages/{a,b}`", &["packages/b"]), ["packages/a"]);
    }

    #[test]
    fn code_packages_and_addresses_are_not_paths() {
        assert_eq!(
            missing(
                "`Cache::apply` `@larder/client` `/ws` `cargo xtask test` `a || b` `{\"a\"}` `application/json`",
                &[]
            ),
            Vec::<String>::new()
        );
    }
}
