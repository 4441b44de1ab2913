//! Text is found as the oracle finds it, with the same notion of case.

use larder::query::{TextMatch, TextPlace, is_child_of, is_under};
use proptest::prelude::*;

fn lowercase(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[test]
fn lowercase_twice_is_lowercase_once() {
    // The normal form lowercases the wanted text once, and matching relies on it.
    for char in '\0'..=char::MAX {
        let once = lowercase(&char.to_string());
        assert_eq!(lowercase(&once), once, "{char:?}");
    }
}

fn arb_text() -> impl Strategy<Value = String> {
    prop_oneof!["[aAbB@`]{0,8}", "[aAéÉİi\u{307}ßK\u{212a}]{0,8}"]
}

proptest! {
    #[test]
    fn matching_without_case_is_matching_lowercase(text in arb_text(), wanted in arb_text()) {
        let wanted = lowercase(&wanted);
        let found = |place| TextMatch { place, text: wanted.clone(), ignore_case: true }.is_in(&text);
        prop_assert_eq!(found(TextPlace::Start), lowercase(&text).starts_with(&wanted));
        prop_assert_eq!(found(TextPlace::Anywhere), lowercase(&text).contains(&wanted));
    }

    #[test]
    fn matching_with_case_is_matching(text in arb_text(), wanted in arb_text()) {
        let found = |place| TextMatch { place, text: wanted.clone(), ignore_case: false }.is_in(&text);
        prop_assert_eq!(found(TextPlace::Start), text.starts_with(&wanted));
        prop_assert_eq!(found(TextPlace::Anywhere), text.contains(&wanted));
    }

    #[test]
    fn paths_are_lists_of_segments(path in "[ab/\\\\]{0,8}", folder in "[ab/\\\\]{0,5}") {
        let segments = |text: &str| -> Vec<String> {
            text.replace('\\', "/").split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
        };
        let (inner, outer) = (segments(&path), segments(&folder));
        let below = inner.len() > outer.len() && inner.starts_with(&outer);
        prop_assert_eq!(is_under(&path, &folder), below);
        prop_assert_eq!(is_child_of(&path, &folder), below && inner.len() == outer.len() + 1);
    }
}
