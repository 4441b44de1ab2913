//! Fields are declared under the names that serde writes.

use larder::Resource;
use serde::Serialize;

/// Declares rows under each of serde's rules, and compares what is declared with what serde writes.
macro_rules! declared_as_written {
    ($($rule:literal),*) => {
        $({
            #[derive(Serialize, Resource)]
            #[serde(rename_all = $rule)]
            struct Row {
                #[resource(id)]
                row_key: u8,
                #[resource(version)]
                r#type: u8,
                #[resource(one = "row")]
                next_row_id: u8,
            }
            let written = serde_json::to_value(Row { row_key: 1, r#type: 2, next_row_id: 3 }).unwrap();
            let declared = Row::resource_type();
            let relation = declared.relations.values().next().unwrap();
            assert_eq!(written[&declared.id], 1, $rule);
            assert_eq!(written[declared.version.as_ref().unwrap()], 2, $rule);
            assert_eq!(written[&relation.field], 3, $rule);
        })*
    };
}

#[test]
fn every_rule_for_all_names_is_followed() {
    declared_as_written!(
        "lowercase",
        "UPPERCASE",
        "PascalCase",
        "camelCase",
        "snake_case",
        "SCREAMING_SNAKE_CASE",
        "kebab-case",
        "SCREAMING-KEBAB-CASE"
    );
}

#[derive(Serialize, Resource)]
#[serde(rename_all(serialize = "camelCase", deserialize = "snake_case"))]
struct Song {
    #[serde(rename = "_id", default)]
    id: String,
    #[serde(rename(serialize = "rev", deserialize = "revision"), alias = "v")]
    #[resource(version)]
    version: u32,
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    #[resource(merge = "union")]
    play_lists: Vec<String>,
    #[resource(one = "song")]
    next_song_id: Option<String>,
    #[serde(skip)]
    _loaded: bool,
}

#[test]
fn names_of_single_fields_are_followed_and_other_words_to_serde_passed_over() {
    let declared = Song::resource_type();
    assert_eq!(declared.id, "_id");
    assert_eq!(declared.version.as_deref(), Some("rev"));
    assert_eq!(declared.fields.keys().collect::<Vec<_>>(), ["playLists"]);
    assert_eq!(declared.relations["nextSong"].field, "nextSongId");
    let song = Song {
        id: "a".to_owned(),
        version: 1,
        play_lists: vec!["b".to_owned()],
        next_song_id: None,
        _loaded: true,
    };
    let written = serde_json::to_value(song).unwrap();
    assert_eq!(written, serde_json::json!({"_id": "a", "rev": 1, "playLists": ["b"], "nextSongId": null}));
}
