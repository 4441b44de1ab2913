//! No field is the id.

use larder::Resource;

#[derive(Resource)]
struct File {
    path: String,
}

fn main() {}
