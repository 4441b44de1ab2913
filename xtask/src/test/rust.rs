//! The Rust parts of the tests.
//!
//! All of them build the same set of packages: with another set, cargo would choose other features for the dependencies
//! and compile them once more.

use super::tally::Tally;
use crate::command::{self, Finished, cargo, program};
use crate::steps::Steps;
use crate::workspace;
use anyhow::bail;
use std::path::PathBuf;
use std::process::Command;

/// Without the program that `wasm` compiles on its own.
const PACKAGES: &[&str] = &["--locked", "--workspace", "--exclude=xtask-bindgen"];
/// Everything but the documentation. An integration test brings the program that it runs.
const TARGETS: &[&str] = &["--lib", "--bins", "--tests"];

/// Whether the sources are formatted.
pub fn format(steps: &mut Steps) -> anyhow::Result<()> {
    component(steps, "rustfmt", "fmt")?;
    steps.run("check the formatting", || {
        command::quiet(cargo().args(["fmt", "--all", "--check"]))?;
        Ok(())
    })
}

/// Whether the linter is content, about every package and every target.
pub fn clippy(steps: &mut Steps) -> anyhow::Result<()> {
    component(steps, "clippy", "clippy")?;
    steps.run("lint with clippy, warnings denied", || {
        for packages in [PACKAGES, &["--locked", "--package=xtask-bindgen"]] {
            command::quiet(cargo().arg("clippy").args(packages).args([
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]))?;
        }
        Ok(())
    })
}

/// Compiles the tests and the programs that they run, and says where the engine is.
pub fn build(steps: &mut Steps) -> anyhow::Result<PathBuf> {
    steps.run("compile the Rust tests", || {
        command::quiet(cargo().args(["test", "--no-run"]).args(TARGETS).args(PACKAGES))?;
        Ok(workspace::target().join("debug").join(format!("larder-engine{}", std::env::consts::EXE_SUFFIX)))
    })
}

/// Unit, property and integration tests.
pub fn test(steps: &mut Steps, tally: &mut Tally) -> anyhow::Result<()> {
    build(steps)?;
    steps.run("run the Rust tests", || {
        count(cargo().args(["test", "--no-fail-fast"]).args(TARGETS).args(PACKAGES), tally)
    })
}

/// Live results and what the oracle says, after ten thousand random stories each.
pub fn agree(steps: &mut Steps, tally: &mut Tally) -> anyhow::Result<()> {
    at_length(
        steps,
        tally,
        "compare live results with the oracle, 10,000 times over",
        &["live_results_equal_the_oracle", "rows_show_what_a_naive_look"],
        ("PROPTEST_CASES", 10_000),
    )
}

/// Caches and a backend in a world in which everything goes wrong, ten thousand times over.
pub fn simulate(steps: &mut Steps, tally: &mut Tally) -> anyhow::Result<()> {
    at_length(
        steps,
        tally,
        "simulate 10,000 worlds of caches and a backend",
        &["whatever_happens_nothing_is_lost"],
        ("LARDER_SIMULATION_SEEDS", 10_000),
    )
}

/// Two thousand stories of devices that hold a library together.
pub fn simulate_devices(steps: &mut Steps, tally: &mut Tally) -> anyhow::Result<()> {
    at_length(
        steps,
        tally,
        "simulate 2,000 libraries on several devices",
        &["whatever_happens_all_devices"],
        ("LARDER_SIMULATION_SEEDS", 2_000),
    )
}

/// Some tests once more, more often than usual: a variable of the environment says how often.
fn at_length(
    steps: &mut Steps,
    tally: &mut Tally,
    title: &str,
    tests: &[&str],
    (variable, times): (&str, u32),
) -> anyhow::Result<()> {
    build(steps)?;
    steps.run(title, || {
        let mut command = cargo();
        command
            .env(variable, times.to_string())
            .arg("test")
            .args(TARGETS)
            .args(PACKAGES)
            .arg("--")
            .args(tests);
        count(&mut command, tally)
    })
}

/// The examples in the documentation.
pub fn test_documentation(steps: &mut Steps, tally: &mut Tally) -> anyhow::Result<()> {
    steps.run("run the examples of the Rust documentation", || {
        count(cargo().args(["test", "--no-fail-fast", "--doc"]).args(PACKAGES), tally)
    })
}

fn count(tests: &mut Command, tally: &mut Tally) -> anyhow::Result<()> {
    let Finished { output, status } = command::open(tests)?;
    tally.add_cargo(&output);
    if !status.success() {
        bail!("{}", command::failure(tests, status));
    }
    Ok(())
}

/// Adds a part of the Rust toolchain that a minimal installation lacks.
fn component(steps: &mut Steps, component: &str, subcommand: &str) -> anyhow::Result<()> {
    if cargo().args([subcommand, "--version"]).output().is_ok_and(|version| version.status.success()) {
        return Ok(());
    }
    steps.run(&format!("add {component} to rustup"), || {
        command::quiet(program("rustup").args(["component", "add", component]))?;
        Ok(())
    })
}
