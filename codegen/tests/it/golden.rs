//! The generated code of the fixture, as reviewed files.

use crate::fixture;
use larder_codegen::{Schema, SwiftOptions};
use std::path::{Path, PathBuf};

/// Whether the files are written anew, to be reviewed: `LARDER_UPDATE_GOLDEN=1 cargo test -p larder-codegen`.
fn writes() -> bool {
    std::env::var_os("LARDER_UPDATE_GOLDEN").is_some()
}

/// A file that the TypeScript tests compile.
pub fn in_typescript_tests(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/typescript").join(name)
}

/// A file that the Swift tests compile.
pub fn in_swift_tests(name: &str) -> PathBuf {
    let tests = "../bindings-swift/Tests/LarderCodegenTests/Generated";
    Path::new(env!("CARGO_MANIFEST_DIR")).join(tests).join(name)
}

pub fn keep_typescript(schema: &Schema, path: &Path) {
    if writes() {
        schema.write_typescript(path).unwrap();
    }
    schema.check_typescript(path).unwrap();
}

pub fn keep_swift(schema: &Schema, path: &Path, options: &SwiftOptions) {
    if writes() {
        schema.write_swift(path, options).unwrap();
    }
    schema.check_swift(path, options).unwrap();
}

#[test]
fn typescript_of_everything_is_as_reviewed() {
    keep_typescript(&fixture::library().unwrap(), &in_typescript_tests("photos/generated.ts"));
}

#[test]
fn swift_of_everything_is_as_reviewed() {
    let options = SwiftOptions::new().registry_name("Photos").rename("Event", "PhotoEvent");
    keep_swift(&fixture::library().unwrap(), &in_swift_tests("Photos.swift"), &options);
}
