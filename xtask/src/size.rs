//! `size`: what an app downloads for Larder, gzipped: the module, `@larder/client` and `@larder/react`.

use crate::steps::Steps;
use crate::{command, gzip, npm, wasm, web, workspace};
use pico_args::Arguments;
use std::path::{Path, PathBuf};

/// `cargo xtask size`.
pub fn run(steps: &mut Steps, args: Arguments) -> anyhow::Result<()> {
    workspace::finish(args)?;
    npm::install(steps)?;
    wasm::build(steps, None)?;
    web::build_packages(steps)?;
    let files = of_files(steps)?;
    println!("\n{:>10} {:>10}", "bytes", "gzipped");
    for File { name, bytes, gzipped, is_at_once } in &files {
        println!("{bytes:>10} {gzipped:>10}  {name}{}", if *is_at_once { "" } else { " (when it is used)" });
    }
    for (title, is_at_once) in [("at once", true), ("when it is used", false)] {
        let some = files.iter().filter(|file| file.is_at_once == is_at_once);
        let (bytes, gzipped) =
            some.fold((0, 0), |(bytes, gzipped), file| (bytes + file.bytes, gzipped + file.gzipped));
        println!("{bytes:>10} {gzipped:>10}  {title}");
    }
    Ok(())
}

/// A file of the download.
pub struct File {
    /// Without its folder.
    pub name: String,
    /// Its bytes.
    pub bytes: usize,
    /// Its bytes after gzip.
    pub gzipped: usize,
    /// Every page downloads it; the others come when what is in them is used.
    pub is_at_once: bool,
}

/// Each file of the download, the module first; all of it must have been built.
pub fn of_files(steps: &mut Steps) -> anyhow::Result<Vec<File>> {
    let scripts = steps.run("bundle the packages as an app would", bundle)?;
    let (bytes, gzipped) = gzip::sizes(&wasm::module())?;
    let mut files = vec![File { name: "larder_wasm_bg.wasm".to_owned(), bytes, gzipped, is_at_once: true }];
    let at_once = at_once(&scripts)?;
    for script in &scripts {
        let (bytes, gzipped) = gzip::sizes(script)?;
        let name = name(script);
        files.push(File { is_at_once: at_once.contains(&name), name, bytes, gzipped });
    }
    Ok(files)
}

fn name(script: &Path) -> String {
    script.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The scripts that the two packages import, and what those do, and the glue of the module, which they load first of all.
fn at_once(scripts: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let is_first = |name: &String| name.starts_with("index.") || name.starts_with("larder_wasm");
    let mut found: Vec<String> = scripts.iter().map(|script| name(script)).filter(is_first).collect();
    let mut at = 0;
    while let Some(next) = found.get(at) {
        let Some(script) = scripts.iter().find(|script| name(script) == *next) else { break };
        let text = std::fs::read_to_string(script)?;
        // Minified: `import{a}from"./b.js"`, or `import"./b.js"`. What is loaded later is `import(…)`.
        let imported = ["from\"./", "import\"./"].into_iter().flat_map(|before| text.split(before).skip(1));
        let imported: Vec<&str> = imported.filter_map(|rest| rest.split('"').next()).collect();
        for name in imported {
            if !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
        at += 1;
    }
    Ok(found)
}

/// Both packages minified, what they share in files of its own; React itself is the app's.
fn bundle() -> anyhow::Result<Vec<PathBuf>> {
    let folder = workspace::target().join("xtask").join("bundle");
    let mut rolldown = npm::script("rolldown");
    rolldown.args(["client", "react"].map(web::compiled));
    rolldown.args(["--format", "esm", "--platform", "browser", "--minify", "--cleanDir"]);
    rolldown.args(["--external", "react", "--entryFileNames", "[name].[hash].js", "--dir"]).arg(&folder);
    command::quiet(&mut rolldown)?;
    scripts(&folder)
}

fn scripts(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "js") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
