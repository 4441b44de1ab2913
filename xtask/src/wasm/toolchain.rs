//! A Rust that compiles for the browser: rustup's, or Debian's `rustc-web`. Both compile the standard library along with the
//! crate, from its sources: so it is made small too, and a panic, which the core does not have, needs no message.

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
/// A panic stops the module without a text to put together, and nothing prints in Rust's own notation. A function is put into
/// its callers where that costs nothing, or where `#[inline(always)]` says that it is worth it: on the way of every event.
const SMALL: &[&str] = &[
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    // It would put in what LLVM, which knows what the code comes to, does not.
    "-Zinline-mir=no",
    "-Cllvm-args=-inline-threshold=10",
    "-Cllvm-args=-inlinehint-threshold=40",
];
const STANDARD_LIBRARY: &[&str] = &["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "rust-web-src", "rust-web-llvm", "lld-22"];

/// A Rust that compiles for the browser.
pub enum Toolchain {
    /// rustup's, with its component `rust-src`.
    Rustup {
        /// What `rustc --version` says.
        version: String,
    },
    /// Debian's, with the package `rust-web-src`.
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
            Self::Debian { .. } => "Debian's Rust",
        }
    }

    /// Another identity makes another module.
    pub fn identity(&self) -> String {
        let (from, version) = match self {
            Self::Rustup { version } => ("rustup", version),
            Self::Debian { version } => ("debian", version),
        };
        format!("{from} {version} {FEATURES} {} {}", SMALL.join(" "), STANDARD_LIBRARY.join(" "))
    }

    /// Makes a cargo command use this toolchain.
    pub fn apply(&self, cargo: &mut Command) {
        if let Self::Debian { .. } = self {
            cargo.env("RUSTC", DEBIAN_RUSTC);
        }
        // A stable compiler that takes the options above.
        cargo.env("RUSTC_BOOTSTRAP", "1").args(STANDARD_LIBRARY);
        // The encoded variable wins over RUSTFLAGS and over any configuration of the user.
        let flags: Vec<&str> = [FEATURES].iter().chain(SMALL).copied().collect();
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    }
}

/// The `wanted` toolchain, or the first that is there, or the first that can be installed.
pub fn ensure(steps: &mut Steps, wanted: Option<&str>) -> anyhow::Result<Toolchain> {
    match wanted {
        None => match rustup().or_else(debian) {
            Some(found) => Ok(found),
            None => add_sources_to_rustup(steps).or_else(|_| install_debian(steps)),
        },
        Some("rustup") => rustup().map_or_else(|| add_sources_to_rustup(steps), Ok),
        Some("debian") => debian().map_or_else(|| install_debian(steps), Ok),
        Some(other) => bail!("there is no toolchain `{other}`: use `rustup` or `debian`"),
    }
}

fn rustup() -> Option<Toolchain> {
    let sysroot = ask("rustc", "--print=sysroot")?;
    let library = Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    library
        .is_file()
        .then(|| ask("rustc", "--version"))
        .flatten()
        .map(|version| Toolchain::Rustup { version })
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

fn add_sources_to_rustup(steps: &mut Steps) -> anyhow::Result<Toolchain> {
    if !exists("rustup") {
        bail!("there is no rustup on this machine");
    }
    steps.run("add the sources of the standard library to rustup", || {
        crate::command::quiet(program("rustup").args(["component", "add", "rust-src"]))?;
        rustup().ok_or_else(|| {
            anyhow::anyhow!("rustup has added rust-src, but to another Rust than the one in use")
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
