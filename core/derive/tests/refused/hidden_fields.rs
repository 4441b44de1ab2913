//! Fields that serde writes under no name of their own.

use larder::Resource;

#[derive(serde::Serialize, Resource)]
struct File {
    id: String,
    #[serde(skip)]
    #[resource(version)]
    version: u64,
    #[serde(flatten)]
    #[resource(merge = "replace")]
    more: std::collections::BTreeMap<String, String>,
}

fn main() {}
