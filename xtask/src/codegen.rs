//! `codegen`: the TypeScript of the wire and API types, and the resource types of the examples in TypeScript and Swift, from
//! their Rust definitions.
//!
//! The work is done by the program `xtask-codegen`, because it compiles the core and the exporter. Its tests, which are part
//! of `cargo xtask test`, fail when the types in the repository are not those of the Rust sources.

use crate::command::{self, cargo};
use crate::steps::Steps;
use crate::workspace;
use pico_args::Arguments;

/// `cargo xtask codegen`.
pub fn run(steps: &mut Steps, mut args: Arguments) -> anyhow::Result<()> {
    let check = args.contains("--check");
    workspace::finish(args)?;
    let title = if check { "compare the generated types" } else { "generate the TypeScript and Swift types" };
    steps.run(title, || {
        let mut codegen = cargo();
        codegen
            .args(["run", "--quiet", "--locked", "--package", "xtask-codegen", "--"])
            .args(check.then_some("--check"));
        print!("{}", command::quiet(&mut codegen)?);
        Ok(())
    })
}
