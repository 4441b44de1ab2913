//! Two fields are the id.

use larder::Resource;

#[derive(Resource)]
struct File {
    #[resource(id)]
    uuid: String,
    #[resource(id)]
    path: String,
}

fn main() {}
