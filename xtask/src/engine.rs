//! The reference engine as a program.

use crate::command::{self, cargo};
use crate::steps::Steps;
use crate::workspace;
use std::path::PathBuf;

/// Builds the engine; cargo skips what is up to date.
pub fn build(steps: &mut Steps, profile: Profile) -> anyhow::Result<PathBuf> {
    steps.run(&format!("compile larder-engine ({})", profile.name()), || {
        let mut build = cargo();
        build.args(["build", "--locked", "--package", "larder-engine", "--profile", profile.name()]);
        command::quiet(&mut build)?;
        Ok(workspace::target()
            .join(profile.folder())
            .join(format!("larder-engine{}", std::env::consts::EXE_SUFFIX)))
    })
}

/// How much the compiler should try.
#[derive(Clone, Copy)]
pub enum Profile {
    /// Quick to compile.
    Dev,
    /// Quick to run.
    Release,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}
