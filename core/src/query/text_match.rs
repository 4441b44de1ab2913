//! Finding a text in another without regard to case. Lowercase is `char::to_lowercase`, char by char.

use super::ast::{TextMatch, TextPlace};

impl TextMatch {
    /// Is the wanted text where it must be in `text`? (A match that ignores case must be in normal form, as in a
    /// [`Query`](super::Query).)
    #[inline]
    pub fn is_in(&self, text: &str) -> bool {
        match (self.place, self.ignore_case) {
            (TextPlace::Start, false) => text.starts_with(&self.text),
            (TextPlace::Anywhere, false) => text.contains(&self.text),
            (TextPlace::Start, true) => starts_with_lowercase(text, &self.text),
            (TextPlace::Anywhere, true) => includes_lowercase(text, &self.text),
        }
    }
}

fn lowercase(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// Does the lowercase of `text` begin with `wanted`, which is lowercase already?
fn starts_with_lowercase(text: &str, wanted: &str) -> bool {
    let mut chars = lowercase(text);
    wanted.chars().all(|wanted| chars.next() == Some(wanted))
}

/// Does the lowercase of `text` have `wanted` in it, which is lowercase already?
fn includes_lowercase(text: &str, wanted: &str) -> bool {
    if !text.is_ascii() {
        return lowercase(text).collect::<String>().contains(wanted);
    }
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    let Some((first, _)) = wanted.split_first() else { return true };
    text.windows(wanted.len()).any(|window| {
        window.first().is_some_and(|byte| byte.to_ascii_lowercase() == *first)
            && window.eq_ignore_ascii_case(wanted)
    })
}
