//! `xtask-bindgen <module.wasm> <folder> <name>`: writes the JavaScript and TypeScript side of a wasm-bindgen module.
//!
//! A program of its own, because the library behind it is what a quick `cargo xtask` should not wait for.

use anyhow::Context;
use std::path::PathBuf;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args_os().skip(1);
    let usage = "usage: xtask-bindgen <module.wasm> <folder> <name>";
    let module = PathBuf::from(args.next().context(usage)?);
    let folder = PathBuf::from(args.next().context(usage)?);
    let name = args.next().and_then(|name| name.into_string().ok()).context(usage)?;

    Bindgen::new()
        .input_path(&module)
        .out_name(&name)
        .typescript(true)
        .remove_producers_section(true)
        .web(true)?
        .generate(&folder)
        .with_context(|| format!("cannot make bindings for {}", module.display()))
}
