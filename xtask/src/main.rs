//! `cargo xtask <command>`: the one way to set up, run, test and measure this repository.
//!
//! Each command is one file. All of them run their parts as [`steps`], so that every command says in one line what it
//! is doing, skips what is already there, and ends with the seconds each part took.

mod bench;
mod codegen;
mod demo;
mod fuzz;
mod size;
mod swift;
mod test;
mod tidy;

mod browser;
mod engine;
mod npm;
mod wasm;
mod web;

mod apt;
mod command;
mod gzip;
mod stamp;
mod steps;
mod workspace;

use anyhow::bail;
use pico_args::Arguments;
use std::process::ExitCode;
use steps::Steps;

const HELP: &str = "\
Usage: cargo xtask <command>

  demo [folder]      show a folder in the browser, live (default: this repository)
                       --devices <n>    instead, so many engines that hold one library, each with a folder of its own
                       --port <n>       listen there (default: where it was last time, or any free port)
                       --no-open        only print the address
                       --release        an engine that is slower to compile and faster to run
  test               everything that must hold, from nothing
                       --only <part>    one part of it
  ci                 the same, on a machine that nobody watches
  wasm               build the browser module into bindings-ts/packages/client/wasm
                       --toolchain rustup|debian   with this Rust (default: the one that is there)
  swift              build the Swift package; installs Swift 6 where there is none
                       --release        with a library that is slower to compile and faster to run
                       --xcframework    what Apple's tools need; on other systems than a Mac, the library for iOS only
  codegen            generate the TypeScript and Swift types from the Rust types
                       --check          only compare them
  bench              Larder beside plain JavaScript, as ratios
                       --peers          and beside other libraries, into bench/RESULTS.md
                       --chromium       in pages of Chromium, all of them, and warm starts there
                       --instructions   instructions of the hot paths, against bench/INSTRUCTIONS.md
                       --save           … and write them there
                       --native         what a storage costs, natively
                       --swift          in Swift instead, beside a store written by hand
                       --sync           several engines that hold one library together, instead
                       --only <W1,W3>   these workloads
                       --rows <numbers> with so many rows (default: 1000,10000,100000)
                       --quick          see only that all of it works
  fuzz [fuzzer]      look for inputs that break the cache: all fuzzers, or one
                       --seconds <n>    each for so long (default: 60)
  size               what an app downloads for Larder
  tidy               check the rules of the house
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
        Some("demo") => demo::run(steps, args),
        Some("test") => test::run(steps, args),
        Some("ci") => test::run_unattended(steps, args),
        Some("wasm") => wasm::run(steps, args),
        Some("swift") => swift::run(steps, args),
        Some("codegen") => codegen::run(steps, args),
        Some("bench") => bench::run(steps, args),
        Some("fuzz") => fuzz::run(steps, args),
        Some("size") => size::run(steps, args),
        Some("tidy") => tidy::run(steps, args),
        Some("help") | None => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => bail!("there is no command `{other}`; see `cargo xtask help`"),
    }
}
