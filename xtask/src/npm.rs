//! The JavaScript packages that the repository uses.

use crate::command::{self, exists, program};
use crate::steps::Steps;
use crate::workspace;
use anyhow::{Context, bail, ensure};
use std::path::PathBuf;
use std::process::Command;

/// Older ones lack what the tools need.
const OLDEST_NODE: u32 = 20;

/// Installs the packages that the lock file names, unless exactly those are installed.
pub fn install(steps: &mut Steps) -> anyhow::Result<()> {
    ensure_node()?;
    let stamp = workspace::path("node_modules/.larder-lock");
    let wanted =
        std::fs::read(workspace::path("package-lock.json")).context("cannot read package-lock.json")?;
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        steps.skip("npm packages", "installed");
        return Ok(());
    }
    steps.run("install the npm packages of package-lock.json", || {
        // `ci` starts from nothing: right when there is nothing, and a nuisance to whoever uses the packages at this moment.
        let how = if workspace::path("node_modules").exists() { "install" } else { "ci" };
        command::quiet(program("npm").args([how, "--no-audit", "--no-fund"]))?;
        Ok(std::fs::write(&stamp, wanted)?)
    })
}

/// A script that is installed with the npm packages.
pub fn script(name: &str) -> Command {
    program(bin(name))
}

/// Where npm puts a script of this name.
fn bin(name: &str) -> PathBuf {
    workspace::path("node_modules/.bin").join(name)
}

fn ensure_node() -> anyhow::Result<()> {
    let install = format!("install Node {OLDEST_NODE} or newer from https://nodejs.org");
    if !exists("node") || !exists("npm") {
        bail!("there is no Node with npm on this machine; {install}");
    }
    let version = command::quiet(program("node").arg("--version"))?;
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    ensure!(major.is_some_and(|major| major >= OLDEST_NODE), "Node {} is too old; {install}", version.trim());
    Ok(())
}
