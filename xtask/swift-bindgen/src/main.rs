//! Writes the Swift side of a library that exports through uniffi. It is a program of its own so that `xtask` need not compile
//! uniffi for commands that do without it.

use std::env::args;

use anyhow::Context;
use uniffi::{SwiftBindingsOptions, generate_swift_bindings};

/// `xtask-swift-bindgen <library> <folder> [headers]`: `headers` writes the C header and the module map instead of Swift.
fn main() -> anyhow::Result<()> {
    let mut arguments = args().skip(1);
    let library = arguments.next().context("the first argument is the library")?;
    let folder = arguments.next().context("the second argument is the folder to write into")?;
    let headers = arguments.next().is_some();
    generate_swift_bindings(SwiftBindingsOptions {
        generate_swift_sources: !headers,
        generate_headers: headers,
        generate_modulemap: headers,
        source: library.into(),
        out_dir: folder.into(),
        module_name: Some("LarderFFI".to_owned()),
        modulemap_filename: Some("module.modulemap".to_owned()),
        config: Some("uniffi.toml".into()),
        metadata_no_deps: true,
        ..Default::default()
    })
}
