//! The reference engine as a program.

use crate::command::{self, cargo};
use crate::steps::Steps;
use crate::workspace;
use anyhow::anyhow;
use std::path::PathBuf;
use std::thread::JoinHandle;

/// An engine that is being compiled while other things happen.
pub struct Building {
    compiler: JoinHandle<anyhow::Result<String>>,
    program: PathBuf,
}

/// Starts to compile the engine. Without `release` that is quicker, and the engine is quick enough for most folders.
pub fn start(release: bool) -> Building {
    let (profile, folder) = if release { ("release", "release") } else { ("dev", "debug") };
    let mut build = cargo();
    build.args(["build", "--locked", "--package", "larder-engine", "--profile", profile]);
    let program = format!("larder-engine{}", std::env::consts::EXE_SUFFIX);
    Building { compiler: command::beside(build), program: workspace::target().join(folder).join(program) }
}

impl Building {
    /// Waits for the compiler.
    pub fn finish(self, steps: &mut Steps) -> anyhow::Result<PathBuf> {
        steps.run("finish compiling larder-engine, which began at the start", || {
            self.compiler
                .join()
                .map_err(|_| anyhow!("the compiler of the engine was not heard of again"))??;
            Ok(self.program)
        })
    }
}
