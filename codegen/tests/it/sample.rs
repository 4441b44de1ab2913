//! One photo as serde writes it, for the tests in the other languages.

use crate::fixture::{
    Camera, Change, Color, Event, Folder, Lens, Odd, PersonId, Photo, PhotoKind, PhotoState, Place, Rated,
    Rect, Scalar, Size, Source, Tag, Words,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use uuid::Uuid;

fn uuid(last: u128) -> Uuid {
    Uuid::from_u128(0x0190_c5a0_0000_7000_8000_0000_0000_0000 + last)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn tag(slug: &str, color: &str) -> Tag {
    Tag { slug: slug.into(), color: Color(color.into()) }
}

fn folder(name: &str, parent: Option<Box<Folder>>) -> Folder {
    Folder { name: name.into(), folders: Vec::new(), parent }
}

#[expect(deprecated, reason = "all fields are there")]
fn photo() -> Photo {
    Photo {
        id: uuid(0xa),
        revision: (1 << 53) - 1,
        name: "Cliff \"at\" dawn".into(),
        original_id: None,
        tags: vec![tag("sea", "#00f")],
        cover: Some(tag("top", "#fff")),
        taken_at: at("2026-11-21T10:00:00.250001Z"),
        edits: vec![at("2026-11-21T11:00:00.000001Z")],
        printed_on: NaiveDate::from_ymd_opt(2026, 12, 24),
        stars: 5,
        views: u32::MAX,
        bytes: -1,
        brightness: 0.5,
        hidden: true,
        caption: None,
        keywords: vec!["a".into()],
        state: PhotoState::InProgress,
        camera: Some(Camera {
            model_name: "X".into(),
            lens: Some(Lens { focal_length: Some(35.0), bought: None }),
        }),
        place: Place { latitude: Some(1.5), longitude: None },
        sizes: BTreeMap::from([("small".into(), Size { width: 1, height: 2 })]),
        by_state: HashMap::from([(PhotoState::Done, 3)]),
        people: BTreeSet::from([PersonId { id: uuid(0xb) }]),
        faces: vec![(PersonId { id: uuid(0xb) }, Rect(1, 2, 3, 4))],
        crop: (7, 8),
        palette: [1, 2, 3],
        source: Source::Import { from_url: "u".into(), by: Some(uuid(0xc)) },
        event: Event::Created { photo_id: uuid(0xa), at: at("2026-11-21T10:00:00.999999Z") },
        change: Change::Moved("a".into(), "b".into()),
        value: Scalar::Person { person: PersonId { id: uuid(0xb) } },
        rating: Rated { what: "fine".into(), stars: None },
        folders: folder("f", Some(Box::new(folder("g", None)))),
        extra: serde_json::json!({ "any": [1, null] }),
        kind: PhotoKind::Live,
        loaded: true,
        device: None,
        score: 2,
        words: Words {
            container: true,
            decoder: None,
            encoder: uuid(0xd),
            reader: 1,
            this: 2,
            init: Odd::Repeat { container: 1, encoder: 2, default: 3 },
            r#in: 4,
            second: 5,
        },
        weight: 1.5,
    }
}

#[test]
fn the_sample_that_other_languages_read_is_what_serde_writes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample/photo.json");
    let written = serde_json::to_string_pretty(&photo()).unwrap() + "\n";
    if std::env::var_os("LARDER_UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &written).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n"), written);
    let read: Photo = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string_pretty(&read).unwrap() + "\n", written);
}
