//! `xtask-codegen [--check]`: writes the TypeScript of the wire and API types, and the file library in TypeScript and Swift, or
//! compares them with what is there.

mod api;
mod graph;
mod library;
mod readonly;
mod schema;

use anyhow::{Context, bail, ensure};
use std::path::{Path, PathBuf};

const TYPES: &str = "bindings-ts/packages/client/src/generated.ts";

fn main() -> anyhow::Result<()> {
    let check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => bail!("unexpected argument `{other}`; usage: xtask-codegen [--check]"),
    };
    keep_types(!check)?;
    library::keep(!check)?;
    schema::keep(!check)
}

/// Writes the types if they are not what they should be, or fails on it.
fn keep_types(write: bool) -> anyhow::Result<()> {
    let file = in_repository(TYPES);
    let wanted = api::typescript()?;
    if std::fs::read_to_string(&file).is_ok_and(|there| there == wanted) {
        println!("{TYPES} is up to date");
        return Ok(());
    }
    ensure!(write, "{TYPES} is not what the Rust types say; run `cargo xtask codegen` and commit the result");
    std::fs::write(&file, wanted).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{TYPES} is written");
    Ok(())
}

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_types_in_the_repository_are_those_of_the_rust_sources() {
        super::keep_types(false).unwrap();
    }
}
