//! Other programs, run either quietly (their output appears only when they fail) or in the open.

use crate::workspace;
use anyhow::{Context, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// Who sees the output of a program while it runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Output {
    /// Nobody.
    Silent,
    /// On a terminal, the newest line only, and it goes away again.
    Quiet,
    /// Everybody.
    Open,
}

/// What a program did.
pub struct Finished {
    /// Both of its output streams, in order.
    pub output: String,
    /// How it ended.
    pub status: ExitStatus,
}

static UNATTENDED: AtomicBool = AtomicBool::new(false);

/// From now on, programs get the settings of a machine that builds once and that nobody looks at.
pub fn nobody_watches() {
    UNATTENDED.store(true, Ordering::Relaxed);
}

/// A program to be run from the top of the repository.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    if UNATTENDED.load(Ordering::Relaxed) {
        command.envs([("CI", "true"), ("CARGO_INCREMENTAL", "0"), ("CARGO_TERM_COLOR", "never")]);
    }
    command
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The program that this name starts.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// Whether a program of this name can be started.
pub fn exists(name: &str) -> bool {
    find(name).is_some()
}

/// Runs a program whose output matters only when it fails.
pub fn quiet(command: &mut Command) -> anyhow::Result<String> {
    let finished = run(command, Output::Quiet)?;
    must_succeed(command, finished)
}

/// Runs such a program beside others; the answer waits for it.
pub fn beside(mut command: Command) -> JoinHandle<anyhow::Result<String>> {
    std::thread::spawn(move || {
        let finished = run(&mut command, Output::Silent)?;
        must_succeed(&command, finished)
    })
}

fn must_succeed(command: &Command, finished: Finished) -> anyhow::Result<String> {
    if finished.status.success() {
        return Ok(finished.output);
    }
    for line in finished.output.lines().filter(|line| !is_progress(line)) {
        eprintln!("{line}");
    }
    bail!("{}", failure(command, finished.status))
}

/// Whether a line of cargo only says how far it is, which helps nobody to see what failed.
fn is_progress(line: &str) -> bool {
    let verb = line.trim_start().split(' ').next().unwrap_or("");
    line.starts_with("  ") && ["Compiling", "Checking", "Downloading", "Downloaded", "Fresh"].contains(&verb)
}

/// Runs a program in the open and keeps a copy of what it says.
pub fn open(command: &mut Command) -> anyhow::Result<Finished> {
    run(command, Output::Open)
}

/// What to say about a program that failed.
pub fn failure(command: &Command, status: ExitStatus) -> String {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    format!("`{}` ended with {status}", words.join(" "))
}

fn run(command: &mut Command, output: Output) -> anyhow::Result<Finished> {
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().with_context(|| format!("cannot start `{name}`"))?;
    // `command` holds the writing end of the pipe: as long as it does, reading would never end.
    command.stdout(Stdio::inherit()).stderr(Stdio::inherit());

    let transient = output == Output::Quiet && std::io::stderr().is_terminal();
    let mut all = String::new();
    let mut line = Vec::new();
    let mut reader = BufReader::new(reader);
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        if output == Output::Open {
            print!("{text}");
            std::io::stdout().flush()?;
        } else if transient {
            eprint!("\r\x1b[2K    {}", text.trim_end().chars().take(100).collect::<String>());
        }
        all.push_str(&text);
        line.clear();
    }
    if transient {
        eprint!("\r\x1b[2K");
    }
    Ok(Finished { output: all, status: child.wait()? })
}
