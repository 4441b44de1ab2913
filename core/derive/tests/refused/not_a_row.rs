//! What is no struct with named fields and without parameters.

use larder::Resource;

#[derive(Resource)]
enum Choice {
    File,
    Folder,
}

#[derive(Resource)]
struct Pair(String, u64);

#[derive(Resource)]
struct Unit;

#[derive(Resource)]
struct Page<T> {
    id: String,
    items: Vec<T>,
}

#[derive(Resource)]
struct Borrowed<'a> {
    id: &'a str,
}

fn main() {}
