//! The TypeScript parts of the tests.

use super::tally::Tally;
use crate::command::{self, Finished};
use crate::steps::Steps;
use crate::web::{self, run_script};
use anyhow::bail;
use std::path::Path;
use std::process::Command;

/// Whether all packages, their tests and the explorer type-check.
pub fn type_check(steps: &mut Steps) -> anyhow::Result<()> {
    steps.run("type-check the packages, their tests and the explorer", || {
        command::quiet(run_script("check").args(["--workspaces", "--if-present"]))?;
        Ok(())
    })
}

/// The packages whose tests run in Node.
const IN_NODE: &[&str] = &[
    "--workspace=@larder/client",
    "--workspace=@larder/react",
    "--workspace=@larder/codegen-tests",
    "--workspace=@larder/explorer",
    "--if-present",
];

/// The tests of the packages and of the explorer, on the real module, in Node.
pub fn unit_tests(steps: &mut Steps, tally: &mut Tally) -> anyhow::Result<()> {
    steps.run("run the TypeScript tests", || count(run_script("test").args(IN_NODE), tally))
}

/// The explorer in a real browser, on the real engine, on a real folder, beside a Swift client.
pub fn end_to_end(
    steps: &mut Steps,
    tally: &mut Tally,
    engine: &Path,
    swift: Option<&Path>,
    browser: &Path,
) -> anyhow::Result<()> {
    steps.run("run the end-to-end tests in Chromium", || {
        let mut tests = run_script("test");
        tests.envs(swift.map(|client| ("LARDER_LS", client)));
        tests.arg("--workspace=@larder/e2e").env("CHROME", browser);
        tests.env("LARDER_ENGINE_BIN", engine).env("LARDER_WEB", web::explorer());
        count(&mut tests, tally)
    })
}

fn count(tests: &mut Command, tally: &mut Tally) -> anyhow::Result<()> {
    let Finished { output, status } = command::open(tests)?;
    tally.add_vitest(&output);
    if !status.success() {
        bail!("{}", command::failure(tests, status));
    }
    Ok(())
}
