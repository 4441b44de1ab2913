//! What is no resource cannot be embedded, and what is embedded has no other name.

use larder::Resource;
use std::collections::BTreeMap;

#[derive(Resource)]
struct Tag {
    id: String,
}

#[derive(Resource)]
struct Ids {
    id: String,
    #[resource(embedded)]
    tags: Vec<String>,
}

#[derive(Resource)]
struct ByName {
    id: String,
    #[resource(embedded)]
    tags: BTreeMap<String, Tag>,
}

#[derive(Resource)]
struct Named {
    id: String,
    #[resource(embedded, as = "labels")]
    tags: Vec<Tag>,
}

#[derive(Resource)]
struct SaidTwice {
    id: String,
    #[resource(embedded, many = "tag")]
    tags: Vec<Tag>,
}

#[derive(Resource)]
struct Merged {
    id: String,
    #[resource(embedded, merge = "deep")]
    tag: Option<Tag>,
}

#[derive(Resource)]
struct Id {
    #[resource(id, embedded)]
    tag: Tag,
}

fn main() {}
