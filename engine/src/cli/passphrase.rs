//! Where the program gets a passphrase from: never its arguments, which others on the machine can read.

use std::env::{self, VarError};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use larder_engine::Passphrase;

/// The variable that has it, if no file does.
const VARIABLE: &str = "LARDER_PASSPHRASE";

/// The passphrase that a file has, or else the environment.
pub fn read(file: Option<&Path>) -> anyhow::Result<Option<Passphrase>> {
    match (file, env::var(VARIABLE)) {
        (Some(file), _) => from_file(file).map(Some),
        (None, Ok(text)) => Ok(Passphrase::new(text)),
        (None, Err(VarError::NotPresent)) => Ok(None),
        (None, Err(VarError::NotUnicode(_))) => bail!("{VARIABLE} is no text in UTF-8"),
    }
}

/// The passphrase that a file has.
pub fn from_file(file: &Path) -> anyhow::Result<Passphrase> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Passphrase::new(text).with_context(|| format!("{} is empty", file.display()))
}
