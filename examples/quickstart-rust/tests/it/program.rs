//! A program that a test has started.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// A running program; ended with the test, whatever comes of it.
pub struct Program {
    child: Child,
    lines: UnboundedReceiver<String>,
}

impl Program {
    pub fn start(path: &str, url: &str) -> Self {
        let mut child = Command::new(path).arg(url).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in out.lines() {
                if sender.send(line.unwrap()).is_err() {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    /// Reads what it prints until this line comes.
    pub async fn prints(&mut self, expected: &str) {
        let mut seen = Vec::new();
        let found = async {
            while let Some(line) = self.lines.recv().await {
                if line == expected {
                    return true;
                }
                seen.push(line);
            }
            false
        };
        let found = timeout(Duration::from_secs(20), found).await;
        assert_eq!(found, Ok(true), "{seen:#?} instead of {expected:?}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
