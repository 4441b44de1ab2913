//! `demo --devices <n>`: as many engines, each with a folder of its own, that hold one library together.

use crate::command::program;
use crate::workspace;
use anyhow::{Context, bail, ensure};
use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// What the devices are called, and which part of this repository each gets a copy of.
const DEVICES: &[(&str, &str)] = &[
    ("Laptop", "docs"),
    ("Desktop", "examples/explorer/src"),
    ("Phone", "tests/scenarios"),
    ("Tablet", "engine/src"),
    ("Server", "native/src"),
];

/// An engine that runs.
struct Device {
    name: &'static str,
    engine: Child,
    url: String,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Starts the engines, pairs them, and runs until they end.
pub fn show(engine: &Path, web: &Path, count: usize, open: bool) -> anyhow::Result<()> {
    ensure!((1..=DEVICES.len()).contains(&count), "--devices wants a number from 1 to {}", DEVICES.len());
    let all = workspace::target().join("demo");
    if all.exists() {
        fs::remove_dir_all(&all).with_context(|| format!("cannot make {} anew", all.display()))?;
    }
    let mut devices = Vec::new();
    for (name, part) in &DEVICES[..count] {
        devices.push(start(engine, web, &all, name, &workspace::path(part))?);
    }
    let stopping = super::stop_with_us(devices.iter().map(|device| device.engine.id()))?;
    let (first, others) = devices.split_first_mut().context("no device")?;
    for other in others {
        pair(engine, &first.url, &other.url).with_context(|| format!("{} was not paired", other.name))?;
    }
    println!(
        "\n{count} devices hold one library. Ctrl-C stops them; their folders are in {}.",
        all.display()
    );
    for Device { name, url, .. } in &devices {
        println!("{name:>8}  {url}");
    }
    if open && let Some(first) = devices.first() {
        super::open_in_browser(&first.url);
    }
    for Device { name, engine, lines, .. } in &mut devices {
        lines.by_ref().for_each(drop);
        let status = engine.wait()?;
        let asked = stopping.load(std::sync::atomic::Ordering::Relaxed);
        ensure!(status.success() || asked, "the engine of {name} ended with {status}");
    }
    Ok(())
}

fn start(engine: &Path, web: &Path, all: &Path, name: &'static str, part: &Path) -> anyhow::Result<Device> {
    let folder = all.join(name);
    copy(part, &folder)?;
    let mut serve = program(engine);
    serve.arg("serve").arg(folder).arg("--db").arg(all.join(format!("{name}.sqlite"))).arg("--web").arg(web);
    serve.args(["--devices", "127.0.0.1:0", "--name", name, "--library-name", "Demo", "--port", "0"]);
    let mut engine = serve.stdout(Stdio::piped()).spawn().context("cannot start the engine")?;
    let mut lines = BufReader::new(engine.stdout.take().context("the engine has no output")?).lines();
    let line = lines.next().context("the engine ended at once")??;
    let url = line.find("http://").map(|at| line[at..].to_owned());
    let url = url.with_context(|| format!("the engine printed no address: {line}"))?;
    Ok(Device { name, engine, url, lines })
}

/// As a person would, with the code that the one shows.
fn pair(engine: &Path, host: &str, guest: &str) -> anyhow::Result<()> {
    let mut inviting = command(engine, host).arg("--yes").stdout(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(inviting.stdout.take().context("it has no output")?).lines();
    let shown = lines.next().context("no code was shown")??;
    let after = |flag: &str| shown.split(' ').skip_while(|word| *word != flag).nth(1).map(str::to_owned);
    let (Some(place), Some(code)) = (after("--with"), after("--code")) else {
        bail!("no code was shown: {shown}");
    };
    let joined =
        command(engine, guest).args(["--with", &place, "--code", &code]).stdout(Stdio::null()).status()?;
    lines.for_each(drop);
    ensure!(inviting.wait()?.success() && joined.success(), "see above");
    Ok(())
}

fn command(engine: &Path, url: &str) -> Command {
    let mut pair = program(engine);
    pair.args(["pair", url]);
    pair
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, target): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}
