//! The JSON of a query as read: bounded in size and depth, with every key as it came.
//!
//! `serde_json::Value` would not do: it drops keys that come twice without a word.

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::cell::Cell;
use std::fmt;

use super::error::QueryError;

/// JSON levels; below `serde_json`'s own limit of 128, and above what any valid query has.
const MAX_LEVELS: usize = 100;
/// JSON values; above what any valid query has.
const MAX_VALUES: usize = 1 << 16;

/// The largest integer up to which doubles hold every integer.
pub(crate) const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_992.0;

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
        let mut reader = serde_json::Deserializer::from_slice(json);
        let tree = Self::read(&mut reader)?;
        reader.end().map_err(|error| QueryError::MalformedJson { message: error.to_string() })?;
        Ok(tree)
    }

    /// Reads one value from any deserializer.
    pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, QueryError> {
        let budget = Budget::default();
        Seed { budget: &budget, level: 0 }.deserialize(deserializer).map_err(|error| {
            match budget.exceeded.get() {
                Some(Exceeded::Levels) => QueryError::TooDeep { limit: super::MAX_FILTER_DEPTH },
                Some(Exceeded::Values) => QueryError::TooLarge { parts: "JSON values", limit: MAX_VALUES },
                None => QueryError::MalformedJson { message: error.to_string() },
            }
        })
    }

    /// The value as JSON text.
    pub(crate) fn to_json(&self) -> String {
        // Writing into memory cannot fail, and no key or number here is one that JSON lacks.
        serde_json::to_string(self).unwrap_or_default()
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

#[derive(Clone, Copy)]
enum Exceeded {
    Levels,
    Values,
}

#[derive(Default)]
struct Budget {
    values: Cell<usize>,
    exceeded: Cell<Option<Exceeded>>,
}

struct Seed<'b> {
    budget: &'b Budget,
    level: usize,
}

impl Seed<'_> {
    fn inner(&self) -> Self {
        Self { budget: self.budget, level: self.level + 1 }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        let values = self.budget.values.get() + 1;
        self.budget.values.set(values);
        let exceeded = match self.level > MAX_LEVELS {
            true => Some(Exceeded::Levels),
            false => (values > MAX_VALUES).then_some(Exceeded::Values),
        };
        if exceeded.is_some() {
            self.budget.exceeded.set(exceeded);
            return Err(de::Error::custom("the query is too large"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Tree;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.inner())? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut object = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            object.push((key, entries.next_value_seed(self.inner())?));
        }
        Ok(Tree::Object(object))
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer).map_err(de::Error::custom)
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            // Integers are written as JavaScript writes them: `10`, not `10.0`.
            Self::Number(value) if value.fract() == 0.0 && value.abs() <= MAX_SAFE_INTEGER => {
                serializer.serialize_i64(*value as i64)
            }
            Self::Number(value) => serializer.serialize_f64(*value),
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
