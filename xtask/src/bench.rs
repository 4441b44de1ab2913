//! `bench`: Larder beside plain JavaScript in Node, as ratios of one run. Time on its own says more about the machine.

use crate::command::{self, Finished, program};
use crate::steps::Steps;
use crate::{npm, wasm, web, workspace};
use anyhow::bail;
use pico_args::Arguments;

/// `cargo xtask bench`.
pub fn run(steps: &mut Steps, args: Arguments) -> anyhow::Result<()> {
    workspace::finish(args)?;
    npm::install(steps)?;
    wasm::build(steps, None)?;
    web::build_packages(steps)?;
    steps.run("measure (a few minutes; what else runs on this machine disturbs it)", || {
        let mut node = program("node");
        node.arg("bench/run.mjs");
        let Finished { status, .. } = command::open(&mut node)?;
        if !status.success() {
            bail!("{}", command::failure(&node, status));
        }
        Ok(())
    })
}
