//! Time by the clock, and what the processor did for this program meanwhile.

use std::fmt;
use std::time::{Duration, Instant};

/// A beginning.
pub struct Began {
    at: Instant,
    cpu: Option<Duration>,
}

/// What went by.
#[derive(Debug, Clone, Copy)]
pub struct Elapsed {
    clock: Duration,
    /// Of all threads; where the system says.
    cpu: Option<Duration>,
}

/// Nanoseconds of the processor, by all threads that there are or by this one.
fn cpu(of_this_thread: bool) -> Option<Duration> {
    let first = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    if of_this_thread {
        return first("/proc/thread-self/schedstat".into()).map(Duration::from_nanos);
    }
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let spent = threads.filter_map(|thread| first(thread.ok()?.path().join("schedstat")));
    Some(Duration::from_nanos(spent.sum()))
}

impl Elapsed {
    /// From now on.
    pub fn begin() -> Began {
        Began { cpu: cpu(false), at: Instant::now() }
    }

    /// What one of so many calls takes of this thread.
    pub fn of_each(count: u32, mut call: impl FnMut(u32)) -> Self {
        let (before, at) = (cpu(true), Instant::now());
        (0..count).for_each(&mut call);
        let clock = at.elapsed() / count;
        let spent = cpu(true).zip(before).map(|(after, before)| after.saturating_sub(before) / count);
        Self { clock, cpu: spent }
    }

    /// How many times as much this is, by the clock and by the processor.
    pub fn against(self, other: Self) -> String {
        let ratio = |a: Duration, b: Duration| format!("{:.3}x", a.as_secs_f64() / b.as_secs_f64());
        let cpu = self.cpu.zip(other.cpu).map(|(a, b)| ratio(a, b)).unwrap_or_default();
        format!("{:>9} {cpu:>9}", ratio(self.clock, other.clock))
    }

    /// Whether it is at most so many times as much, as far as the processor says, or else the clock.
    pub fn is_at_most(self, times: f64, other: Self) -> &'static str {
        let (mine, others) = self.cpu.zip(other.cpu).unwrap_or((self.clock, other.clock));
        if mine.as_secs_f64() <= times * others.as_secs_f64() { "met" } else { "NOT MET" }
    }
}

impl Began {
    /// Until now.
    pub fn end(&self) -> Elapsed {
        let clock = self.at.elapsed();
        Elapsed { clock, cpu: cpu(false).zip(self.cpu).map(|(after, before)| after.saturating_sub(before)) }
    }
}

impl fmt::Display for Elapsed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1000.0);
        write!(out, "{:>12} {:>12}", text(self.clock), self.cpu.map(text).unwrap_or_default())
    }
}

/// The medians of both.
pub fn median_of(all: &[Elapsed]) -> Elapsed {
    let median = |mut times: Vec<Duration>| {
        times.sort();
        times.get(times.len() / 2).copied()
    };
    let clock = median(all.iter().map(|elapsed| elapsed.clock).collect()).unwrap_or_default();
    Elapsed { clock, cpu: median(all.iter().filter_map(|elapsed| elapsed.cpu).collect()) }
}
