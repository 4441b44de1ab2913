//! A Chromium for the end-to-end tests.

use crate::steps::Steps;
use crate::{apt, command};
use anyhow::{Context, ensure};
use std::path::PathBuf;

/// Programs that drive the same way, the most likely first.
const NAMES: &[&str] = &["google-chrome-stable", "google-chrome", "chromium", "chromium-browser"];
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// The browser that `CHROME` names, or one that is installed, or Debian's `chromium`, which is installed now.
pub fn ensure(steps: &mut Steps) -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROME").map(PathBuf::from) {
        ensure!(named.is_file(), "CHROME names {}, which is not a file", named.display());
        return Ok(named);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    steps.run("install a browser for the end-to-end tests (chromium)", || {
        apt::install(&["chromium"])
            .context("the end-to-end tests need Chrome or Chromium; CHROME=<path> names one")?;
        find().context("apt has installed chromium, but there is no program of that name")
    })
}

fn find() -> Option<PathBuf> {
    NAMES
        .iter()
        .find_map(|name| command::find(name))
        .or_else(|| Some(PathBuf::from(MAC)).filter(|mac| mac.is_file()))
}
