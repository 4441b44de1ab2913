//! `cargo xtask <command>`: the one way to set up, run, test and measure this repository.
//!
//! Each command is one file. All of them run their parts as [`steps`], so that every command says in one line what it
//! is doing, skips what is already there, and ends with the seconds each part took.

mod command;
mod gzip;
mod steps;
mod workspace;

mod apt;
mod npm;
mod wasm;

use anyhow::bail;
use pico_args::Arguments;
use std::process::ExitCode;
use steps::Steps;

const HELP: &str = "\
Usage: cargo xtask <command>

  wasm               build the browser module into bindings-ts/packages/client/wasm
                     --toolchain rustup|debian   which Rust to build it with (default: what is there)
  help               this text
";

fn main() -> ExitCode {
    let mut steps = Steps::new();
    let outcome = run(&mut steps);
    steps.summary();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(steps: &mut Steps) -> anyhow::Result<()> {
    let mut args = Arguments::from_env();
    match args.subcommand()?.as_deref() {
        Some("wasm") => wasm::run(steps, args),
        Some("help") | None => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => bail!("there is no command `{other}`; see `cargo xtask help`"),
    }
}
