//! `bench --swift`: the package beside a store written by hand, in Swift, both with all optimisations.

use super::{build, prepare};
use crate::command::{self, Finished};
use crate::steps::Steps;
use crate::workspace;
use anyhow::bail;
use std::path::Path;

/// Compiles and runs it.
pub fn run(steps: &mut Steps) -> anyhow::Result<()> {
    let toolchain = prepare(steps, true)?;
    let programs = build(steps, &toolchain, &workspace::path("bench/swift"), true, Some("larder-bench"))?;
    steps.run("measure (what else runs on this machine disturbs it)", || {
        let mut bench = toolchain.program(&programs.join("larder-bench").to_string_lossy(), Path::new("/"));
        let Finished { status, .. } = command::open(&mut bench)?;
        if !status.success() {
            bail!("{}", command::failure(&bench, status));
        }
        Ok(())
    })
}
