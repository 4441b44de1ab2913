//! What people do to rows.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::random::Random;
use crate::rows::{Key, Kind, id, id_text, key_of};

/// A change of one row; the same in an app's optimistic edit and in what its backend is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Op {
    /// The row is this, without its id.
    Upsert(Key, Json),
    Merge(Key, Json),
    Delete(Key),
}

impl Op {
    pub(crate) fn key(&self) -> Key {
        match self {
            Self::Upsert(key, _) | Self::Merge(key, _) | Self::Delete(key) => *key,
        }
    }

    /// The whole row of an upsert.
    pub(crate) fn row(key: Key, fields: &Json) -> Json {
        let mut row = fields.clone();
        row["id"] = id(key);
        row
    }
}

/// An edit that somebody makes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edit {
    pub(crate) ops: Vec<Op>,
    /// The backend will not have it.
    pub(crate) is_refused: bool,
    /// It replaces one of the same kind that has not been sent.
    pub(crate) coalesces: bool,
}

/// Operations as mutations have them.
pub(crate) fn write(ops: &[Op]) -> String {
    let mut out = String::from("[");
    for (index, op) in ops.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let kind = op.key().0.name();
        match op {
            Op::Upsert(key, fields) => {
                let row = Op::row(*key, fields);
                write!(out, r#"{comma}{{"type":"upsert","data":{{"resource_type":"{kind}","resource":{row}}}}}"#)
            }
            Op::Merge(key, fields) => {
                let id = id_text(*key);
                write!(
                    out,
                    r#"{comma}{{"type":"merge","data":{{"resource_type":"{kind}","id":"{id}","fields":{fields}}}}}"#
                )
            }
            Op::Delete(key) => {
                let id = id_text(*key);
                write!(out, r#"{comma}{{"type":"delete","data":{{"resource_type":"{kind}","id":"{id}"}}}}"#)
            }
        }
        .unwrap();
    }
    out.push(']');
    out
}

/// What [`write`] wrote.
pub(crate) fn read(ops: &Json) -> Vec<Op> {
    let op = |op: &Json| {
        let data = &op["data"];
        let kind = Kind::named(data["resource_type"].as_str().unwrap());
        let key = |id: &Json| match (kind, id) {
            (Kind::Note, Json::String(text)) => (kind, text.parse().unwrap()),
            _ => key_of(kind, id),
        };
        match op["type"].as_str().unwrap() {
            "upsert" => {
                let mut fields = data["resource"].clone();
                let id = fields.as_object_mut().unwrap().remove("id").unwrap();
                Op::Upsert(key(&id), fields)
            }
            "merge" => Op::Merge(key(&data["id"]), data["fields"].clone()),
            _ => Op::Delete(key(&data["id"])),
        }
    };
    ops.as_array().unwrap().iter().map(op).collect()
}

pub(crate) fn any_key(random: &mut Random) -> Key {
    match random.below(10) {
        0..6 => (Kind::File, random.below(12) as u32),
        6..8 => (Kind::Tag, random.below(5) as u32),
        _ => (Kind::Note, random.below(5) as u32),
    }
}

/// Fields that a row of this type may get; the number makes them unlike all others.
pub(crate) fn fields(random: &mut Random, kind: Kind, number: u64) -> Json {
    match (kind, random.below(4)) {
        (Kind::File, 0) => {
            let tags: Vec<String> =
                (0..random.below(4)).map(|_| id_text((Kind::Tag, random.below(5) as u32))).collect();
            json!({ "tag_ids": tags })
        }
        (Kind::File, 1) => json!({ "size": random.below(20) }),
        (Kind::File, _) => json!({ "name": format!("n{number}") }),
        (Kind::Tag, 0) => json!({ "style": { "color": format!("c{number}") } }),
        (Kind::Tag, 1) => json!({ "style": { "weight": random.below(9) } }),
        (Kind::Tag, _) => json!({ "name": format!("n{number}") }),
        (Kind::Note, _) => json!({ "text": format!("x{number}") }),
    }
}

/// A whole row of this type.
pub(crate) fn whole(random: &mut Random, kind: Kind, number: u64, text: usize) -> Json {
    match kind {
        Kind::File => json!({
            "name": format!("n{number}"), "size": random.below(20), "tag_ids": [], "v": 0, "text": "x".repeat(text),
        }),
        Kind::Tag => json!({ "name": format!("n{number}"), "style": { "color": "red", "weight": 1 } }),
        Kind::Note => json!({ "text": format!("x{number}"), "v": 0 }),
    }
}

/// Something that somebody does.
pub(crate) fn any_edit(random: &mut Random, number: u64) -> Edit {
    let key = any_key(random);
    let mut ops = match random.below(20) {
        0..12 => vec![Op::Merge(key, fields(random, key.0, number))],
        12..16 => vec![Op::Upsert(key, whole(random, key.0, number, 10))],
        16..18 => vec![Op::Delete(key)],
        18 => {
            let other = any_key(random);
            let (one, two) = (fields(random, key.0, number), fields(random, other.0, number));
            vec![Op::Merge(key, one), Op::Merge(other, two)]
        }
        _ => Vec::new(),
    };
    if random.percent(10) {
        let other = any_key(random);
        ops.push(Op::Upsert(other, whole(random, other.0, number, 10)));
    }
    Edit { ops, is_refused: random.percent(8), coalesces: random.percent(25) }
}
