//! Resource types that use everything that has a counterpart.

#![allow(dead_code, reason = "the fields are only ever looked at through serde and specta")]

use chrono::{DateTime, NaiveDate, Utc};
use larder_codegen::{CodegenError, Schema, larder, schema, specta};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A photo in the library.
///
/// See [`Tag`] for what can be put on it.
///
/// ```
/// let rust_only = true;
/// ```
#[derive(Serialize, Deserialize, Type, larder::Resource)]
#[serde(rename_all = "camelCase")]
#[resource(name = "photo", merge = "deep")]
#[resource(reverse(comments, many = "comment", field = "photo"))]
pub struct Photo {
    /// Stays the same when the photo is renamed.
    pub id: Uuid,
    #[resource(version)]
    pub revision: u64,
    #[resource(index)]
    pub name: String,
    /// Where it was taken from.
    #[resource(one = "photo")]
    pub original_id: Option<Uuid>,
    /// What it is labelled with.
    #[resource(embedded)]
    pub tags: Vec<Tag>,
    #[resource(embedded)]
    pub cover: Option<Tag>,
    pub taken_at: DateTime<Utc>,
    pub edits: Vec<DateTime<Utc>>,
    pub printed_on: Option<NaiveDate>,
    pub stars: u8,
    pub views: u32,
    pub bytes: i64,
    pub brightness: f64,
    pub hidden: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    #[serde(default)]
    pub keywords: Vec<String>,
    pub state: PhotoState,
    pub camera: Option<Camera>,
    #[serde(flatten)]
    pub place: Place,
    pub sizes: BTreeMap<String, Size>,
    pub by_state: HashMap<PhotoState, u32>,
    pub people: BTreeSet<PersonId>,
    pub faces: Vec<(PersonId, Rect)>,
    pub crop: (u32, u32),
    pub palette: [u8; 3],
    pub source: Source,
    pub event: Event,
    pub change: Change,
    pub value: Scalar,
    pub rating: Rated<String>,
    pub folders: Folder,
    pub extra: serde_json::Value,
    #[serde(rename = "class")]
    pub kind: PhotoKind,
    #[serde(skip)]
    pub loaded: bool,
    /// No longer filled.
    #[deprecated(note = "use `camera`")]
    pub device: Option<String>,
    #[specta(type = specta_typescript::Number)]
    pub score: i64,
    pub words: Words,
    #[serde(with = "as_text")]
    #[specta(type = String)]
    pub weight: f32,
}

mod as_text {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(weight: &f32, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(weight)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A label.
#[derive(Serialize, Deserialize, Type, larder::Resource)]
pub struct Tag {
    #[resource(id)]
    pub slug: String,
    pub color: Color,
}

#[derive(Serialize, Deserialize, Type, larder::Resource)]
pub struct Comment {
    pub id: i64,
    #[resource(embedded)]
    pub photo: Photo,
    pub text: String,
}

/// `#rrggbb`.
#[derive(Serialize, Deserialize, Type)]
pub struct Color(pub String);

#[derive(Serialize, Deserialize, Type, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
pub struct PersonId {
    pub id: Uuid,
}

/// How far a photo is.
#[derive(Serialize, Deserialize, Type, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum PhotoState {
    /// Nobody has looked at it.
    Inbox,
    InProgress,
    #[serde(rename = "default")]
    Done,
}

#[derive(Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum PhotoKind {
    Still,
    Live,
}

/// What took it.
#[derive(Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub struct Camera {
    pub model_name: String,
    pub lens: Option<Lens>,
}

#[derive(Serialize, Deserialize, Type)]
pub struct Lens {
    pub focal_length: Option<f32>,
    pub bought: Option<DateTime<Utc>>,
}

#[derive(Serialize, Deserialize, Type)]
pub struct Place {
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

#[derive(Serialize, Deserialize, Type)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

#[derive(Serialize, Deserialize, Type)]
pub struct Rect(pub i32, pub i32, pub i32, pub i32);

/// Names that mean something in Swift, or in what is generated.
#[derive(Serialize, Deserialize, Type)]
pub struct Words {
    pub container: bool,
    pub decoder: Option<String>,
    pub encoder: Uuid,
    pub reader: u8,
    #[serde(rename = "self")]
    pub this: u8,
    pub init: Odd,
    pub r#in: u8,
    #[serde(rename = "2nd")]
    pub second: u8,
}

#[derive(Serialize, Deserialize, Type)]
pub enum Odd {
    Default,
    Init,
    Repeat { container: u8, encoder: u8, default: u8 },
}

/// Tagged from the outside.
#[derive(Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Source {
    Unknown,
    /// Out of a card.
    Card(Size),
    Scan(String, Option<u32>),
    Import {
        from_url: String,
        by: Option<Uuid>,
    },
}

/// Tagged from the inside.
#[derive(Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    Created {
        photo_id: Uuid,
        at: DateTime<Utc>,
    },
    Resized(Size),
    Cleared,
    #[serde(other)]
    Other,
}

/// Tagged beside.
#[derive(Serialize, Deserialize, Type)]
#[serde(tag = "t", content = "c")]
pub enum Change {
    Stars(u8),
    Moved(String, String),
    Cropped { by: Rect },
    Undone,
}

/// Not tagged.
#[derive(Serialize, Deserialize, Type)]
#[serde(untagged)]
pub enum Scalar {
    Number(f64),
    Text(String),
    Pair(String, f64),
    Person { person: PersonId },
    Nothing,
}

/// Something and what is thought of it.
#[derive(Serialize, Deserialize, Type)]
pub struct Rated<T> {
    pub what: T,
    pub stars: Option<u8>,
}

#[derive(Serialize, Deserialize, Type)]
pub struct Folder {
    pub name: String,
    pub folders: Vec<Folder>,
    pub parent: Option<Box<Folder>>,
}

pub fn library() -> Result<Schema, CodegenError> {
    schema![Photo, Tag, Comment]
}
