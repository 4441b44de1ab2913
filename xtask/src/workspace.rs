//! Where things are in the repository.

use anyhow::{Context, bail};
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

/// The modification-independent fingerprint of all files below `paths`, in a fixed order, and of `extra`.
pub fn fingerprint(paths: &[PathBuf], extra: &str) -> anyhow::Result<String> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    extra.hash(&mut hasher);
    for path in paths {
        for file in files(path)? {
            file.strip_prefix(root()).unwrap_or(&file).hash(&mut hasher);
            std::fs::read(&file)
                .with_context(|| format!("cannot read {}", file.display()))?
                .hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files below `path` in a fixed order, or `path` itself when it is a file; nothing when it does not exist.
pub fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(next) = open.pop() {
        if next.is_dir() {
            let entries = next.read_dir().with_context(|| format!("cannot list {}", next.display()))?;
            for entry in entries {
                open.push(entry?.path());
            }
        } else if next.is_file() {
            found.push(next);
        }
    }
    found.sort();
    Ok(found)
}
