//! Where things are in the repository.

use anyhow::bail;
use pico_args::Arguments;
use std::path::{Path, PathBuf};

/// The top folder of the repository.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// A path in the repository.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| path("target"), |dir| root().join(dir))
}

/// Refuses arguments that a command did not ask for.
pub fn finish(args: Arguments) -> anyhow::Result<()> {
    match args.finish().first() {
        Some(extra) => bail!("unexpected argument `{}`; see `cargo xtask help`", extra.to_string_lossy()),
        None => Ok(()),
    }
}
