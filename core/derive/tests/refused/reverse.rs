//! Relations the other way round that lack something.

use larder::Resource;

#[derive(Resource)]
#[resource(reverse)]
struct Bare {
    id: String,
}

#[derive(Resource)]
#[resource(reverse(many = File, field = "parent_id"))]
struct NoName {
    id: String,
}

#[derive(Resource)]
#[resource(reverse(children, field = "parent_id"))]
struct NoType {
    id: String,
}

#[derive(Resource)]
#[resource(reverse(children, many = "file"))]
struct NoField {
    id: String,
}

#[derive(Resource)]
#[resource(reverse(children, many = "file", field = "parent_id", by = "name"))]
struct Unknown {
    id: String,
}

#[derive(Resource)]
#[resource(reverse(children, one = "file", many = "file", field = "parent_id"))]
struct OneAndMany {
    id: String,
}

#[derive(Resource)]
#[resource(reverse(children, many = 4, field = "parent_id"))]
struct NoTarget {
    id: String,
}

#[derive(Resource)]
#[resource(reverse(parent, many = "file", field = "child_id"))]
struct SameName {
    id: String,
    #[resource(one = "file")]
    parent_id: String,
}

fn main() {}
