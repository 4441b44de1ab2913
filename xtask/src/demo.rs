//! `demo [folder]`: sets everything up and shows a folder in the browser, live.

mod devices;

use crate::command::{exists, program};
use crate::steps::Steps;
use crate::{engine, web, workspace};
use anyhow::{Context, ensure};
use pico_args::Arguments;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

/// `cargo xtask demo`.
pub fn run(steps: &mut Steps, mut args: Arguments) -> anyhow::Result<()> {
    let port: Option<u16> = args.opt_value_from_str("--port").context("--port wants a number up to 65535")?;
    let release = args.contains("--release");
    let open = !args.contains("--no-open");
    let count: Option<usize> = args.opt_value_from_str("--devices").context("--devices wants a number")?;
    // An option that is not known is not a folder; nor may two be given.
    let folder: Option<PathBuf> = args.opt_free_from_fn(|word| match word.strip_prefix('-') {
        None => Ok(word.into()),
        Some(_) => Err(format!("there is no option `{word}`")),
    })?;
    workspace::finish(args)?;
    let folder = match folder {
        Some(folder) => std::env::current_dir()?.join(folder),
        None => workspace::root().to_owned(),
    };
    ensure!(folder.is_dir(), "{} is not a folder", folder.display());

    // Two compilers keep more than one core busy: the last stage of the browser module runs on one alone.
    let engine = engine::start(release);
    web::prepare(steps)?;
    let engine = engine.finish(steps)?;
    steps.summary();
    if let Some(count) = count {
        return devices::show(&engine, &web::explorer(), count, open);
    }

    let mut serve = program(engine);
    serve.arg("serve").arg(folder).arg("--web").arg(web::explorer());
    if let Some(port) = port {
        serve.args(["--port", &port.to_string()]);
    }
    show(serve, open)
}

/// Runs the engine until it ends, which it does on Ctrl-C.
fn show(mut serve: Command, open: bool) -> anyhow::Result<()> {
    let mut engine = serve.stdout(Stdio::piped()).spawn().context("cannot start the engine")?;
    let stopping = stop_with_us([engine.id()])?;
    println!("\nCtrl-C stops the engine.");
    let lines = BufReader::new(engine.stdout.take().context("the engine has no output")?).lines();
    let mut opened = !open;
    for line in lines {
        let line = line?;
        println!("{line}");
        if let (false, Some(start)) = (opened, line.find("http://")) {
            open_in_browser(&line[start..]);
            opened = true;
        }
    }
    let status = engine.wait()?;
    ensure!(status.success() || stopping.load(Ordering::Relaxed), "the engine ended with {status}");
    Ok(())
}

/// Passes Ctrl-C and termination on to the engines, so that they can close their files, and keeps this program waiting for them.
fn stop_with_us(engines: impl IntoIterator<Item = u32>) -> anyhow::Result<&'static AtomicBool> {
    static STOPPING: AtomicBool = AtomicBool::new(false);
    let ids: Vec<String> = engines.into_iter().map(|id| id.to_string()).collect();
    ctrlc::set_handler(move || {
        STOPPING.store(true, Ordering::Relaxed);
        // The engines are our children and not yet waited for, so the ids are still their own. One may be gone all the same.
        let _ = Command::new("kill").arg("-TERM").args(&ids).stderr(Stdio::null()).status();
    })?;
    Ok(&STOPPING)
}

/// Opens the address where there is a screen; the address is printed anyway, so a failure needs no word.
fn open_in_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let screen = cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if screen && exists(opener) {
        let _ = Command::new(opener).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}
