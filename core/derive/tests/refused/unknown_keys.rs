//! Keys that are none, or come twice.

use larder::Resource;

#[derive(Resource)]
#[resource(table = "files")]
struct OnStruct {
    id: String,
}

#[derive(Resource)]
struct OnFields {
    #[resource(primary)]
    id: String,
    #[resource(ttl = "1h")]
    name: String,
}

#[derive(Resource)]
#[resource(name = "a", name = "b")]
struct Twice {
    id: String,
}

#[derive(Resource)]
#[resource(name = "")]
struct Empty {
    id: String,
}

#[derive(Resource)]
#[resource]
struct Nothing {
    id: String,
}

fn main() {}
