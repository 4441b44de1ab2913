//! A Rust that compiles for the browser: rustup's target with its ready-made standard library, or Debian's `rustc-web`,
//! which builds the standard library itself.

use crate::apt;
use crate::command::{exists, program};
use crate::steps::Steps;
use anyhow::bail;
use std::path::Path;
use std::process::Command;

/// The target triple of browsers.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Every browser since early 2023 has both. They make scanning and copying rows several times faster.
const FEATURES: &str = "-Ctarget-feature=+simd128,+bulk-memory";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "rust-web-src", "rust-web-llvm", "lld-22"];

/// A Rust that compiles for the browser.
pub enum Toolchain {
    /// rustup's, with the ready-made standard library.
    Rustup {
        /// What `rustc --version` says.
        version: String,
    },
    /// Debian's, which compiles the standard library along with the crate.
    Debian {
        /// What `rustc --version` says.
        version: String,
    },
}

impl Toolchain {
    /// For people.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rustup { .. } => "rustup's Rust",
            Self::Debian { .. } => "Debian's Rust (compiles the standard library too)",
        }
    }

    /// Another identity makes another module.
    pub fn identity(&self) -> String {
        match self {
            Self::Rustup { version } => format!("rustup {version} {FEATURES}"),
            Self::Debian { version } => format!("debian {version} {FEATURES}"),
        }
    }

    /// Makes a cargo command use this toolchain.
    pub fn apply(&self, cargo: &mut Command) {
        // The encoded variable wins over RUSTFLAGS and over any configuration of the user.
        let mut flags = vec![FEATURES];
        if let Self::Debian { .. } = self {
            flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"]);
            cargo.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
        }
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    }
}

/// The `wanted` toolchain, or the first that is there, or the first that can be installed.
pub fn ensure(steps: &mut Steps, wanted: Option<&str>) -> anyhow::Result<Toolchain> {
    match wanted {
        None => match rustup().or_else(debian) {
            Some(found) => Ok(found),
            None => add_rustup_target(steps).or_else(|_| install_debian(steps)),
        },
        Some("rustup") => rustup().map_or_else(|| add_rustup_target(steps), Ok),
        Some("debian") => debian().map_or_else(|| install_debian(steps), Ok),
        Some(other) => bail!("there is no toolchain `{other}`: use `rustup` or `debian`"),
    }
}

fn rustup() -> Option<Toolchain> {
    let sysroot = ask("rustc", "--print=sysroot")?;
    let target = Path::new(&sysroot).join("lib/rustlib").join(TARGET);
    target.is_dir().then(|| ask("rustc", "--version")).flatten().map(|version| Toolchain::Rustup { version })
}

fn debian() -> Option<Toolchain> {
    let library = Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml");
    // Any Debian has a `rustc` package, of a Rust that is too old; `rustc-web` is the one kept up to date.
    (installed("rustc-web") && library.is_file())
        .then(|| ask(DEBIAN_RUSTC, "--version"))
        .flatten()
        .map(|version| Toolchain::Debian { version })
}

fn installed(package: &str) -> bool {
    program("dpkg-query")
        .args(["--show", "--showformat=${Status}", package])
        .output()
        .is_ok_and(|query| query.stdout.ends_with(b" installed"))
}

fn add_rustup_target(steps: &mut Steps) -> anyhow::Result<Toolchain> {
    if !exists("rustup") {
        bail!("there is no rustup on this machine");
    }
    steps.run(&format!("add the target {TARGET} to rustup"), || {
        crate::command::quiet(program("rustup").args(["target", "add", TARGET]))?;
        rustup().ok_or_else(|| {
            anyhow::anyhow!("rustup has added {TARGET}, but to another Rust than the one in use")
        })
    })
}

fn install_debian(steps: &mut Steps) -> anyhow::Result<Toolchain> {
    steps.run(&format!("install {} (a Rust for the browser)", DEBIAN_PACKAGES.join(" ")), || {
        apt::install(DEBIAN_PACKAGES)?;
        debian().ok_or_else(|| anyhow::anyhow!("{DEBIAN_RUSTC} is not the Rust of the package rustc-web"))
    })
}

/// What a program answers to one argument.
fn ask(name: &str, argument: &str) -> Option<String> {
    let output = program(name).arg(argument).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
