//! `bench --instructions`: how many instructions the hot paths take, against what was counted before. Unlike times, counts are the same
//! however busy the machine is.

use crate::command::{self, cargo, program};
use crate::steps::Steps;
use crate::{apt, workspace};
use anyhow::Context;
use std::fmt::Write;
use std::path::PathBuf;

const TABLE: &str = "bench/INSTRUCTIONS.md";
/// So much more is told as slower. Another version of the compiler makes about as much.
const NOTABLE: f64 = 1.05;

/// Counts, compares with the table and, if that is asked for, writes it.
pub fn run(steps: &mut Steps, saves: bool) -> anyhow::Result<()> {
    if !command::exists("valgrind") {
        steps.run("install valgrind", || apt::install(&["valgrind"]))?;
    }
    let paths = steps.run("compile the hot paths", compile)?;
    let table =
        std::fs::read_to_string(workspace::path(TABLE)).context("cannot read bench/INSTRUCTIONS.md")?;
    let counted = steps.run("count their instructions", || {
        let list = command::quiet(program(&paths).arg("--paths"))?;
        println!("\n{:>14} {:>14} {:>7}", "instructions", "before", "ratio");
        let mut counted = Vec::new();
        for (per, name) in list.lines().filter_map(|line| line.split_once('\t')) {
            let count = count(&paths, name)? / per.parse::<u64>()?.max(1);
            report(name, count, known(&table, name));
            counted.push((name.to_owned(), count));
        }
        Ok(counted)
    })?;
    if saves {
        let mut text: String = table
            .lines()
            .filter(|line| row(line).is_none())
            .fold(String::new(), |text, line| text + line + "\n");
        for (name, count) in counted {
            writeln!(text, "| {name} | {} |", grouped(count))?;
        }
        std::fs::write(workspace::path(TABLE), text)?;
    }
    Ok(())
}

/// Compiles the program that takes the paths, and says where it is.
fn compile() -> anyhow::Result<PathBuf> {
    let output = command::quiet(cargo().args([
        "bench",
        "--locked",
        "-p",
        "larder",
        "--bench",
        "hot_paths",
        "--no-run",
    ]))?;
    let named = output.lines().filter(|line| line.contains("Executable")).find_map(|line| {
        let (_, path) = line.split_once('(')?;
        path.trim_end().strip_suffix(')')
    });
    named
        .map(|path| workspace::root().join(path))
        .with_context(|| format!("cargo names no program:\n{output}"))
}

/// The instructions of one path, without its preparation.
fn count(paths: &PathBuf, name: &str) -> anyhow::Result<u64> {
    let mut valgrind = program("valgrind");
    valgrind.args(["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=*counted*"]);
    valgrind.arg("--callgrind-out-file=/dev/null").arg(paths).args(["--count", name]);
    let output = command::quiet(&mut valgrind)?;
    let collected = output.lines().find_map(|line| line.split_once("Collected :"));
    collected
        .and_then(|(_, count)| count.trim().parse().ok())
        .with_context(|| format!("valgrind says no count:\n{output}"))
}

fn report(name: &str, count: u64, before: Option<u64>) {
    let Some(before) = before else {
        return println!("{:>14} {:>14} {:>7}  {name}", grouped(count), "-", "-");
    };
    let ratio = count as f64 / before.max(1) as f64;
    let verdict = if ratio > NOTABLE {
        ": slower"
    } else if ratio < 1.0 / NOTABLE {
        ": faster"
    } else {
        ""
    };
    println!("{:>14} {:>14} {ratio:>7.3}  {name}{verdict}", grouped(count), grouped(before));
}

/// The path and the count of a row of the table.
fn row(line: &str) -> Option<(&str, u64)> {
    let (name, count) = line.strip_prefix("| ")?.strip_suffix(" |")?.rsplit_once(" | ")?;
    Some((name, count.replace(',', "").parse().ok()?))
}

fn known(table: &str, name: &str) -> Option<u64> {
    table.lines().filter_map(row).find_map(|(known, count)| (known == name).then_some(count))
}

fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_found_again_in_the_table() {
        let table = format!(
            "| path | instructions of one step |\n|---|---:|\n| an event | {} |\n",
            grouped(1_234_567)
        );
        assert_eq!(known(&table, "an event"), Some(1_234_567));
        assert_eq!(known(&table, "another"), None);
    }
}
