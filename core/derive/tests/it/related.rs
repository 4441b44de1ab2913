//! Relations to structs, embedded or the other way round.

use larder::Resource;
use larder::registry::{FieldMerge, RelationKind, ResourceType};

#[derive(serde::Serialize, Resource)]
struct Person {
    id: String,
}

#[derive(serde::Serialize, Resource)]
#[serde(rename_all = "camelCase")]
#[resource(reverse(sub_albums, many = Album, field = "parentAlbumId"))]
#[resource(reverse(r#type, one = "person", field = "album"))]
struct Album {
    id: String,
    #[resource(one = Album)]
    parent_album_id: Option<String>,
    #[resource(many = self::Person, as = "artists")]
    artist_ids: Vec<String>,
    #[resource(embedded)]
    cover_photo: Option<Box<Person>>,
    #[resource(embedded, merge = "union")]
    guests: Vec<Person>,
    #[serde(rename = "boss")]
    #[resource(embedded)]
    owner: Person,
}

#[test]
fn relations_lead_to_structs_by_their_names_as_resources() {
    let expected = ResourceType::new("album")
        .relation("parentAlbum", RelationKind::One, "album", "parentAlbumId")
        .relation("artists", RelationKind::Many, "person", "artistIds")
        .embedded("coverPhoto", RelationKind::One, "person")
        .embedded("guests", RelationKind::Many, "person")
        .merge_field("guests", FieldMerge::Union)
        .embedded("boss", RelationKind::One, "person")
        .reverse("subAlbums", RelationKind::Many, "album", "parentAlbumId")
        .reverse("type", RelationKind::One, "person", "album");
    assert_eq!(Album::resource_type(), expected);
    larder::registry![Album, Person].unwrap();
}
