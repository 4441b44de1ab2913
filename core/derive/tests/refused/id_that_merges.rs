//! The id has a merge policy.

use larder::Resource;

#[derive(Resource)]
struct File {
    #[resource(merge = "deep")]
    id: String,
}

fn main() {}
