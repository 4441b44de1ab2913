//! The Swift client of the examples, as a program that starts from anywhere on this machine.

use super::{build, scratch, toolchain::Toolchain};
use crate::steps::Steps;
use crate::workspace;
use anyhow::Context;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = "larder-ls";

/// Compiles it against the package as it is, and returns what starts it.
pub fn compile(steps: &mut Steps, toolchain: &Toolchain, release: bool) -> anyhow::Result<PathBuf> {
    let package = workspace::path("examples/explorer-swift");
    let program = build(steps, toolchain, &package, release, Some(PROGRAM))?.join(PROGRAM);
    let launcher = scratch(Path::new(PROGRAM));
    write_launcher(&launcher, &toolchain.program(&program.to_string_lossy(), Path::new("/")))
        .with_context(|| format!("cannot write {}", launcher.display()))?;
    Ok(launcher)
}

/// A program of a Debian system of its own cannot be started by its path; a script that becomes it can.
fn write_launcher(at: &Path, command: &Command) -> std::io::Result<()> {
    let variables = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let variables = variables.map(|(name, value)| format!("{}={}", name.to_string_lossy(), quoted(value)));
    let words = std::iter::once(command.get_program()).chain(command.get_args()).map(quoted);
    let line: Vec<String> = variables.chain(words).collect();
    std::fs::write(at, format!("#!/bin/sh\nexec env {} \"$@\"\n", line.join(" ")))?;
    make_executable(at)
}

/// As one word of a shell.
fn quoted(word: &OsStr) -> String {
    format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(unix)]
fn make_executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_file: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_launcher_hands_on_words_and_variables_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let launcher = folder.path().join("launch it");
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "printf '<%s>' \"$GREETING\" \"$@\"", "sh", "it's\n$HOME"])
            .env("GREETING", "good 'day'");
        write_launcher(&launcher, &command).unwrap();

        let output = Command::new(&launcher).arg("a b").output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "<good 'day'><it's\n$HOME><a b>");
    }
}
