//! Versions that are none.

use larder::Resource;

#[derive(Resource)]
struct TwoVersions {
    id: String,
    #[resource(version)]
    revision: u64,
    #[resource(version)]
    generation: u64,
}

#[derive(Resource)]
struct VersionIsId {
    #[resource(version)]
    id: u64,
}

#[derive(Resource)]
struct VersionIsText {
    id: u64,
    #[resource(version)]
    modified_at: String,
}

fn main() {}
