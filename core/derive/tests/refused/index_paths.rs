//! Paths to index that lead out of their field, or nowhere.

use larder::Resource;

#[derive(Resource)]
struct Photo {
    id: String,
    #[resource(index = "width")]
    meta: Meta,
    #[resource(index = "size.")]
    size: Meta,
    #[resource(index, index)]
    name: String,
}

struct Meta {
    width: u32,
}

fn main() {}
