//! How large a file is on its way to a browser.

use anyhow::Context;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::path::Path;

/// The bytes of a file, before and after gzip.
pub fn sizes(file: &Path) -> anyhow::Result<(usize, usize)> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok((bytes.len(), encoder.finish()?.len()))
}
