//! `swift`: the Swift package, from the Rust crate to a package that compiles.
//!
//! compile the library → write Swift's side of it → compile the package. With `--xcframework`, what Apple's tools need instead.

mod apple;
pub mod bench;
mod client;
mod links;
mod swiftui;
mod toolchain;

use crate::command::{self, Finished, cargo, exists, program};
use crate::steps::Steps;
use crate::test::tally::Tally;
use crate::workspace;
use anyhow::{Context, bail};
use pico_args::Arguments;
use std::path::{Path, PathBuf};
use std::process::Command;
use toolchain::Toolchain;

const CRATE: &str = "larder-swift";
const LIBRARY: &str = "liblarder_swift.a";
/// A fault of Linux toolchains: whatever imports Observation does not link otherwise.
const LINKING: &[&str] = &["-Xlinker", "--allow-shlib-undefined"];

/// `cargo xtask swift`.
pub fn run(steps: &mut Steps, mut args: Arguments) -> anyhow::Result<()> {
    let release = args.contains("--release");
    let xcframework = args.contains("--xcframework");
    workspace::finish(args)?;
    if xcframework {
        return apple::run(steps);
    }
    let toolchain = prepare(steps, release)?;
    build(steps, &toolchain, &package(), release, None)?;
    let client = client::compile(steps, &toolchain, release)?;
    steps.summary();
    println!("\nA client to try it with: {} \"ws://127.0.0.1:4600/ws?token=dev\" --watch", client.display());
    Ok(())
}

/// The Swift client of the examples; none on a machine that can have no Swift, which is said.
pub fn client(steps: &mut Steps) -> anyhow::Result<Option<PathBuf>> {
    if !toolchain::is_possible() {
        eprintln!(
            "WARNING: this machine can have no Swift, so NOTHING IS TESTED between a page and a Swift client"
        );
        return Ok(None);
    }
    let toolchain = prepare(steps, false)?;
    client::compile(steps, &toolchain, false).map(Some)
}

/// Where the package is.
fn package() -> PathBuf {
    workspace::path("bindings-swift")
}

fn generated() -> PathBuf {
    package().join("generated")
}

/// Compiles the library and writes Swift's side of it.
fn prepare(steps: &mut Steps, release: bool) -> anyhow::Result<Toolchain> {
    let toolchain = toolchain::ensure(steps)?;
    let library = steps.run(&format!("compile {CRATE} for the Swift package"), || compile(release))?;
    steps.run("write Swift's side of it", || write_glue(&library))?;
    Ok(toolchain)
}

fn compile(release: bool) -> anyhow::Result<PathBuf> {
    let (profile, folder) = if release { ("release", "release") } else { ("dev", "debug") };
    let mut build = cargo();
    build.args(["rustc", "--locked", "--package", CRATE, "--lib", "--crate-type=staticlib"]);
    command::quiet(build.args(["--features=testing", "--profile", profile]))?;
    Ok(workspace::target().join(folder).join(LIBRARY))
}

fn write_glue(library: &Path) -> anyhow::Result<()> {
    let glue = workspace::target().join("swift-glue");
    for (name, headers) in [("LarderCore", false), ("LarderFFI", true)] {
        let folder = glue.join(name);
        bind(library, &folder, headers)?;
        copy_changed(&folder, &generated().join(name))?;
    }
    // The linker is quicker without what only debuggers read.
    let stripped = glue.join(LIBRARY);
    if exists("strip") && cfg!(target_os = "linux") {
        command::quiet(program("strip").arg("--strip-debug").arg("-o").arg(&stripped).arg(library))?;
    } else {
        std::fs::copy(library, &stripped).context("cannot copy the library")?;
    }
    copy_file(&stripped, &generated().join(LIBRARY))
}

/// Writes Swift, or the C header, for a compiled library.
fn bind(library: &Path, folder: &Path, headers: bool) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut bindgen = cargo();
    bindgen
        .args(["run", "--quiet", "--locked", "--package", "xtask-swift-bindgen", "--"])
        .arg(library)
        .arg(folder);
    command::quiet(bindgen.args(headers.then_some("headers")))?;
    Ok(())
}

/// A file that stays as it is keeps its time, so that nothing is compiled again for it.
fn copy_changed(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in from.read_dir().with_context(|| format!("cannot list {}", from.display()))? {
        let entry = entry?;
        copy_file(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> anyhow::Result<()> {
    let new = std::fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    if std::fs::read(to).is_ok_and(|old| old == new) {
        return Ok(());
    }
    std::fs::create_dir_all(to.parent().unwrap_or(Path::new(".")))?;
    std::fs::write(to, new).with_context(|| format!("cannot write {}", to.display()))
}

/// Compiles a package, or one product of it; returns where its programs are.
fn build(
    steps: &mut Steps,
    toolchain: &Toolchain,
    package: &Path,
    release: bool,
    product: Option<&str>,
) -> anyhow::Result<PathBuf> {
    let name = package.strip_prefix(workspace::root()).unwrap_or(package).display().to_string();
    steps.run(&format!("compile the Swift package {name}"), || {
        let folder = scratch(package).join(if release { "release" } else { "debug" });
        links::forget_old(&folder, &generated().join(LIBRARY))?;
        let mut build = swift(toolchain, "build", package, release);
        build.args(product.map(|product| format!("--product={product}")));
        let output = command::quiet(&mut build)?;
        without_warnings(&output)?;
        Ok(folder)
    })
}

fn scratch(package: &Path) -> PathBuf {
    let name = package.file_name().map_or_else(|| "swift".into(), |name| name.to_string_lossy().into_owned());
    workspace::target().join("swift").join(name)
}

fn swift(toolchain: &Toolchain, verb: &str, package: &Path, release: bool) -> Command {
    let mut command = toolchain.program("swift", package);
    command.arg(verb).arg("--scratch-path").arg(scratch(package)).arg("--disable-sandbox");
    command.args(if release { ["-c", "release"] } else { ["-c", "debug"] });
    if cfg!(target_os = "linux") {
        command.args(LINKING);
    }
    command
}

/// A warning of the compiler about the package is as bad as an error.
fn without_warnings(output: &str) -> anyhow::Result<()> {
    let root = workspace::root().to_string_lossy();
    let is_ours = |line: &&str| {
        line.starts_with(&*root) && line.contains(": warning: ") && !line.contains("/generated/")
    };
    match output.lines().find(is_ours) {
        Some(warning) => bail!("the Swift compiler warns: {warning}"),
        None => Ok(()),
    }
}

/// The Swift part of the tests.
pub fn test(steps: &mut Steps, tally: &mut Tally, engine: &Path) -> anyhow::Result<()> {
    let toolchain = prepare(steps, false)?;
    steps.run("compile and run the Swift tests", || {
        links::forget_old(&scratch(&package()).join("debug"), &generated().join(LIBRARY))?;
        let mut tests = swift(&toolchain, "test", &package(), false);
        tests.env("LARDER_ENGINE_BIN", engine).env("LARDER_REPOSITORY", workspace::root());
        let Finished { output, status } = command::open(&mut tests)?;
        tally.add_xctest(&output);
        tally.add_swift_testing(&output);
        without_warnings(&output)?;
        if !status.success() {
            bail!("{}", command::failure(&tests, status));
        }
        Ok(())
    })?;
    swiftui::check(steps, &toolchain)
}
