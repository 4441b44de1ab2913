//! The JavaScript side: the npm packages `@larder/client` and `@larder/react`, and the explorer that uses them.

use crate::command::{self, program};
use crate::stamp::Stamp;
use crate::steps::Steps;
use crate::{npm, wasm, workspace};
use std::path::PathBuf;
use std::process::Command;

/// What our packages are made of.
const PACKAGES: &[&str] = &["package-lock.json", "bindings-ts/tsconfig.base.json", "bindings-ts/packages"];
/// What the explorer page is made of.
const EXPLORER: &[&str] =
    &["package-lock.json", "bindings-ts/tsconfig.base.json", "bindings-ts/packages", "examples/explorer"];

/// Where the explorer page ends up.
pub fn explorer() -> PathBuf {
    workspace::path("examples/explorer/dist")
}

/// Makes the page from nothing: npm packages, browser module, our packages, the app.
pub fn prepare(steps: &mut Steps) -> anyhow::Result<()> {
    npm::install(steps)?;
    wasm::build(steps, None)?;
    build_packages(steps)?;
    build_explorer(steps)
}

/// Compiles our TypeScript packages, unless the last time was with the same sources.
pub fn build_packages(steps: &mut Steps) -> anyhow::Result<()> {
    let stamp = Stamp::of("packages", PACKAGES, "")?;
    if stamp.is_current(&["client", "react"].map(compiled)) {
        steps.skip("@larder/client and @larder/react", "up to date");
        return Ok(());
    }
    steps.run("compile @larder/client and @larder/react", || {
        command::quiet(
            run_script("build").args(["--workspace=@larder/client", "--workspace=@larder/react"]),
        )?;
        stamp.write()
    })
}

/// The entry of a compiled package.
pub fn compiled(package: &str) -> PathBuf {
    workspace::path("bindings-ts/packages").join(package).join("dist/index.js")
}

/// Bundles the explorer, unless the last bundle is of the same sources.
pub fn build_explorer(steps: &mut Steps) -> anyhow::Result<()> {
    let stamp = Stamp::of("explorer", EXPLORER, "")?;
    if stamp.is_current(&[explorer().join("index.html")]) {
        steps.skip("explorer page", "up to date");
        return Ok(());
    }
    steps.run("bundle the explorer page with Vite", || {
        command::quiet(run_script("build").arg("--workspace=examples/explorer"))?;
        stamp.write()
    })
}

/// `npm run <script>`, ready for more arguments.
pub fn run_script(script: &str) -> Command {
    let mut npm = program("npm");
    npm.args(["run", script]).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    npm
}
