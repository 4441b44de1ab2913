//! A row with its relations put in, as text: it is decoded as a whole, like any other row.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::{RawValue, to_raw_value};

use super::patch::{Shape, corrupt};
use super::tables::Tables;
use crate::error::Error;

/// The members of an object in their order, each as it is written.
struct Members<'a>(Vec<(Name<'a>, &'a RawValue)>);

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a row")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

/// The row at `slot` of the shape's base with what its relations lead to, each instead of any member of its name.
pub(crate) fn put_together(
    tables: &Tables,
    shape: &Shape,
    slot: u32,
    edges: &[Vec<u32>],
) -> Result<Box<RawValue>, Error> {
    let found = |kind: u32, slot: u32| {
        let row = tables.get(kind, slot);
        row.map(|row| row.json()).ok_or_else(|| corrupt("an object is made of a row that was never sent"))
    };
    let base = found(shape.base, slot)?;
    let Members(members) =
        serde_json::from_str(base.get()).map_err(|error| corrupt(&format!("a row is no object: {error}")))?;
    let mut text = String::with_capacity(base.get().len() * 2);
    text.push('{');
    let is_relation = |name: &str| shape.edges.iter().any(|edge| edge.name == name);
    for (Name(name), value) in &members {
        if !is_relation(name) {
            push_member(&mut text, name)?;
            text.push_str(value.get());
        }
    }
    for (edge, slots) in shape.edges.iter().zip(edges) {
        push_member(&mut text, &edge.name)?;
        if !edge.many {
            text.push_str(match slots.first() {
                Some(&slot) => found(edge.child, slot)?.get(),
                None => "null",
            });
            continue;
        }
        text.push('[');
        for (index, &slot) in slots.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(found(edge.child, slot)?.get());
        }
        text.push(']');
    }
    text.push('}');
    RawValue::from_string(text).map_err(|error| corrupt(&format!("an object cannot be made: {error}")))
}

fn push_member(text: &mut String, name: &str) -> Result<(), Error> {
    if text.len() > 1 {
        text.push(',');
    }
    let name = to_raw_value(name).map_err(|error| corrupt(&format!("a name cannot be written: {error}")))?;
    text.push_str(name.get());
    text.push(':');
    Ok(())
}
