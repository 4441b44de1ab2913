//! Text is found as the oracle finds it, with the same notion of case.

use larder::query::{Query, TextMatch, TextPlace, field, fields, is_child_of, is_under, relevance};
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

#[test]
fn words_are_normalised_so_that_equal_questions_share_a_view() {
    let canonical = |condition: &str| {
        let query = Query::parse(format!(r#"{{"from":"f","where":{condition}}}"#)).unwrap();
        let again = Query::parse(query.canonical()).unwrap();
        assert_eq!(again, query);
        query.canonical().to_owned()
    };
    let same = r#"{"from":"f","where":{"name":{"match":"pho vac"}}}"#;
    assert_eq!(canonical(r#"{"name":{"match":" Vác  PHO, vac"}}"#), same);
    assert_eq!(canonical(r#"{"match":{"fields":["name","name"],"text":"pho vac"}}"#), same);
    let built = Query::from("f").filter(field("name").matches("vac pho")).build().unwrap();
    assert_eq!(built.canonical(), same);
    // Which field comes first says what counts more.
    assert_eq!(
        canonical(r#"{"match":{"text":"b A","fields":["y","x"]}}"#),
        r#"{"from":"f","where":{"match":{"fields":["y","x"],"text":"a b"}}}"#
    );
    let built = Query::from("f").filter(fields(["y", "x"]).matches("a b")).order_by(relevance());
    assert_eq!(
        built.build().unwrap().canonical(),
        r#"{"from":"f","orderBy":["relevance"],"where":{"match":{"fields":["y","x"],"text":"a b"}}}"#
    );
    // A field of the name `match` is a field like others.
    canonical(
        r#"{"match":{"match":"a","ne":"b"},"and":[{"match":{"text":"a","fields":["x","y"]}},{"match":"c"}]}"#,
    );
}

#[test]
fn words_and_fields_have_limits() {
    let many = |count: usize, text: &str| {
        let names: Vec<String> = (0..count).map(|at| format!("f{at}")).collect();
        Query::from("f").filter(fields(names.iter().map(String::as_str)).matches(text)).build()
    };
    let words = (0..65).map(|at| format!("w{at} ")).collect::<String>();
    assert!(many(16, &words[..words.len() - 4]).is_ok());
    assert_eq!(many(1, &words).unwrap_err().kind(), "query.too_large");
    assert_eq!(many(17, "a").unwrap_err().kind(), "query.too_large");
    assert_eq!(many(0, "a").unwrap_err().kind(), "query.missing");
}
