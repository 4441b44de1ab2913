//! Names the place of an offset, for error messages; only ever runs after a fault.

use super::text;

/// The path to the value around `offset`, e.g. `kind.data.resources[3].size`; empty at the top.
pub(crate) fn path_at(bytes: &[u8], offset: usize) -> String {
    enum Place {
        Object(String),
        Array(usize),
    }
    let mut places: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < offset.min(bytes.len()) {
        match bytes.get(at) {
            Some(b'"') => {
                let mut end = text::find_special(bytes, at + 1);
                while bytes.get(end) == Some(&b'\\') {
                    end = text::find_special(bytes, end + 2);
                }
                let is_key =
                    bytes.get(end + 1..).and_then(|rest| rest.iter().find(|b| !b.is_ascii_whitespace()))
                        == Some(&b':');
                if is_key && let Some(Place::Object(key)) = places.last_mut() {
                    *key = String::from_utf8_lossy(bytes.get(at + 1..end).unwrap_or_default())
                        .chars()
                        .take(64)
                        .collect();
                }
                at = end;
            }
            Some(b'{') => places.push(Place::Object(String::new())),
            Some(b'[') => places.push(Place::Array(0)),
            Some(b'}' | b']') => {
                places.pop();
            }
            Some(b',') => {
                if let Some(Place::Array(index)) = places.last_mut() {
                    *index += 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    let mut path = String::new();
    // Deep nesting is cut: the message must stay short.
    for place in places.iter().take(16) {
        match place {
            Place::Object(key) if key.is_empty() => {}
            Place::Object(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            Place::Array(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// The path to a field of the object around `offset`; to the object itself if the field has no name.
pub(crate) fn field_at(bytes: &[u8], offset: usize, field: &str) -> String {
    let at = path_at(bytes, offset);
    match (at.is_empty(), field.is_empty()) {
        (true, _) => field.to_owned(),
        (false, true) => at,
        (false, false) => format!("{at}.{field}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_place_is_named_by_keys_and_indexes() {
        let text = r#"{"kind":{"data":{"resources":[{"id":1},{"size":99}]}}}"#;
        assert_eq!(super::path_at(text.as_bytes(), text.find("99").unwrap()), "kind.data.resources[1].size");
        assert_eq!(super::path_at(text.as_bytes(), 0), "");
    }
}
