//! Names on the disk and names in rows.
//!
//! A row's name is text. On Unix a name on the disk is any bytes: each byte that is not part of valid UTF-8 is shown as U+FFFD
//! and its two hexadecimal digits, and U+FFFD itself likewise byte by byte, so that the name on the disk can be had back.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Stands before the digits of a byte that is not text.
pub(crate) const ESCAPE: char = '\u{FFFD}';

/// The name for the row.
pub(crate) fn encode(name: &OsStr) -> String {
    if let Some(text) = name.to_str()
        && !text.contains(ESCAPE)
    {
        return text.to_owned();
    }
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        for char in chunk.valid().chars() {
            if char == ESCAPE {
                char.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| escape(&mut text, byte));
            } else {
                text.push(char);
            }
        }
        chunk.invalid().iter().for_each(|byte| escape(&mut text, *byte));
    }
    text
}

fn escape(text: &mut String, byte: u8) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    text.extend([ESCAPE, DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

/// The name on the disk.
pub(crate) fn decode(text: &str) -> OsString {
    if !text.contains(ESCAPE) {
        return OsString::from(text);
    }
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(ESCAPE) {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + ESCAPE.len_utf8()..];
        if let Some(byte) = rest.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = &rest[2..];
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    from_bytes(bytes)
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

/// Elsewhere such a name can be shown but not opened.
#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    OsString::from(String::from_utf8_lossy(&bytes).into_owned())
}

/// Where a row's path is on the disk.
pub(crate) fn disk_path(root: &Path, path: &str) -> PathBuf {
    let mut on_disk = root.to_owned();
    on_disk.extend(segments(path).map(decode));
    on_disk
}

/// The row's path of something on the disk, or `None` outside the root.
pub(crate) fn relative(root: &Path, on_disk: &Path) -> Option<String> {
    let inside = on_disk.strip_prefix(root).ok()?;
    let names: Vec<String> = inside.iter().map(encode).collect();
    Some(names.join("/"))
}

/// The names along a row's path; none for the root.
pub(crate) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|name| !name.is_empty())
}

/// A row's path one name deeper.
pub(crate) fn child(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") }
}

/// The path of the parent; `None` for the root.
pub(crate) fn parent(path: &str) -> Option<&str> {
    if path.is_empty() {
        return None;
    }
    Some(path.rsplit_once('/').map_or("", |(parent, _)| parent))
}

/// Whether `path` is `ancestor` or below it.
pub(crate) fn is_within(path: &str, ancestor: &str) -> bool {
    ancestor.is_empty()
        || path.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn every_name_comes_back_as_it_was() {
        for bytes in [
            &b"plain.txt"[..],
            b"caf\xE9.txt",
            "\u{FFFD}E9".as_bytes(),
            b"\xFF\xFE",
            "ü\u{FFFD}".as_bytes(),
            b"%E9",
        ] {
            let name = OsStr::from_bytes(bytes);
            assert_eq!(decode(&encode(name)), name);
        }
    }

    #[test]
    fn names_that_look_alike_stay_different() {
        let raw = encode(OsStr::from_bytes(b"caf\xE9"));
        assert_eq!(raw, "caf\u{FFFD}E9");
        assert_ne!(raw, encode(OsStr::new("caf\u{FFFD}E9")));
    }

    #[test]
    fn a_sibling_with_the_same_beginning_is_not_within() {
        assert!(is_within("a/b", "a") && is_within("a", "a") && is_within("a", ""));
        assert!(!is_within("ab", "a") && !is_within("a", "a/b"));
    }
}
