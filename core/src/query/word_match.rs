//! Finding words by their beginnings, and how well a text fits.

use super::field_path::FieldPath;
use super::fold::fold;

/// `match`: every word of a text begins a word of some of these fields, whatever its case and diacritics.
///
/// A text without words fits every row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordMatch {
    /// Where the words may be, the most important field first. What is no string has no words.
    pub fields: Vec<FieldPath>,
    /// The words. In a normalised filter they are in lower case, without diacritics, sorted, unique, with one space between
    /// them.
    pub text: String,
}

/// How many words the matches of a filter may have together.
pub const MAX_WORDS: usize = 64;
/// How many fields one match may look at.
pub const MAX_MATCH_FIELDS: usize = 16;

impl WordMatch {
    /// The words of a match in normal form.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.text.split(' ').filter(|word| !word.is_empty())
    }

    /// No rank is above this.
    pub(crate) fn worst_rank(&self) -> u32 {
        (self.words().count() * (2 * self.fields.len()).saturating_sub(1)) as u32
    }

    /// How well texts fit, the lower the better; `None` if they do not. `text` gives the text of a field by its place among
    /// the fields. The match must be in normal form.
    ///
    /// Each word counts where it is found best: 2 for every field before that one, and 1 if it only begins a word there.
    pub(crate) fn rank<'t>(
        &self,
        text: &mut dyn FnMut(usize) -> Option<std::borrow::Cow<'t, str>>,
    ) -> Option<u32> {
        let mut costs = [None; MAX_WORDS];
        let mut left = self.words().count();
        for field in 0..self.fields.len() {
            if left == 0 {
                break;
            }
            let Some(text) = text(field) else { continue };
            let text = fold(&text);
            for (word, cost) in self.words().zip(costs.iter_mut()) {
                // What is found before is found better.
                if cost.is_none()
                    && let Some(is_whole) = find(&text, word)
                {
                    *cost = Some(2 * field as u32 + u32::from(!is_whole));
                    left -= 1;
                }
            }
        }
        (left == 0).then(|| costs.iter().flatten().sum())
    }
}

/// Is there a word that begins like this? `Some(true)` if there is one that is this. The text is folded.
fn find(text: &str, wanted: &str) -> Option<bool> {
    let mut found = None;
    for start in word_starts(text) {
        if let Some(after) = text.get(start..).and_then(|rest| rest.strip_prefix(wanted)) {
            if after.is_empty() || after.starts_with(' ') {
                return Some(true);
            }
            found = Some(false);
        }
    }
    found
}

/// Where words begin in a folded text: after spaces, and at each char of Chinese and Japanese, which write no spaces.
pub(crate) fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut is_apart = true;
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        // The first bytes of U+3000 to U+9FFF.
        let starts = std::mem::replace(&mut is_apart, byte == b' ') || matches!(byte, 0xe3..=0xe9);
        starts.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(wanted: &str, texts: &[&'static str]) -> Option<u32> {
        let fields = texts.iter().map(|_| FieldPath::split("f")).collect();
        let found = WordMatch { fields, text: wanted.to_owned() };
        found.rank(&mut |field| texts.get(field).map(|text| (*text).into()))
    }

    #[test]
    fn every_word_must_begin_a_word() {
        assert_eq!(rank("pho vac", &["Vacation photos"]), Some(2));
        assert_eq!(rank("acation", &["Vacation photos"]), None);
        assert_eq!(rank("pho x", &["Vacation photos"]), None);
        assert_eq!(rank("", &[""]), Some(0));
        assert_eq!(rank("photo", &["photos of a photo"]), Some(0));
    }

    #[test]
    fn the_first_field_counts_more_than_a_whole_word() {
        assert_eq!(rank("photo", &["photos", "photo"]), Some(1));
        assert_eq!(rank("photo", &["x", "photo"]), Some(2));
        assert_eq!(rank("photo vac", &["vac", "photos"]), Some(3));
    }

    #[test]
    fn words_of_chinese_and_japanese_are_found_within_a_run() {
        assert_eq!(rank("前", &["私の名前"]), Some(0));
        assert_eq!(rank("名", &["私の名前"]), Some(1));
    }
}
