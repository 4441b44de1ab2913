//! What is different between two checked objects, as an object of its own.

use super::{Span, read};

/// Appends the members of `new` whose value is another than in `old`, as one object. Returns `false`, and appends nothing,
/// when the two have other keys, or in another order, or when that object would be more than half as long as `new`.
pub(crate) fn changed_members(out: &mut Vec<u8>, old: &[u8], new: &[u8]) -> bool {
    let (start, most) = (out.len(), out.len() + new.len() / 2);
    let mut olds = read::members(old, read::start(old));
    let mut news = read::members(new, read::start(new));
    for (key, is) in news.by_ref() {
        let member = written(key, is, new);
        if olds.pass(member) {
            continue;
        }
        let Some((_, was)) = olds.next().filter(|(was_key, _)| was_key.of(old) == key.of(new)) else {
            out.truncate(start);
            return false;
        };
        if was.kind == is.kind && was.of(old) == is.of(new) {
            continue;
        }
        out.push(if out.len() == start { b'{' } else { b',' });
        out.extend_from_slice(member);
        if out.len() >= most {
            out.truncate(start);
            return false;
        }
    }
    if out.len() > start && olds.next().is_none() {
        out.push(b'}');
        return true;
    }
    out.truncate(start);
    false
}

/// A member as it is written; the spans of strings leave out their quotes.
fn written(key: Span, value: Span, bytes: &[u8]) -> &[u8] {
    let end = value.end as usize + usize::from(value.is_text());
    bytes.get((key.start as usize).saturating_sub(1)..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::changed_members;

    fn changed(old: &str, new: &str) -> Option<String> {
        let mut out = b"before".to_vec();
        let is_shorter = changed_members(&mut out, old.as_bytes(), new.as_bytes());
        let added = std::str::from_utf8(&out[6..]).unwrap();
        assert_eq!(is_shorter, !added.is_empty());
        is_shorter.then(|| added.to_owned())
    }

    const REST: &str =
        r#""rest":"a field that is long enough for a change of the others to be shorter than it""#;

    #[test]
    fn only_members_with_another_value_are_written() {
        let row = |size: &str, name: &str| format!(r#"{{"size":{size},{REST},"name":{name}}}"#);
        let old = row("1", r#""a""#);
        assert_eq!(changed(&old, &row("2", r#""a""#)).as_deref(), Some(r#"{"size":2}"#));
        assert_eq!(changed(&old, &row("2", r#""\"é""#)).as_deref(), Some(r#"{"size":2,"name":"\"é"}"#));
        assert_eq!(changed(&old, &row(r#"{"a":[1]}"#, r#""a""#)).as_deref(), Some(r#"{"size":{"a":[1]}}"#));
        // A text and what looks like it are two values.
        assert_eq!(changed(&old, &row(r#""1""#, "null")).as_deref(), Some(r#"{"size":"1","name":null}"#));
    }

    #[test]
    fn white_space_between_members_is_no_change() {
        let old = format!(r#" {{ "size" : 1 , {REST} }} "#);
        assert_eq!(changed(&old, &format!(r#"{{"size":2,{REST}}}"#)).as_deref(), Some(r#"{"size":2}"#));
        assert_eq!(changed(&old, &format!(r#"{{"size":1,{REST}}}"#)), None);
    }

    #[test]
    fn other_keys_and_large_changes_are_for_the_whole_row() {
        let old = format!(r#"{{"size":1,{REST}}}"#);
        for new in [
            format!(r#"{{"size":1,{REST},"more":1}}"#),
            format!("{{{REST}}}"),
            format!(r#"{{{REST},"size":2}}"#),
            format!(r#"{{"Size":2,{REST}}}"#),
            r#"{"size":1,"rest":"another text, which makes up most of the row"}"#.to_owned(),
            "{}".to_owned(),
        ] {
            assert_eq!(changed(&old, &new), None, "{new}");
        }
        assert_eq!(changed("{}", "{}"), None);
    }
}
