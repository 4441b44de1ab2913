//! The resource types of the file library, for the examples and the tests in other languages.

use crate::in_repository;
use anyhow::Context;
use larder_codegen::{CodegenError, Schema, SwiftOptions, schema};
use larder_library::{Album, Conflict, ContentIdentity, Device, File, Job, Location, Tag, Volume};

const TYPESCRIPT: &[&str] = &["examples/explorer/src/resource/library.ts"];
const SWIFT: &[&str] = &[
    "bindings-swift/Tests/LarderTests/Generated/Library.swift",
    "examples/explorer-swift/Sources/Library/Library.swift",
];

/// Writes the files that are not what they should be, or fails on the first of them.
pub fn keep(write: bool) -> anyhow::Result<()> {
    let schema = library()?;
    let options = SwiftOptions::new();
    for path in TYPESCRIPT {
        let file = in_repository(path);
        let check = || schema.check_typescript(&file).map(|()| false);
        report(path, if write { schema.write_typescript(&file) } else { check() })?;
    }
    for path in SWIFT {
        let file = in_repository(path);
        let check = || schema.check_swift(&file, &options).map(|()| false);
        report(path, if write { schema.write_swift(&file, &options) } else { check() })?;
    }
    Ok(())
}

/// In the order of `larder_library::registry`.
fn library() -> Result<Schema, CodegenError> {
    schema![File, Tag, Location, Device, Volume, ContentIdentity, Album, Conflict, Job]
}

fn report(path: &str, outcome: Result<bool, CodegenError>) -> anyhow::Result<()> {
    let is_new = outcome.context("run `cargo xtask codegen` and commit the result")?;
    println!("{path} is {}", if is_new { "written" } else { "up to date" });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_in_the_repository_is_that_of_the_rust_sources() {
        keep(false).unwrap();
    }

    #[test]
    fn the_types_are_those_of_the_library_and_in_its_order() {
        let registry = larder_library::registry();
        let declared: Vec<&str> = registry.types().iter().map(|resource| resource.name.as_str()).collect();
        let schema = library().unwrap();
        let generated: Vec<&str> =
            schema.registry().types().iter().map(|resource| resource.name.as_str()).collect();
        assert_eq!(generated, declared);
    }
}
