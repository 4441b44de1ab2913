//! `bench`: Larder beside plain JavaScript in Node, or in pages of Chromium, and, with `--peers`, beside other libraries, as ratios of one run. Time on
//! its own says more about the machine.

mod instructions;

use crate::command::{self, Finished, program};
use crate::steps::Steps;
use crate::{browser, npm, size, swift, wasm, web, workspace};
use anyhow::{Context, bail};
use pico_args::Arguments;
use std::process::Command;

/// Options with a value that the suite gets as they are.
const PASSED_ON: &[&str] = &["--only", "--rows", "--rounds", "--contenders"];

/// `cargo xtask bench`.
pub fn run(steps: &mut Steps, mut args: Arguments) -> anyhow::Result<()> {
    if args.contains("--swift") {
        workspace::finish(args)?;
        return swift::bench::run(steps);
    }
    if args.contains("--instructions") {
        let saves = args.contains("--save");
        workspace::finish(args)?;
        return instructions::run(steps, saves);
    }
    if args.contains("--native") {
        workspace::finish(args)?;
        return native(steps);
    }
    if args.contains("--sync") {
        let quick = args.contains("--quick");
        workspace::finish(args)?;
        return sync(steps, quick);
    }
    let is_in_chromium = args.contains("--chromium");
    let peers = args.contains("--peers") || is_in_chromium;
    let mut suite = program("node");
    suite.arg("bench/suite.mjs");
    for flag in PASSED_ON {
        if let Some(value) = args.opt_value_from_str::<_, String>(*flag)? {
            suite.args([*flag, &value]);
        }
    }
    if args.contains("--quick") {
        suite.arg("--quick");
    }
    workspace::finish(args)?;
    npm::install(steps)?;
    if peers {
        install_peers(steps)?;
        suite.arg("--peers");
    }
    wasm::build(steps, None)?;
    web::build_packages(steps)?;
    if is_in_chromium {
        return measure_in_chromium(steps, suite);
    }
    if peers {
        let files = size::of_files(steps)?;
        let gzipped = |is_script: bool| -> usize {
            let some = files.iter().filter(|file| file.is_at_once && file.name.ends_with(".js") == is_script);
            some.map(|file| file.gzipped).sum()
        };
        suite.args(["--sizes", &format!("{},{}", gzipped(false), gzipped(true))]);
    }
    steps.run("measure (what else runs on this machine disturbs it)", || measure(&mut suite))
}

/// The same in pages, and how they start with what is stored.
fn measure_in_chromium(steps: &mut Steps, mut suite: Command) -> anyhow::Result<()> {
    let browser = browser::ensure(steps)?;
    suite.arg("--chromium").env("CHROME", &browser);
    steps.run("measure in Chromium (what else runs on this machine disturbs it)", || measure(&mut suite))
}

/// What a storage costs, natively.
fn native(steps: &mut Steps) -> anyhow::Result<()> {
    steps.run("compile the native benchmark", || {
        command::quiet(command::cargo().args(["build", "--locked", "--release", "-p", "larder-bench"]))
    })?;
    let program_path = workspace::target().join("release").join("larder-bench");
    steps.run("measure (what else runs on this machine disturbs it)", || measure(&mut program(&program_path)))
}

/// Engines that hold one library together.
fn sync(steps: &mut Steps, quick: bool) -> anyhow::Result<()> {
    let bench = || {
        let mut bench = command::cargo();
        bench.args(["bench", "--locked", "--package", "larder-engine", "--bench", "together"]);
        bench
    };
    steps.run("compile the benchmark of engines", || command::quiet(bench().arg("--no-run")))?;
    let mut measured = bench();
    measured.args(["--quiet", "--"]).args(quick.then_some("--quick"));
    steps.run("measure (what else runs on this machine disturbs it)", || measure(&mut measured))
}

/// The other libraries are no part of the workspace: whoever only builds Larder need not download them.
fn install_peers(steps: &mut Steps) -> anyhow::Result<()> {
    let stamp = workspace::path("bench/node_modules/.larder-lock");
    let lock = workspace::path("bench/package-lock.json");
    let wanted = std::fs::read(lock).context("cannot read bench/package-lock.json")?;
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        steps.skip("npm packages of bench/package-lock.json", "installed");
        return Ok(());
    }
    steps.run("install the other libraries: bench/package-lock.json (460 MB)", || {
        // None of their scripts is needed; Zero's would compile SQLite for its server.
        let mut npm = program("npm");
        npm.args(["ci", "--prefix", "bench", "--ignore-scripts", "--no-audit", "--no-fund"]);
        command::quiet(&mut npm)?;
        Ok(std::fs::write(&stamp, wanted)?)
    })
}

fn measure(suite: &mut Command) -> anyhow::Result<()> {
    let Finished { status, .. } = command::open(suite)?;
    if !status.success() {
        bail!("{}", command::failure(suite, status));
    }
    Ok(())
}
