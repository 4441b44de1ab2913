//! The program, started by a test.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

use crate::client::Client;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_larder-engine");

/// A running program; ended with the test, whatever comes of it.
pub struct Program {
    pub child: Child,
    pub out: BufReader<ChildStdout>,
    /// What it printed when it was ready.
    pub line: String,
}

impl Program {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        Self { child, out, line }
    }

    /// The port and the token it printed.
    pub fn place(&self) -> (u16, &str) {
        let (_, url) = self.line.trim_end().split_once(" at http://127.0.0.1:").unwrap();
        let (port, token) = url.split_once("/?token=").unwrap();
        (port.parse().unwrap(), token)
    }

    /// The whole address it printed.
    pub fn url(&self) -> &str {
        &self.line.trim_end()[self.line.find("http://").unwrap()..]
    }

    pub async fn client(&self) -> Client {
        let (port, token) = self.place();
        let mut client = Client::connect(([127, 0, 0, 1], port).into(), token).await;
        client.subscribe().await;
        client.until("the folder is scanned", |replica| replica.is_ready()).await;
        client
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn folder_with(file: &str) -> (TempDir, PathBuf) {
    let outer = TempDir::new().unwrap();
    let root = outer.path().canonicalize().unwrap().join("root");
    fs::create_dir(&root).unwrap();
    fs::write(root.join(file), "").unwrap();
    (outer, root)
}

pub fn serve(program: &Path, root: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("serve").arg(root).arg("--db").arg(root.with_file_name("db").join("larder.sqlite"));
    command
}
