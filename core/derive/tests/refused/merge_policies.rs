//! Policies that are none, and unions of what is no list.

use larder::Resource;

#[derive(Resource)]
#[resource(merge = "union")]
struct UnionOfRows {
    id: String,
}

#[derive(Resource)]
struct Unknown {
    id: String,
    #[resource(merge = "append")]
    tags: Vec<String>,
}

#[derive(Resource)]
struct UnionOfText {
    id: String,
    #[resource(merge = "union")]
    name: String,
    #[resource(merge = "union")]
    size: Option<u64>,
}

fn main() {}
