//! The JSON of a query as read: bounded in size and depth, with every key as it came.
//!
//! `serde_json::Value` would not do: it drops keys that come twice without a word, and reads numbers in its own way.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::error::QueryError;
use crate::json::scan::{Fault, ScanError, ScanLimits, Scanner};
use crate::json::{Kind, number, text};
use crate::wire::{EventError, Limits};

/// JSON levels; above what any valid query has.
const MAX_LEVELS: u32 = 100;
/// JSON values; above what any valid query has.
const MAX_VALUES: usize = 1 << 16;

/// The largest integer up to which doubles hold every integer.
pub(crate) const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, QueryError> {
        let malformed = |message: String| QueryError::MalformedJson { message };
        std::str::from_utf8(json).map_err(|error| malformed(error.to_string()))?;
        let mut scanner =
            Scanner::new(json, ScanLimits { max_depth: MAX_LEVELS, max_string_bytes: usize::MAX });
        let read = value(&mut scanner, 0, &mut 0).and_then(|tree| Ok(scanner.finish().map(|()| tree)?));
        read.map_err(|stop| match stop {
            Stop::TooMany => QueryError::TooLarge { parts: "JSON values", limit: MAX_VALUES },
            Stop::Scan(ScanError { fault: Fault::TooDeep, .. }) => {
                QueryError::TooDeep { limit: super::MAX_FILTER_DEPTH }
            }
            Stop::Scan(error) => {
                malformed(EventError::from_scan(error, json, &Limits::default()).to_string())
            }
        })
    }

    /// The value as JSON text.
    pub(crate) fn to_json(&self) -> String {
        let mut out = Vec::new();
        self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// Queries are named by this text: it is written here and not by the machinery of `Serialize`, which is larger and slower.
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Number(value) => {
                // Writing into memory cannot fail.
                let _written = match integer(*value) {
                    Some(integer) => serde_json::to_writer(out, &integer),
                    None => serde_json::to_writer(out, value),
                };
            }
            Self::Text(text) => text::push_quoted(out, text),
            Self::List(list) => {
                out.push(b'[');
                for (index, value) in list.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    value.write(out);
                }
                out.push(b']');
            }
            Self::Object(entries) => {
                out.push(b'{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    text::push_quoted(out, key);
                    out.push(b':');
                    value.write(out);
                }
                out.push(b'}');
            }
        }
    }

    /// What the value is, for messages.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Integers are written as JavaScript writes them: `10`, not `10.0`.
fn integer(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= MAX_SAFE_INTEGER).then_some(value as i64)
}

/// One value, and how many there have been.
fn value(s: &mut Scanner<'_>, level: u32, values: &mut usize) -> Result<Tree, Stop> {
    *values += 1;
    if *values > MAX_VALUES {
        return Err(Stop::TooMany);
    }
    match s.next_token() {
        b'{' => {
            s.enter(level)?;
            let mut object = Vec::new();
            let mut more = s.open_object()?;
            while more {
                let key = s.key()?;
                let key = text::decode(s.bytes, key).into_owned();
                object.push((key, value(s, level + 1, values)?));
                more = s.more_members()?;
            }
            Ok(Tree::Object(object))
        }
        b'[' => {
            s.enter(level)?;
            let mut list = Vec::new();
            let mut more = s.open_array()?;
            while more {
                list.push(value(s, level + 1, values)?);
                more = s.more_elements()?;
            }
            Ok(Tree::List(list))
        }
        _ => {
            let leaf = s.leaf()?;
            Ok(match leaf.kind {
                Kind::True => Tree::Bool(true),
                Kind::False => Tree::Bool(false),
                Kind::Number => Tree::Number(number::parse(leaf.of(s.bytes))),
                Kind::Text | Kind::EscapedText => Tree::Text(text::decode(s.bytes, leaf).into_owned()),
                Kind::Null | Kind::Missing | Kind::Array | Kind::Object => Tree::Null,
            })
        }
    }
}

/// Why reading stopped.
enum Stop {
    Scan(ScanError),
    TooMany,
}

impl From<ScanError> for Stop {
    fn from(error: ScanError) -> Self {
        Self::Scan(error)
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse(json.get().as_bytes()).map_err(D::Error::custom)
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => match integer(*value) {
                Some(integer) => serializer.serialize_i64(integer),
                None => serializer.serialize_f64(*value),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn a_tree_is_written_as_serde_writes_it() {
        let text = "\"\\/\u{0}\u{1f}\u{8}\t\n\u{b}\u{c}\r\u{7f}\u{2028}\u{e9}\u{1f600}".to_owned();
        let numbers =
            [0.0, -0.0, 1.5, -7.0, 1e21, 1e-9, 9_007_199_254_740_991.0, f64::MAX, f64::NAN].map(Tree::Number);
        let tree = Tree::Object(vec![
            (text.clone(), Tree::Text(text)),
            ("empty".to_owned(), Tree::List(vec![Tree::Object(Vec::new()), Tree::List(Vec::new())])),
            (
                "rest".to_owned(),
                Tree::List(
                    [Tree::Null, Tree::Bool(true), Tree::Bool(false)].into_iter().chain(numbers).collect(),
                ),
            ),
        ]);
        assert_eq!(tree.to_json(), serde_json::to_string(&tree).unwrap());
    }
}
