//! A Swift that compiles the package: the one that is there, or one in a Debian system of its own, which is made once in the
//! user's cache folder.

mod jail;

use crate::apt;
use crate::command::{self, exists, program};
use crate::steps::Steps;
use crate::workspace;
use anyhow::{Context, bail};
use jail::Jail;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package is in Swift 6 mode.
const OLDEST: u32 = 6;
const RELEASE: &str = "trixie";
const PACKAGES: &str = "swiftlang libc6-dev libstdc++-14-dev g++ git ca-certificates zlib1g-dev (570 MB to download, 3.4 GB on disk)";
/// Written when all of it is there.
const COMPLETE: &str = ".larder-complete";

/// A Swift.
pub enum Toolchain {
    /// On the path.
    Present,
    /// In a Debian system of its own.
    Jailed(Jail),
}

impl Toolchain {
    /// A program that was compiled by it, or one of its own, run in that folder.
    pub fn program(&self, name: &str, folder: &Path) -> Command {
        match self {
            Self::Present => {
                let mut command = program(name);
                command.current_dir(folder);
                command
            }
            Self::Jailed(jail) => jail.command(name, folder),
        }
    }
}

/// Whether there is a Swift, or one can be installed.
pub fn is_possible() -> bool {
    let is_there = || folder().is_ok_and(|root| root.join(COMPLETE).is_file());
    present().is_some_and(|version| version >= OLDEST)
        || cfg!(target_os = "linux") && (is_there() || can_install())
}

fn can_install() -> bool {
    apt::is_root() && exists("apt-get")
}

/// The Swift of this machine, or one that is installed now.
pub fn ensure(steps: &mut Steps) -> anyhow::Result<Toolchain> {
    if present().is_some_and(|version| version >= OLDEST) {
        return Ok(Toolchain::Present);
    }
    if cfg!(not(target_os = "linux")) {
        bail!("there is no Swift {OLDEST} or newer on the path; install Xcode, or Swift from swift.org");
    }
    let root = folder()?;
    let jail = Jail::new(&root, &[workspace::root(), &workspace::target()]);
    if root.join(COMPLETE).is_file() {
        return Ok(Toolchain::Jailed(jail));
    }
    if !can_install() {
        bail!(
            "there is no Swift {OLDEST} or newer on the path, and only root on Debian can have one installed by this command; \
             install it from swift.org"
        );
    }
    steps.run(&format!("install Swift 6 in {}: Debian {RELEASE} with {PACKAGES}", root.display()), || {
        make(&root, &jail)
    })?;
    Ok(Toolchain::Jailed(jail))
}

fn present() -> Option<u32> {
    let output = program("swift").arg("--version").output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split("Swift version ").nth(1)?;
    version.split('.').next()?.parse().ok()
}

fn folder() -> anyhow::Result<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    Ok(cache
        .context("neither XDG_CACHE_HOME nor HOME is set")?
        .join("larder")
        .join(format!("swift-{RELEASE}")))
}

fn make(root: &Path, jail: &Jail) -> anyhow::Result<()> {
    if !exists("debootstrap") {
        apt::install(&["debootstrap"])?;
    }
    // What an earlier attempt left, or nothing.
    jail::remove(root)?;
    std::fs::create_dir_all(root).with_context(|| format!("cannot make {}", root.display()))?;
    // In a mount namespace, as everything here: what is mounted goes away with the process.
    let mut debootstrap = program("unshare");
    debootstrap.args(["--mount", "debootstrap", "--variant=minbase", RELEASE]).arg(root);
    command::quiet(&mut debootstrap)?;
    let packages = PACKAGES.split(" (").next().unwrap_or(PACKAGES).split(' ');
    let mut apt_get = jail.command("apt-get", Path::new("/"));
    apt_get.args(["install", "-y", "--no-install-recommends"]).args(packages);
    command::quiet(apt_get.env("DEBIAN_FRONTEND", "noninteractive"))?;
    // The packages themselves are not needed any more.
    command::quiet(jail.command("apt-get", Path::new("/")).arg("clean"))?;
    std::fs::write(root.join(COMPLETE), "").context("cannot note down that Swift is complete")
}
