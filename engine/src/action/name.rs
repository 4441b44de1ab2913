//! Which names a file may be given.

use super::refuse::Refusal;
use crate::index::{ESCAPE, GIT, PART};

/// What Linux, macOS and Windows allow for one name.
const MAX_BYTES: usize = 255;

/// Checks a name from a client.
pub(crate) fn check(name: &str) -> Result<(), Refusal> {
    let reason = if name.is_empty() {
        "it is empty"
    } else if name == "." || name == ".." {
        "it means a folder"
    } else if name.contains(['/', '\\']) {
        "it contains a separator"
    } else if name.contains(char::is_control) {
        "it contains a control character"
    } else if name.contains(ESCAPE) {
        "it contains the replacement character U+FFFD"
    } else if name.len() > MAX_BYTES {
        "it is longer than 255 bytes"
    } else if name.eq_ignore_ascii_case(GIT) {
        "it belongs to Git"
    } else if name.starts_with(PART) {
        "it is for files that are being copied"
    } else {
        return Ok(());
    };
    Err(Refusal::InvalidName { name: name.chars().take(80).collect(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_paths_or_nothing_are_refused() {
        let long = "x".repeat(256);
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "../a",
            "a\\b",
            "a\0b",
            "a\nb",
            ".git",
            ".GIT",
            ".larder-part-1",
            "\u{FFFD}E9",
            &long,
        ] {
            assert_eq!(check(name).unwrap_err().kind(), "invalid_name", "{name:?}");
        }
        for name in ["a", "...", " a b ", ".gitignore", "ü😀", &long[..255]] {
            assert!(check(name).is_ok(), "{name:?}");
        }
    }
}
