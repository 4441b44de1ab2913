//! JSON, laid out for people.

/// How keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// As JSON has them.
    Quoted,
    /// As JavaScript has them: without quotes where they are names.
    Bare,
}

/// Lays out JSON that has no spaces yet. What fits in a line is one.
pub(crate) fn lay_out(compact: &str, keys: Keys, width: usize) -> String {
    let mut out = String::new();
    Value::read(&mut compact.trim()).write(&mut out, keys, width, 0);
    out
}

enum Value<'a> {
    Plain(&'a str),
    List(Vec<Value<'a>>),
    Object(Vec<(&'a str, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// Reads a value of valid JSON from the front of the text.
    fn read(text: &mut &'a str) -> Self {
        if let Some(rest) = text.strip_prefix('[') {
            *text = rest;
            let mut items = Vec::new();
            while !text.is_empty() && !take(text, ']') {
                take(text, ',');
                items.push(Self::read(text));
            }
            return Self::List(items);
        }
        if let Some(rest) = text.strip_prefix('{') {
            *text = rest;
            let mut members = Vec::new();
            while !text.is_empty() && !take(text, '}') {
                take(text, ',');
                let key = plain(text);
                take(text, ':');
                members.push((key, Self::read(text)));
            }
            return Self::Object(members);
        }
        Self::Plain(plain(text))
    }

    fn write(&self, out: &mut String, keys: Keys, width: usize, indent: usize) {
        let start = out.len();
        self.write_in_line(out, keys);
        let line_start = out.rfind('\n').map_or(0, |at| at + 1);
        if out.len() - line_start < width || matches!(self, Self::Plain(_)) {
            return;
        }
        out.truncate(start);
        let pad = "  ".repeat(indent + 1);
        let (open, close) = if matches!(self, Self::List(_)) { ('[', ']') } else { ('{', '}') };
        out.push(open);
        let line = |out: &mut String, member: Option<&str>, value: &Self, last: bool| {
            out.push('\n');
            out.push_str(&pad);
            if let Some(member) = member {
                out.push_str(&key(member, keys));
                out.push_str(": ");
            }
            value.write(out, keys, width, indent + 1);
            // JSON has no comma after the last.
            if !last || keys == Keys::Bare {
                out.push(',');
            }
        };
        match self {
            Self::Plain(_) => {}
            Self::List(items) => {
                items.iter().enumerate().for_each(|(at, item)| line(out, None, item, at + 1 == items.len()));
            }
            Self::Object(members) => members
                .iter()
                .enumerate()
                .for_each(|(at, (member, value))| line(out, Some(member), value, at + 1 == members.len())),
        }
        out.push('\n');
        out.push_str(&"  ".repeat(indent));
        out.push(close);
    }

    fn write_in_line(&self, out: &mut String, keys: Keys) {
        match self {
            Self::Plain(text) => out.push_str(text),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    item.write_in_line(out, keys);
                }
                out.push(']');
            }
            Self::Object(members) if members.is_empty() => out.push_str("{}"),
            Self::Object(members) => {
                out.push('{');
                for (at, (member, value)) in members.iter().enumerate() {
                    out.push_str(if at == 0 { " " } else { ", " });
                    out.push_str(&key(member, keys));
                    out.push_str(": ");
                    value.write_in_line(out, keys);
                }
                out.push_str(" }");
            }
        }
    }
}

fn take(text: &mut &str, sign: char) -> bool {
    let rest = text.strip_prefix(sign);
    if let Some(rest) = rest {
        *text = rest;
    }
    rest.is_some()
}

/// Takes a string, a number or a word.
fn plain<'a>(text: &mut &'a str) -> &'a str {
    let bytes = text.as_bytes();
    let end = if bytes.first() == Some(&b'"') {
        let mut escaped = false;
        let closes = |byte: &u8| {
            let closes = !escaped && *byte == b'"';
            escaped = !escaped && *byte == b'\\';
            closes
        };
        bytes.iter().skip(1).position(closes).map_or(text.len(), |at| at + 2)
    } else {
        text.find([',', ']', '}', ':']).unwrap_or(text.len())
    };
    let (plain, rest) = text.split_at(end);
    *text = rest;
    plain
}

fn key(quoted: &str, keys: Keys) -> String {
    let bare = quoted.trim_matches('"');
    if keys == Keys::Bare && is_name(bare) { bare.to_owned() } else { quoted.to_owned() }
}

/// Whether a text can be a name in JavaScript.
pub(crate) fn is_name(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_' || sign == '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPACT: &str = r#"{"types":[{"name":"a \"b\", c","n":1},{"name":"x-y"}],"none":{},"x-y":[]}"#;

    #[test]
    fn what_fits_is_one_line() {
        let expected = r#"{ types: [{ name: "a \"b\", c", n: 1 }, { name: "x-y" }], none: {}, "x-y": [] }"#;
        assert_eq!(lay_out(COMPACT, Keys::Bare, 100), expected);
    }

    #[test]
    fn what_does_not_fit_is_broken_and_stays_json() {
        let text = lay_out(COMPACT, Keys::Quoted, 30);
        let broken = [
            "{",
            "  \"types\": [",
            "    {",
            "      \"name\": \"a \\\"b\\\", c\",",
            "      \"n\": 1",
            "    },",
        ];
        assert!(text.starts_with(&broken.join("\n")), "{text}");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&text), read(COMPACT));
    }
}
