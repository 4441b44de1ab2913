//! `wasm`: the browser module, from the Rust crate to the files that `@larder/client` imports.
//!
//! compile → bindings (JavaScript glue and types) → optimise → order. Nothing happens when no input changed since last time.

mod order;
mod sections;
mod toolchain;

use crate::command::{self, cargo};
use crate::stamp::Stamp;
use crate::steps::Steps;
use crate::{gzip, npm, workspace};
use anyhow::Context;
use pico_args::Arguments;
use sections::Module;
use std::path::{Path, PathBuf};
use toolchain::Toolchain;

const CRATE: &str = "larder-wasm";
const NAME: &str = "larder_wasm";
/// What works on the compiled module; with another tool it comes out another way.
const TOOLS: &str = "wasm-bindgen 0.2.130, wasm-opt -O3 -ocimfs 150, ordered";
/// What the module is made of.
const INPUTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "core/Cargo.toml",
    "core/src",
    "bindings-ts/Cargo.toml",
    "bindings-ts/src",
    "xtask/bindgen",
    "xtask/src/wasm.rs",
    "xtask/src/wasm",
];

/// `cargo xtask wasm`.
pub fn run(steps: &mut Steps, mut args: Arguments) -> anyhow::Result<()> {
    let wanted: Option<String> = args.opt_value_from_str("--toolchain")?;
    workspace::finish(args)?;
    npm::install(steps)?;
    build(steps, wanted.as_deref())
}

/// Where the module ends up.
pub fn folder() -> PathBuf {
    workspace::path("bindings-ts/packages/client/wasm")
}

/// Builds the module with the `wanted` toolchain, or with the one that is there. Needs the npm packages.
pub fn build(steps: &mut Steps, wanted: Option<&str>) -> anyhow::Result<()> {
    let toolchain = toolchain::ensure(steps, wanted)?;
    let stamp = Stamp::of("wasm", INPUTS, &toolchain.identity())?;
    if stamp.is_current(&outputs()) {
        steps.skip("browser module", "up to date");
        return Ok(());
    }
    let title = format!("compile {CRATE} for the browser with {}", toolchain.name());
    let compiled = steps.run(&title, || compile(&toolchain))?;
    // Sources may change without the module changing: a comment, a test, a package that is not part of it.
    let made = Stamp::of_file("wasm-module", &compiled, TOOLS)?;
    if made.is_current(&outputs()) {
        steps.skip("browser module", "came out the same");
        return stamp.write();
    }
    steps.run("write its JavaScript bindings", || bind(&compiled))?;
    steps.run("optimise it with wasm-opt", optimise)?;
    steps.run("put functions beside those that are like them", order)?;
    made.write()?;
    stamp.write()?;
    let (raw, zipped) = gzip::sizes(&module())?;
    println!("    {NAME}_bg.wasm: {raw} bytes, {zipped} gzipped");
    Ok(())
}

fn outputs() -> [PathBuf; 3] {
    [folder().join(format!("{NAME}.js")), folder().join(format!("{NAME}.d.ts")), module()]
}

/// The compiled module that browsers load.
pub fn module() -> PathBuf {
    folder().join(format!("{NAME}_bg.wasm"))
}

fn compile(toolchain: &Toolchain) -> anyhow::Result<PathBuf> {
    // A folder of its own: the flags differ from those of the host build, and sharing would rebuild either each time.
    let target = workspace::target().join("wasm-build");
    let mut build = cargo();
    build.args(["build", "--locked", "--package", CRATE, "--profile", "wasm", "--target", toolchain::TARGET]);
    build.arg("--target-dir").arg(&target);
    toolchain.apply(&mut build);
    command::quiet(&mut build)?;
    Ok(target.join(toolchain::TARGET).join("wasm").join(format!("{NAME}.wasm")))
}

fn bind(compiled: &Path) -> anyhow::Result<()> {
    let folder = folder();
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let mut bindgen = cargo();
    bindgen
        .args(["run", "--quiet", "--locked", "--package", "xtask-bindgen", "--"])
        .arg(compiled)
        .arg(&folder)
        .arg(NAME);
    command::quiet(&mut bindgen)?;
    Ok(())
}

fn optimise() -> anyhow::Result<()> {
    // No feature flags: wasm-opt reads the features from the module. `--all-features` writes what no browser accepts.
    let mut wasm_opt = npm::script("wasm-opt");
    wasm_opt.args(["-O3", "--strip-debug", "--strip-producers"]).arg(module()).arg("-o").arg(module());
    // Otherwise whatever is called from one place only is put there, and browsers optimise a function whole: what a cache never
    // uses would be compiled with what it uses all the time.
    wasm_opt.args(["--one-caller-inline-max-function-size", "150"]);
    command::quiet(&mut wasm_opt)?;
    Ok(())
}

fn order() -> anyhow::Result<()> {
    let compiled = std::fs::read(module())?;
    let read = Module::read(&compiled).with_context(|| format!("cannot read {}", module().display()))?;
    std::fs::write(module(), read.named_in_order(&order::order(&read.functions)))?;
    // It knows where in a module a function's number is written. `-g` would keep the names.
    let mut wasm_opt = npm::script("wasm-opt");
    wasm_opt
        .args(["--optimize-level=3", "--reorder-functions-by-name", "--strip-debug"])
        .arg(module())
        .arg("-o")
        .arg(module());
    command::quiet(&mut wasm_opt)?;
    Ok(())
}
