//! Resources that come inside of others, through a cache.

use larder::query::Query;
use larder::{Cache, Config, Resource};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::payload::rows;

#[derive(Serialize, Deserialize, Resource)]
#[resource(reverse(songs, many = Song, field = "artist"))]
struct Artist {
    #[resource(id)]
    name: String,
    country: String,
}

#[derive(Serialize, Deserialize, Resource)]
struct Song {
    id: u32,
    #[resource(embedded)]
    artist: Option<Box<Artist>>,
    #[resource(embedded, merge = "union")]
    guests: Vec<Artist>,
}

fn artist(name: &str) -> Artist {
    Artist { name: name.to_owned(), country: "FR".to_owned() }
}

fn arrives(cache: &mut Cache, song: &Song) -> Vec<Value> {
    let event = json!({"ResourceChanged": {"resource_type": Song::NAME, "resource": song}});
    let step = cache.apply(event.to_string().as_str());
    step.result.unwrap();
    rows(step.patch)
}

#[test]
fn embedded_structs_become_rows_of_their_own_and_leave_their_ids() {
    let mut cache = Cache::new(larder::registry![Artist, Song].unwrap(), Config::default());
    for query in [json!({"from": Song::NAME}), json!({"from": Artist::NAME})] {
        cache.mount(&Query::parse(query.to_string()).unwrap()).result.unwrap();
    }

    let first =
        Song { id: 1, artist: Some(Box::new(artist("Air"))), guests: vec![artist("Beck"), artist("Air")] };
    let mut shown = arrives(&mut cache, &first);
    shown.sort_by_key(Value::to_string);
    let mut expected = [
        json!({"id": 1, "artist": "Air", "guests": ["Beck", "Air"]}),
        json!({"name": "Air", "country": "FR"}),
        json!({"name": "Beck", "country": "FR"}),
    ];
    expected.sort_by_key(Value::to_string);
    assert_eq!(shown, expected);

    let later = Song { id: 1, artist: None, guests: vec![artist("Air")] };
    let united = json!({"id": 1, "artist": null, "guests": ["Beck", "Air"]});
    assert_eq!(arrives(&mut cache, &later), [united], "the artists are as they were");
}

#[test]
fn what_is_embedded_is_included_both_ways() {
    let mut cache = Cache::new(larder::registry![Artist, Song].unwrap(), Config::default());
    let song = Song { id: 1, artist: Some(Box::new(artist("Air"))), guests: Vec::new() };
    arrives(&mut cache, &song);
    let query = json!({"from": Artist::NAME, "include": {"songs": {"include": {"artist": true}}}});
    let mounted = cache.mount(&Query::parse(query.to_string()).unwrap());
    mounted.result.unwrap();
    let mut shown: Vec<Value> = rows(mounted.patch);
    shown.sort_by_key(Value::to_string);
    let mut expected =
        [json!({"name": "Air", "country": "FR"}), json!({"id": 1, "artist": "Air", "guests": []})];
    expected.sort_by_key(Value::to_string);
    assert_eq!(shown, expected, "each row once, whatever shows it");
}
