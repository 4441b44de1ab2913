//! The parts of a command: one line when a part starts, the seconds of all parts at the end.

use std::time::{Duration, Instant};

/// The parts of one command that ran so far.
pub struct Steps {
    started: Instant,
    done: Vec<(String, Duration)>,
}

impl Steps {
    /// Nothing ran yet.
    pub fn new() -> Self {
        Self { started: Instant::now(), done: Vec::new() }
    }

    /// Says what happens next, does it, and remembers how long it took.
    pub fn run<T>(&mut self, title: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        println!("==> {title}");
        let started = Instant::now();
        let result = work();
        self.done.push((title.to_owned(), started.elapsed()));
        result
    }

    /// Says that a part was not needed.
    pub fn skip(&self, title: &str, why: &str) {
        println!("--> {title}: {why}");
    }

    /// Prints the seconds of each part since the last summary, and of all.
    pub fn summary(&mut self) {
        if self.done.is_empty() {
            return;
        }
        println!();
        for (title, elapsed) in self.done.drain(..) {
            println!("{:>8.1} s  {title}", elapsed.as_secs_f64());
        }
        println!("{:>8.1} s  in all", self.started.elapsed().as_secs_f64());
    }
}
