//! What Apple's tools need: a static library for each kind of device, and on a Mac an XCFramework of them.
//!
//! Elsewhere than on a Mac the library for iOS is compiled all the same, to know that it can be, but without TLS: that has parts in
//! C, which need the headers of Apple's SDK.

use super::{CRATE, LIBRARY, bind, generated};
use crate::command::{self, cargo, program};
use crate::steps::Steps;
use crate::workspace;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// Devices, simulators and Macs.
const ON_A_MAC: &[&str] = &["aarch64-apple-ios", "aarch64-apple-ios-sim", "aarch64-apple-darwin"];
/// What can be compiled anywhere, since an archive needs no linker and no SDK.
const ANYWHERE: &str = "aarch64-apple-ios";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

pub(super) fn run(steps: &mut Steps) -> anyhow::Result<()> {
    if cfg!(target_os = "macos") {
        return framework(steps);
    }
    let library = steps.run(&format!("compile {CRATE} for {ANYWHERE}"), || compile(ANYWHERE, true))?;
    let bytes = check(&library)?;
    println!("    {}: {bytes} bytes, Mach-O arm64", library.display());
    println!(
        "    an XCFramework is put together by xcodebuild, which only a Mac has; run this command there for it"
    );
    Ok(())
}

fn framework(steps: &mut Steps) -> anyhow::Result<()> {
    let mut libraries = Vec::new();
    for target in ON_A_MAC {
        command::quiet(program("rustup").args(["target", "add", target]))?;
        let compiled = steps.run(&format!("compile {CRATE} for {target}"), || compile(target, false))?;
        libraries.push(compiled);
    }
    steps.run("put the XCFramework together", || {
        let headers = workspace::target().join("swift-glue/LarderFFI");
        bind(&libraries[0], &headers, true)?;
        bind(&libraries[0], &generated().join("LarderCore"), false)?;
        let output = generated().join("LarderFFI.xcframework");
        if output.exists() {
            std::fs::remove_dir_all(&output).with_context(|| format!("cannot empty {}", output.display()))?;
        }
        let mut xcodebuild = program("xcodebuild");
        xcodebuild.arg("-create-xcframework");
        for library in &libraries {
            xcodebuild.arg("-library").arg(library).arg("-headers").arg(&headers);
        }
        command::quiet(xcodebuild.arg("-output").arg(&output))?;
        Ok(())
    })
}

/// Without rustup's ready-made standard library for it, the standard library is compiled too.
fn compile(target: &str, with_std: bool) -> anyhow::Result<PathBuf> {
    let folder = workspace::target().join("apple");
    let mut build = cargo();
    build.args(["rustc", "--locked", "--release", "--package", CRATE, "--lib", "--crate-type=staticlib"]);
    build.args(["--target", target, "--target-dir"]).arg(&folder);
    if with_std {
        if !Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml").is_file() {
            bail!(
                "this needs Debian's Rust with the sources of its standard library: apt-get install rustc-web rust-web-src"
            );
        }
        build.arg("--no-default-features");
        build.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_unwind");
    }
    command::quiet(&mut build)?;
    Ok(folder.join(target).join("release").join(LIBRARY))
}

/// Whether an archive has the code of a 64-bit ARM Mach-O in it; returns its size.
fn check(library: &Path) -> anyhow::Result<usize> {
    const MACH_O_ARM64: [u8; 8] = [0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0x00, 0x00, 0x01];
    let bytes = std::fs::read(library).with_context(|| format!("cannot read {}", library.display()))?;
    if !bytes.starts_with(b"!<arch>\n") || !bytes.windows(8).any(|word| word == MACH_O_ARM64) {
        bail!("{} is not an archive of Mach-O arm64 code", library.display());
    }
    Ok(bytes.len())
}
