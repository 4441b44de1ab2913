//! `fuzz`: the fuzzers of `fuzz/`, with the compiler that is there. LLVM's pass for coverage and libFuzzer are all that they need; there is
//! no unsafe code in the core for sanitizers to look at.

use crate::steps::Steps;
use crate::{command, workspace};
use anyhow::{Context, bail};
use pico_args::Arguments;
use std::path::{Path, PathBuf};

/// What is fed to the cache, each a program of `fuzz/fuzz_targets`.
const TARGETS: &[&str] = &["events", "frames", "persisted", "query", "ivm"];

/// What cargo-fuzz would pass, without the sanitizers.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// `cargo xtask fuzz`.
pub fn run(steps: &mut Steps, mut args: Arguments) -> anyhow::Result<()> {
    let seconds = args.opt_value_from_str("--seconds")?.unwrap_or(60);
    let only: Option<String> = args.opt_free_from_str()?;
    workspace::finish(args)?;
    let targets = match &only {
        None => TARGETS,
        Some(name) => std::slice::from_ref(
            TARGETS
                .iter()
                .find(|target| *target == name)
                .with_context(|| format!("there is no fuzzer `{name}`; there are {}", TARGETS.join(", ")))?,
        ),
    };
    run_all(steps, targets, seconds, "0")
}

/// A few seconds of each, with the same seed every time: what was found before, and what comes first.
pub fn test(steps: &mut Steps) -> anyhow::Result<()> {
    run_all(steps, TARGETS, 8, "1")
}

fn run_all(steps: &mut Steps, targets: &[&str], seconds: u32, seed: &str) -> anyhow::Result<()> {
    let programs = build(steps)?;
    for target in targets {
        let executions = steps
            .run(&format!("fuzz `{target}` for {seconds} s"), || fuzz(&programs, target, seconds, seed))?;
        println!("    {executions} executions");
    }
    Ok(())
}

/// Compiles the fuzzers; returns where they are.
fn build(steps: &mut Steps) -> anyhow::Result<PathBuf> {
    let host = command::quiet(command::program("rustc").arg("-vV"))?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let target = workspace::target().join("fuzz");
    steps.run("compile the fuzzers", || {
        // Not `--locked`: what the core depends on is locked beside it. With `--target`, the flags are not for build scripts and macros.
        let mut cargo = command::cargo();
        cargo.args([
            "build",
            "--locked",
            "--release",
            "--manifest-path",
            "fuzz/Cargo.toml",
            "--target",
            host,
        ]);
        cargo.env("RUSTFLAGS", FLAGS).env("CARGO_TARGET_DIR", &target);
        command::quiet(&mut cargo)
    })?;
    Ok(target.join(host).join("release"))
}

/// Runs one fuzzer; what it has learnt stays in the target folder, and what it has found is to be looked at.
fn fuzz(programs: &Path, target: &str, seconds: u32, seed: &str) -> anyhow::Result<u64> {
    let folder = |name: &str| -> anyhow::Result<PathBuf> {
        let folder = workspace::target().join("fuzz").join(name).join(target);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    };
    let (corpus, seeds, artifacts) = (folder("corpus")?, folder("seeds")?, folder("artifacts")?);
    let mut fuzzer = command::program(programs.join(target));
    fuzzer.env("LARDER_SEEDS", &seeds).args([&corpus, &seeds]);
    let found = workspace::path("fuzz/found").join(target);
    if found.is_dir() {
        fuzzer.arg(found);
    }
    fuzzer.args([
        &format!("-max_total_time={seconds}"),
        &format!("-seed={seed}"),
        &format!("-artifact_prefix={}/", artifacts.display()),
        &format!("-dict={}", workspace::path("fuzz/json.dict").display()),
        "-max_len=2048",
        "-timeout=20",
        "-verbosity=0",
        "-print_final_stats=1",
    ]);
    let output = command::quiet(&mut fuzzer).with_context(|| {
        format!("what it found is in {}; run the program with it to see it again", artifacts.display())
    })?;
    let count = output.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    match count.and_then(|count| count.trim().parse().ok()) {
        Some(count) => Ok(count),
        None => bail!("the fuzzer does not say what it did:\n{output}"),
    }
}
