//! The rows of the simulated library, in the plainest way.

use std::collections::BTreeMap;
use std::rc::Rc;

use larder::Registry;
use larder::registry::{MergePolicy, RelationKind, ResourceType};
use serde_json::{Value as Json, json};

/// The resource types: one that is replaced by version, one that merges, one whose ids are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    File,
    Tag,
    Note,
}

pub(crate) const KINDS: [Kind; 3] = [Kind::File, Kind::Tag, Kind::Note];

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Tag => "tag",
            Self::Note => "note",
        }
    }

    pub(crate) fn named(name: &str) -> Self {
        KINDS.into_iter().find(|kind| kind.name() == name).unwrap()
    }
}

/// A row's type and number.
pub(crate) type Key = (Kind, u32);

pub(crate) fn id_text(key: Key) -> String {
    match key {
        (Kind::File, number) => format!("f{number}"),
        (Kind::Tag, number) => format!("t{number}"),
        (Kind::Note, number) => number.to_string(),
    }
}

/// The id as rows have it.
pub(crate) fn id(key: Key) -> Json {
    match key {
        (Kind::Note, number) => json!(number),
        _ => json!(id_text(key)),
    }
}

/// The key of a row of this type.
pub(crate) fn key_of(kind: Kind, id: &Json) -> Key {
    let number = match id {
        Json::String(text) => text.trim_start_matches(['f', 't']).parse().unwrap(),
        number => u32::try_from(number.as_u64().unwrap()).unwrap(),
    };
    (kind, number)
}

/// All rows as they are at one moment.
pub(crate) type Rows = BTreeMap<Key, Rc<Json>>;

pub(crate) fn merge(base: &mut Json, change: &Json) {
    match (base, change) {
        (Json::Object(base), Json::Object(change)) => {
            for (key, value) in change {
                merge(base.entry(key.clone()).or_insert(Json::Null), value);
            }
        }
        (base, change) => *base = change.clone(),
    }
}

pub(crate) fn registry() -> Registry {
    let file = ResourceType::new("file").version("v").relation("tags", RelationKind::Many, "tag", "tag_ids");
    let tag = ResourceType::new("tag").merge(MergePolicy::Deep);
    let note = ResourceType::new("note").version("v");
    Registry::builder().resource(file).resource(tag).resource(note).build().unwrap()
}
