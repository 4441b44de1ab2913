//! What holds for every text.

use super::Finding;
use super::source::Source;

/// Folders of one machine. In two parts, so that this file does not break its own rule.
const MACHINE_FOLDERS: &[&str] = &[
    concat!("/", "work/"),
    concat!("/", "tmp/"),
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "Users/"),
];

/// A path of the machine that it was written on is wrong on all others.
pub fn no_machine_paths(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, line) in source.shipped_lines() {
        let found = MACHINE_FOLDERS.iter().filter(|folder| is_absolute(line, folder));
        findings.extend(found.map(|folder| {
            source.finding("no-machine-paths", at, format!("`{folder}` is a folder of one machine"))
        }));
    }
    findings
}

/// Pictures in prose and code look different everywhere, and to some they are noise.
pub fn no_emoji(source: &Source) -> Vec<Finding> {
    let lines = source
        .shipped_lines()
        .filter_map(|(at, line)| Some((at, line.chars().find(|next| is_emoji(*next))?)));
    lines
        .map(|(at, emoji)| source.finding("no-emoji", at, format!("the emoji U+{:X}", u32::from(emoji))))
        .collect()
}

fn is_absolute(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let somebody = line[at + folder.len()..].starts_with("me/");
        !somebody && before.is_none_or(|before| before.is_whitespace() || "\"'`=(:,".contains(before))
    })
}

fn is_emoji(next: char) -> bool {
    matches!(u32::from(next), 0x1F000..=0x1FAFF | 0xFE0F | 0x2705 | 0x2728 | 0x274C | 0x26A1 | 0x2B50 | 0x2B55 | 0x231A..=0x231B)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths_in(text: &str) -> usize {
        no_machine_paths(&Source::new("README.md", text.to_owned())).len()
    }

    #[test]
    fn absolute_paths_of_a_machine_are_found() {
        assert_eq!(paths_in("see `/tmp/a`"), 1);
        assert_eq!(paths_in("\"/work/b\"\n/home/c"), 2);
    }

    #[test]
    fn relative_paths_addresses_and_made_up_homes_are_not() {
        assert_eq!(paths_in("docs/work/a https://example.org/tmp/b ~/home/c /home/me/d"), 0);
    }

    #[test]
    fn emoji_are_found_and_plain_symbols_are_not() {
        let source = |text: &str| Source::new("README.md", text.to_owned());
        assert_eq!(no_emoji(&source("fast \u{1F680}\nand \u{2705}")).len(), 2);
        assert_eq!(no_emoji(&source("a \u{2192} b, \u{2605}, \u{2713}, \u{00A9}")), []);
    }
}
