//! Debian packages, for machines that have apt and let us use it.

use crate::command::{self, exists, program};
use anyhow::bail;

/// Installs packages, or says how to.
pub fn install(packages: &[&str]) -> anyhow::Result<()> {
    let by_hand = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if !exists("apt-get") {
        bail!("this machine has no apt-get; install what on Debian would be: {by_hand}");
    }
    let prefix: &[&str] = match () {
        () if is_root() => &[],
        () if sudo_works() => &["sudo", "-n"],
        () => bail!("only root may install packages; run: sudo {by_hand}"),
    };
    let apt_get = |words: &[&str]| {
        let line: Vec<&str> =
            prefix.iter().copied().chain(["apt-get"]).chain(words.iter().copied()).collect();
        let mut apt_get = program(line[0]);
        apt_get.args(&line[1..]).env("DEBIAN_FRONTEND", "noninteractive");
        command::quiet(&mut apt_get)
    };
    apt_get(&["update"])?;
    apt_get(&[&["install", "-y", "--no-install-recommends"], packages].concat())?;
    Ok(())
}

/// Whether this is run by root.
pub fn is_root() -> bool {
    program("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn sudo_works() -> bool {
    exists("sudo") && program("sudo").args(["-n", "true"]).output().is_ok_and(|sudo| sudo.status.success())
}
