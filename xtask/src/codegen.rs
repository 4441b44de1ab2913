//! `codegen`: the TypeScript of the wire and API types, from their Rust definitions.
//!
//! The work is done by the program `xtask-codegen`, because it compiles the core and the exporter.

use crate::command::{self, cargo, program};
use crate::steps::Steps;
use crate::workspace;
use pico_args::Arguments;
use std::path::Path;

/// `cargo xtask codegen`.
pub fn run(steps: &mut Steps, mut args: Arguments) -> anyhow::Result<()> {
    let check = args.contains("--check");
    workspace::finish(args)?;
    let title = if check { "compare the generated types" } else { "generate the TypeScript types" };
    steps.run(title, || {
        let mut codegen = cargo();
        codegen
            .args(["run", "--quiet", "--locked", "--package", "xtask-codegen", "--"])
            .args(check.then_some("--check"));
        print!("{}", command::quiet(&mut codegen)?);
        Ok(())
    })
}

/// Fails when the types in the repository are not those of the Rust sources; `codegen` is the compiled program.
pub fn check(steps: &mut Steps, codegen: &Path) -> anyhow::Result<()> {
    steps.run("compare the generated types", || {
        command::quiet(program(codegen).arg("--check"))?;
        Ok(())
    })
}
