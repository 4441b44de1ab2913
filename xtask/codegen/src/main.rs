//! `xtask-codegen [--check]`: writes the TypeScript of the wire and API types, or compares it with what is there.

mod api;
mod graph;
mod readonly;
mod schema;

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

const TYPES: &str = "bindings-ts/packages/client/src/generated.ts";

fn main() -> anyhow::Result<()> {
    let check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => bail!("unexpected argument `{other}`; usage: xtask-codegen [--check]"),
    };
    let file = in_repository(TYPES);
    let wanted = api::typescript()?;
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    match (there == wanted, check) {
        (true, _) => println!("{TYPES} is up to date"),
        (false, false) => {
            std::fs::write(&file, wanted).with_context(|| format!("cannot write {}", file.display()))?;
            println!("{TYPES} is written");
        }
        (false, true) => {
            bail!("{TYPES} is not what the Rust types say; run `cargo xtask codegen` and commit the result")
        }
    }
    schema::keep(!check)
}

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
