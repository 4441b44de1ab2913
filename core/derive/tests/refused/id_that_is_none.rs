//! The id may be null, or is an array.

use larder::Resource;

#[derive(Resource)]
struct MayBeNull {
    id: Option<String>,
}

#[derive(Resource)]
struct List {
    #[resource(id)]
    path: Vec<String>,
}

fn main() {}
