//! What is written for SwiftUI, type-checked where there is none: against a stub with SwiftUI's signatures. The package with its
//! property wrapper, the app of the examples, and each piece of Swift in docs/swiftui.md.

use super::{generated, package, scratch, toolchain::Toolchain};
use crate::command;
use crate::steps::Steps;
use crate::workspace;
use anyhow::{Context, ensure};
use std::path::{Path, PathBuf};

const GUIDE: &str = "docs/swiftui.md";
const APP: &str = "examples/explorer-swift/Sources";

/// Type-checks all of it. On a Mac, Xcode's own tools do, with the real thing.
pub fn check(steps: &mut Steps, toolchain: &Toolchain) -> anyhow::Result<()> {
    if cfg!(target_os = "macos") {
        steps.skip("type-check what is written for SwiftUI", "the real one is here");
        return Ok(());
    }
    steps.run("type-check what is written for SwiftUI: the package, the app and the guide", || {
        let compiler = Compiler { toolchain, modules: scratch(Path::new("swiftui")) };
        std::fs::create_dir_all(&compiler.modules)?;
        compiler.module("SwiftUI", &[package().join("Tests/SwiftUIStub")])?;
        compiler.module("LarderCore", &[generated().join("LarderCore")])?;
        compiler.module("Larder", &[package().join("Sources/Larder")])?;
        compiler.module("Library", &[workspace::path(APP).join("Library")])?;
        compiler.check(&sources(&workspace::path(APP).join("Explorer"))?)?;
        for (number, program) in programs(&guide()?).into_iter().enumerate() {
            let file = compiler.modules.join(format!("guide-{}.swift", number + 1));
            std::fs::write(&file, program)?;
            compiler.check(&[file]).with_context(|| format!("in program {} of {GUIDE}", number + 1))?;
        }
        Ok(())
    })
}

struct Compiler<'a> {
    toolchain: &'a Toolchain,
    modules: PathBuf,
}

impl Compiler<'_> {
    /// What others import.
    fn module(&self, name: &str, folders: &[PathBuf]) -> anyhow::Result<()> {
        let module = self.modules.join(format!("{name}.swiftmodule"));
        let mut files = Vec::new();
        for folder in folders {
            files.extend(sources(folder)?);
        }
        let arguments =
            ["-emit-module".as_ref(), "-module-name".as_ref(), name.as_ref(), "-emit-module-path".as_ref()];
        self.run(arguments.into_iter().chain([module.as_os_str()]), &files)
    }

    fn check(&self, files: &[PathBuf]) -> anyhow::Result<()> {
        self.run(["-typecheck", "-warnings-as-errors"], files)
    }

    fn run<Word: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = Word>,
        files: &[PathBuf],
    ) -> anyhow::Result<()> {
        let mut swiftc = self.toolchain.program("swiftc", Path::new("/"));
        swiftc.args(["-swift-version", "6", "-parse-as-library"]).args(arguments);
        swiftc.arg("-I").arg(&self.modules).arg("-I").arg(generated().join("LarderFFI")).args(files);
        command::quiet(&mut swiftc)?;
        Ok(())
    }
}

/// The Swift files in a folder and all below it.
fn sources(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in next.read_dir().with_context(|| format!("cannot list {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "swift") {
                files.push(path);
            }
        }
    }
    ensure!(!files.is_empty(), "there is no Swift in {}", folder.display());
    files.sort();
    Ok(files)
}

fn guide() -> anyhow::Result<String> {
    std::fs::read_to_string(workspace::path(GUIDE)).with_context(|| format!("cannot read {GUIDE}"))
}

/// The pieces of Swift in a page, each of which stands for itself.
fn programs(page: &str) -> Vec<&str> {
    page.split("```swift\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_nothing_to_a_live_list_is_shorter_than_thirty_lines() {
        let guide = guide().unwrap();
        let programs = programs(&guide);
        assert!(programs.len() >= 4, "the guide has {} programs", programs.len());
        let lines = programs[0].lines().count();
        assert!(programs[0].contains("@main") && lines < 30, "{lines} lines:\n{}", programs[0]);
    }

    #[test]
    fn the_app_of_the_examples_is_shorter_than_three_hundred_lines() {
        let files = sources(&workspace::path(APP).join("Explorer")).unwrap();
        let lines: usize =
            files.iter().map(|file| std::fs::read_to_string(file).unwrap().lines().count()).sum();
        assert!(lines < 300, "it has {lines}");
    }
}
