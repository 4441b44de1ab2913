//! Relations that are none.

use larder::Resource;

#[derive(Resource)]
struct OneOfMany {
    id: String,
    #[resource(one = "tag", as = "tags")]
    tag_ids: Vec<String>,
}

#[derive(Resource)]
struct ManyOfOne {
    id: String,
    #[resource(many = "tag")]
    tag_id: Option<String>,
}

#[derive(Resource)]
struct NoName {
    id: String,
    #[resource(many = "tag")]
    tag_ids: Vec<String>,
}

#[derive(Resource)]
struct SameName {
    id: String,
    #[resource(one = "tag")]
    tag_id: String,
    #[resource(one = "tag", as = "tag")]
    label: String,
}

#[derive(Resource)]
struct NameOnly {
    id: String,
    #[resource(as = "tag")]
    tag_id: String,
}

#[derive(Resource)]
struct OneAndMany {
    id: String,
    #[resource(one = "tag", many = "tag", as = "tags")]
    tag_ids: Vec<String>,
}

fn main() {}
