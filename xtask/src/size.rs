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
    let scripts = steps.run("bundle the packages as an app would", bundle)?;

    let mut rows = vec![("larder_wasm_bg.wasm".to_owned(), gzip::sizes(&wasm::module())?)];
    for script in &scripts {
        let name = script.file_name().unwrap_or_default().to_string_lossy().into_owned();
        rows.push((name, gzip::sizes(script)?));
    }
    let all = rows.iter().fold((0, 0), |(raw, zipped), (_, sizes)| (raw + sizes.0, zipped + sizes.1));
    println!("\n{:>10} {:>10}", "bytes", "gzipped");
    for (name, (raw, zipped)) in rows.iter().chain([&("in all".to_owned(), all)]) {
        println!("{raw:>10} {zipped:>10}  {name}");
    }
    Ok(())
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
