//! Whether the built module still matches its sources.

use super::toolchain::Toolchain;
use crate::workspace::{self, path};
use std::path::{Path, PathBuf};

/// What the module depends on.
const INPUTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "core/Cargo.toml",
    "core/src",
    "bindings-ts/Cargo.toml",
    "bindings-ts/src",
    "xtask/bindgen",
    "xtask/src/wasm.rs",
];
/// What the build makes.
const OUTPUTS: &[&str] = &["larder_wasm.js", "larder_wasm.d.ts", "larder_wasm_bg.wasm"];

/// The fingerprint of all inputs.
pub struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// The inputs as they are now.
    pub fn of_inputs(toolchain: &Toolchain) -> anyhow::Result<Self> {
        let inputs: Vec<_> = INPUTS.iter().map(|input| path(input)).collect();
        let fingerprint = workspace::fingerprint(&inputs, &toolchain.identity())?;
        Ok(Self { file: workspace::target().join("wasm-build").join("stamp"), fingerprint })
    }

    /// Whether `folder` holds what these inputs make.
    pub fn is_current(&self, folder: &Path) -> bool {
        OUTPUTS.iter().all(|output| folder.join(output).is_file())
            && std::fs::read_to_string(&self.file).is_ok_and(|made_of| made_of == self.fingerprint)
    }

    /// Remembers that the module was made of these inputs.
    pub fn write(&self) -> anyhow::Result<()> {
        Ok(std::fs::write(&self.file, &self.fingerprint)?)
    }
}
