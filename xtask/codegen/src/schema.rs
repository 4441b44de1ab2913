//! What was once published under a version number stays what it is.
//!
//! `tests/golden/schema.txt` holds a fingerprint of the wire types and of each golden patch, by version. Whoever changes
//! either must raise the version; `cargo xtask codegen` then adds the new fingerprints, and never changes one.

use crate::{api, in_repository};
use anyhow::{Context, ensure};
use std::collections::BTreeMap;
use std::path::Path;

const RECORD: &str = "tests/golden/schema.txt";
const PATCHES: &str = "tests/golden/patch";
const PREFACE: &str = "\
# Fingerprints of what was published, by version. `cargo xtask codegen` adds lines; none is ever changed.
# If one does not match: raise PROTOCOL_VERSION or PATCH_VERSION, and say so in PROTOCOL.md.
# (A version that nobody has used yet may start over: remove its lines here.)
";

/// Fingerprints by what they are of, e.g. `protocol 1` or `patch 1 moved.1.bin`.
type Fingerprints = BTreeMap<String, String>;

/// Fails when the schema has changed and its version has not. Adds what is new if `write`, and fails on it otherwise.
pub fn keep(write: bool) -> anyhow::Result<()> {
    agree_with_protocol_page()?;
    let file = in_repository(RECORD);
    let mut published = parse(&std::fs::read_to_string(&file).unwrap_or_default())?;
    let added = merge(&mut published, current()?)?;
    if added == 0 {
        println!("{RECORD} is up to date");
        return Ok(());
    }
    ensure!(
        write,
        "{added} fingerprints are missing in {RECORD}; run `cargo xtask codegen` and commit the result"
    );
    let lines: String = published.iter().map(|(of, fingerprint)| format!("{of} {fingerprint}\n")).collect();
    std::fs::write(&file, format!("{PREFACE}{lines}"))
        .with_context(|| format!("cannot write {}", file.display()))?;
    println!("{RECORD} has {added} new fingerprints");
    Ok(())
}

/// The fingerprints of the sources as they are.
fn current() -> anyhow::Result<Fingerprints> {
    let mut found = Fingerprints::new();
    let wire = without_comments(&api::wire_typescript()?);
    found.insert(format!("protocol {}", larder::wire::PROTOCOL_VERSION), fingerprint(wire.as_bytes()));
    let folder = in_repository(PATCHES);
    for entry in folder.read_dir().with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|extension| extension == "bin") {
            found.insert(
                format!("patch {} {name}", larder::PATCH_VERSION),
                fingerprint(&std::fs::read(&path)?),
            );
        }
    }
    Ok(found)
}

/// Adds what is new to what was published; returns how much that is.
fn merge(published: &mut Fingerprints, current: Fingerprints) -> anyhow::Result<usize> {
    let before = published.len();
    for (of, now) in current {
        let then = published.entry(of.clone()).or_insert_with(|| now.clone());
        ensure!(
            *then == now,
            "`{of}` is not what it was when it was published: raise that version, see {RECORD}"
        );
    }
    Ok(published.len() - before)
}

fn parse(record: &str) -> anyhow::Result<Fingerprints> {
    let lines = record.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (of, fingerprint) =
                line.rsplit_once(' ').with_context(|| format!("{RECORD}: cannot read `{line}`"))?;
            Ok((of.to_owned(), fingerprint.to_owned()))
        })
        .collect()
}

/// The page that others implement names the same versions as the code.
fn agree_with_protocol_page() -> anyhow::Result<()> {
    let page = std::fs::read_to_string(in_repository("PROTOCOL.md")).context("cannot read PROTOCOL.md")?;
    let versions = format!(
        "Protocol version: **{}**. Patch version: **{}**.",
        larder::wire::PROTOCOL_VERSION,
        larder::PATCH_VERSION
    );
    ensure!(page.contains(&versions), "PROTOCOL.md does not say `{versions}`");
    Ok(())
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain + rest
}

/// FNV-1a: short, and the same for ever.
fn fingerprint(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prints(pairs: &[(&str, &str)]) -> Fingerprints {
        pairs.iter().map(|(of, print)| ((*of).to_owned(), (*print).to_owned())).collect()
    }

    #[test]
    fn the_schema_of_a_published_version_has_not_changed() {
        keep(false).unwrap();
    }

    #[test]
    fn a_change_without_a_new_version_is_refused() {
        let error = merge(&mut prints(&[("protocol 1", "aa")]), prints(&[("protocol 1", "bb")])).unwrap_err();
        assert!(error.to_string().contains("`protocol 1`"), "{error}");
    }

    #[test]
    fn a_new_version_is_added_and_the_old_one_stays() {
        let mut published = prints(&[("protocol 1", "aa")]);
        assert_eq!(merge(&mut published, prints(&[("protocol 2", "bb")])).unwrap(), 1);
        assert_eq!(published, prints(&[("protocol 1", "aa"), ("protocol 2", "bb")]));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = "# a comment\npatch 1 moved.1.bin 00ff\nprotocol 1 aa\n";
        assert_eq!(parse(text).unwrap(), prints(&[("patch 1 moved.1.bin", "00ff"), ("protocol 1", "aa")]));
        assert!(parse("nonsense\n").is_err());
    }

    #[test]
    fn words_in_comments_are_not_part_of_the_schema() {
        assert_eq!(
            without_comments("/** Old. */\ntype A = B; /* c\n d */"),
            without_comments("/** New words. */\ntype A = B; /* e */")
        );
    }
}
