//! Finding a text in another without regard to case. Lowercase is `char::to_lowercase`, char by char.

fn lowercase(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// Does the lowercase of `text` begin with `wanted`, which is lowercase already?
pub(crate) fn starts_with_lowercase(text: &str, wanted: &str) -> bool {
    let mut chars = lowercase(text);
    wanted.chars().all(|wanted| chars.next() == Some(wanted))
}

/// Does the lowercase of `text` have `wanted` in it, which is lowercase already?
pub(crate) fn includes_lowercase(text: &str, wanted: &str) -> bool {
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
