//! Deep merge of one object's bytes into another's.

use super::{Kind, Span, read, text};

/// Appends `base` with `change` merged in: objects merge member by member, everything else (arrays too) is replaced.
/// The top-level fields named in `replace` are taken whole. Both must be checked objects. Returns whether anything is
/// another than before.
pub(crate) fn merge(out: &mut Vec<u8>, base: &[u8], change: &[u8], replace: &[String]) -> bool {
    merge_objects(out, (base, read::value(base)), (change, read::value(change)), replace)
}

fn merge_objects(out: &mut Vec<u8>, base: (&[u8], Span), change: (&[u8], Span), replace: &[String]) -> bool {
    let (base_bytes, base_span) = base;
    let (change_bytes, change_span) = change;
    let changes: Vec<(Span, Span)> = read::members(change_bytes, change_span.start as usize).collect();
    let mut used = vec![false; changes.len()];
    out.push(b'{');
    let mut separator = false;
    let mut differs = false;
    for (key, old) in read::members(base_bytes, base_span.start as usize) {
        let name = text::key_text(base_bytes, key);
        push_key(out, &mut separator, base_bytes, key);
        let found = changes.iter().position(|&(key, _)| text::key_text(change_bytes, key) == name);
        let Some((index, &(_, new))) = found.and_then(|index| Some((index, changes.get(index)?))) else {
            push_value(out, base_bytes, old);
            continue;
        };
        if let Some(used) = used.get_mut(index) {
            *used = true;
        }
        let is_replaced = replace.iter().any(|field| field.as_bytes() == &*name);
        if old.kind == Kind::Object && new.kind == Kind::Object && !is_replaced {
            differs |= merge_objects(out, (base_bytes, old), (change_bytes, new), &[]);
        } else {
            differs |= old.kind != new.kind || old.of(base_bytes) != new.of(change_bytes);
            push_value(out, change_bytes, new);
        }
    }
    for (&(key, new), _) in changes.iter().zip(&used).filter(|(_, used)| !**used) {
        push_key(out, &mut separator, change_bytes, key);
        push_value(out, change_bytes, new);
        differs = true;
    }
    out.push(b'}');
    differs
}

fn push_key(out: &mut Vec<u8>, separator: &mut bool, bytes: &[u8], key: Span) {
    if std::mem::replace(separator, true) {
        out.push(b',');
    }
    push_value(out, bytes, key);
    out.push(b':');
}

/// Appends a value; a string's span leaves out its quotes.
fn push_value(out: &mut Vec<u8>, bytes: &[u8], value: Span) {
    if value.is_text() {
        out.push(b'"');
        out.extend_from_slice(value.of(bytes));
        out.push(b'"');
    } else {
        out.extend_from_slice(value.of(bytes));
    }
}

#[cfg(test)]
mod tests {
    fn check(base: &str, change: &str, replace: &[&str], expected: &str) {
        let replace: Vec<String> = replace.iter().map(ToString::to_string).collect();
        let mut out = Vec::new();
        let differs = super::merge(&mut out, base.as_bytes(), change.as_bytes(), &replace);
        assert_eq!(String::from_utf8_lossy(&out), expected);
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(differs, value(base) != value(expected));
    }

    #[test]
    fn members_merge_and_arrays_are_replaced() {
        check(r#"{"a":1,"b":[1,2]}"#, r#"{"b":[3],"c":"x"}"#, &[], r#"{"a":1,"b":[3],"c":"x"}"#);
        check(r#"{"a":{"x":1,"y":2}}"#, r#"{"a":{"y":{"z":3}}}"#, &[], r#"{"a":{"x":1,"y":{"z":3}}}"#);
        check("{}", r#"{"a":null}"#, &[], r#"{"a":null}"#);
        check(r#"{"a" : 1}"#, "{}", &[], r#"{"a":1}"#);
    }

    #[test]
    fn named_fields_are_taken_whole() {
        check(
            r#"{"p":{"x":1},"q":{"x":1}}"#,
            r#"{"p":{"y":2},"q":{"y":2}}"#,
            &["p"],
            r#"{"p":{"y":2},"q":{"x":1,"y":2}}"#,
        );
    }

    #[test]
    fn keys_are_compared_by_text_not_by_spelling() {
        check(r#"{"é":1}"#, r#"{"\u00e9":2}"#, &[], r#"{"é":2}"#);
    }
}
