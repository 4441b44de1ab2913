//! Random rows of the resource type `file`.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

/// The id field of the rows.
pub const ID_FIELD: &str = "id";

/// Texts that are alike: in case, in numbers, in their beginnings, in what JSON escapes.
pub const TEXTS: [&str; 29] = [
    "",
    "a",
    "A",
    "ab",
    "aB",
    "img1",
    "img01",
    "IMG2",
    "img10",
    "img9x",
    "10",
    "9",
    "007",
    "\0",
    "\"q\"",
    "back\\slash",
    "line\nbreak",
    "é",
    "É",
    "İstanbul",
    "i\u{307}stanbul",
    "名前",
    "Cre\u{300}me brûlée IMG10",
    "img10-a.png",
    "photograph1 a",
    "Photograph2, A.B",
    "私の名前 a",
    "😀",
    "\u{e000}",
];

/// Paths of both kinds, with empty segments, one below the other.
pub const PATHS: [&str; 10] = ["", "/", "a", "a/b", "/a/b", "a\\b\\c", "a//b/", "ab/c", "a/b/c/d", "A/b"];

const NUMBERS: [f64; 9] = [-1e300, -2.5, -0.0, 0.0, 1.0, 1.5, 2.0, 10.0, 9_007_199_254_740_991.0];

/// An id: mostly text, sometimes a UUID, sometimes an integer, which may be the same as a text.
pub fn arb_id() -> impl Strategy<Value = Json> {
    prop_oneof![
        4 => (0..12_u8).prop_map(|n| json!(format!("f{n}"))),
        2 => (0..6_u8).prop_map(|n| json!(format!("0190c0de-0000-7000-8000-00000000000{n}"))),
        1 => (0..4_u8).prop_map(|n| json!(format!("{}", u32::from(n) * 5))),
        1 => (0..4_u8).prop_map(|n| json!(u32::from(n) * 5)),
        1 => Just(json!("İd \"x\"\\")),
    ]
}

/// The text of a row's id.
pub fn id_text(row: &Json) -> String {
    match row.get(ID_FIELD) {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        other => panic!("a row without an id: {other:?}"),
    }
}

pub fn arb_number() -> impl Strategy<Value = Json> {
    prop_oneof![
        6 => prop::sample::select(&NUMBERS[..]).prop_map(|number| json!(number)),
        3 => (-3..12_i64).prop_map(|number| json!(number)),
        1 => any::<f64>().prop_filter("JSON has only finite numbers", |number| number.is_finite()).prop_map(|number| json!(number)),
    ]
}

pub fn arb_text() -> impl Strategy<Value = Json> {
    prop_oneof![
        8 => prop::sample::select(&TEXTS[..]).prop_map(|text| json!(text)),
        1 => "[aA0-9 ._é]{0,12}".prop_map(|text| json!(text)),
        1 => any::<String>().prop_map(|text| json!(text)),
    ]
}

pub fn arb_path() -> impl Strategy<Value = Json> {
    prop::sample::select(&PATHS[..]).prop_map(|path| json!(path))
}

/// Any scalar of the schema.
pub fn arb_scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        1 => Just(Json::Null),
        1 => any::<bool>().prop_map(|value| json!(value)),
        3 => arb_number(),
        3 => arb_text(),
        1 => arb_path(),
    ]
}

/// A value at the wrong place: any scalar, an array or an object.
fn arb_odd() -> impl Strategy<Value = Json> {
    prop_oneof![
        4 => arb_scalar(),
        1 => prop::collection::vec(arb_scalar(), 0..3).prop_map(Json::Array),
        1 => arb_scalar().prop_map(|inner| json!({ "rating": inner })),
    ]
}

/// Mostly what the field should have; sometimes something else.
fn mostly(usual: impl Strategy<Value = Json> + 'static) -> impl Strategy<Value = Json> {
    prop_oneof![8 => usual, 1 => Just(Json::Null), 1 => arb_odd()]
}

fn arb_alternate_path() -> impl Strategy<Value = Json> {
    prop_oneof![
        6 => (arb_path(), arb_number()).prop_map(|(path, size)| json!({ "path": path, "size": size })),
        1 => arb_scalar(),
        1 => Just(json!({})),
        1 => Just(json!([{ "path": "a/b" }])),
    ]
}

fn arb_meta() -> impl Strategy<Value = Json> {
    let camera = (mostly(arb_text()), prop::option::of(arb_number())).prop_map(|(model, iso)| match iso {
        Some(iso) => json!({ "model": model, "iso": iso }),
        None => json!({ "model": model }),
    });
    (prop::option::of(mostly(camera)), prop::option::of(mostly(arb_number()))).prop_map(|(camera, rating)| {
        let mut meta = Map::new();
        meta.extend(camera.map(|camera| ("camera".to_owned(), camera)));
        meta.extend(rating.map(|rating| ("rating".to_owned(), rating)));
        Json::Object(meta)
    })
}

/// The fields of a row without its id; any may be missing.
pub fn arb_patch() -> impl Strategy<Value = Map<String, Json>> {
    fn maybe(
        name: &'static str,
        value: impl Strategy<Value = Json> + 'static,
    ) -> BoxedStrategy<Option<(String, Json)>> {
        let value = prop_oneof![5 => value.prop_map(Some), 1 => Just(None)];
        value.prop_map(move |value| value.map(|value| (name.to_owned(), value))).boxed()
    }
    let kind = prop::sample::select(vec!["image", "folder", "text"]).prop_map(|kind| json!(kind));
    let tags =
        prop::collection::vec(prop_oneof![6 => arb_text(), 1 => arb_odd()], 0..4).prop_map(Json::Array);
    let alternates = prop::collection::vec(arb_alternate_path(), 0..3).prop_map(Json::Array);
    let fields = vec![
        maybe("name", mostly(arb_text())),
        maybe("size", mostly(arb_number())),
        maybe("kind", mostly(kind)),
        maybe("is_dir", mostly(any::<bool>().prop_map(|value| json!(value)))),
        maybe("path", mostly(arb_path())),
        maybe("tag_ids", mostly(tags)),
        maybe("alternate_paths", mostly(alternates)),
        maybe("meta", mostly(arb_meta())),
        maybe("__proto__", arb_scalar()),
    ];
    fields.prop_map(|fields| fields.into_iter().flatten().collect())
}

/// A whole row.
pub fn arb_row() -> impl Strategy<Value = Json> {
    (arb_id(), arb_patch()).prop_map(|(id, mut row)| {
        row.insert(ID_FIELD.to_owned(), id);
        Json::Object(row)
    })
}
