//! The same JSON value, spelled in odd ways: escapes where none are needed, space, numbers with exponents.

use proptest::prelude::*;
use serde_json::Value as Json;
use std::fmt::Write as _;

/// A way to spell JSON.
#[derive(Debug, Clone)]
pub struct Spelling {
    /// Every n-th char of a string, and of a key, is escaped; 0 for none that need not be.
    escape_every: usize,
    /// What is put between tokens.
    space: &'static str,
    /// Integers below a thousand get an exponent.
    exponents: bool,
}

pub fn arb_spelling() -> impl Strategy<Value = Spelling> {
    let space = prop::sample::select(vec!["", "", " ", "\n\t\r "]);
    (0..4_usize, space, any::<bool>()).prop_map(|(escape_every, space, exponents)| Spelling {
        escape_every,
        space,
        exponents,
    })
}

impl Spelling {
    /// The value as JSON text.
    pub fn write(&self, value: &Json) -> String {
        let mut out = String::new();
        self.put(value, &mut out);
        out
    }

    fn put(&self, value: &Json, out: &mut String) {
        out.push_str(self.space);
        match value {
            Json::String(text) => self.put_text(text, out),
            Json::Number(number) => {
                match number.as_i64().filter(|n| self.exponents && (1..1000).contains(n)) {
                    Some(integer) => write!(out, "{}.{:03}E+3", integer / 1000, integer % 1000)
                        .expect("a string takes all"),
                    None => out.push_str(&number.to_string()),
                }
            }
            Json::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    self.put(item, out);
                }
                out.push_str(self.space);
                out.push(']');
            }
            Json::Object(entries) => {
                out.push('{');
                for (index, (key, item)) in entries.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    out.push_str(self.space);
                    self.put_text(key, out);
                    out.push_str(self.space);
                    out.push(':');
                    self.put(item, out);
                }
                out.push_str(self.space);
                out.push('}');
            }
            Json::Null | Json::Bool(_) => out.push_str(&value.to_string()),
        }
        out.push_str(self.space);
    }

    fn put_text(&self, text: &str, out: &mut String) {
        out.push('"');
        for (index, char) in text.chars().enumerate() {
            let chosen = self.escape_every > 0 && index % self.escape_every == 0;
            if chosen || char < ' ' || char == '"' || char == '\\' {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("a string takes all");
                }
            } else {
                out.push(char);
            }
        }
        out.push('"');
    }
}
