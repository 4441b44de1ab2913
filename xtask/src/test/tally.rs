//! How many tests ran, read from what the test runners print.

use std::fmt;

/// Tests that ran, of all runners together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What they claim holds.
    pub passed: u64,
    /// What they claim does not hold.
    pub failed: u64,
}

impl Tally {
    /// Adds the `test result:` lines of `cargo test`.
    pub fn add_cargo(&mut self, output: &str) {
        for counts in output.lines().filter_map(|line| line.trim().strip_prefix("test result:")) {
            let counts = counts.split_once(". ").map_or("", |(_, counts)| counts);
            self.add(counts.split(';'));
        }
    }

    /// Adds the `Tests` lines of Vitest.
    pub fn add_vitest(&mut self, output: &str) {
        for line in output.lines() {
            let line = without_colours(line);
            if let Some(counts) = line.trim().strip_prefix("Tests  ") {
                let counts = counts.split_once('(').map_or(counts, |(counts, _)| counts);
                self.add(counts.split('|'));
            }
        }
    }

    /// Adds the last `Executed 12 tests, with 1 failure` of XCTest: the one of all suites together.
    pub fn add_xctest(&mut self, output: &str) {
        let number = |text: &str| text.split(' ').next().and_then(|count| count.parse::<u64>().ok());
        let last = output.lines().filter_map(|line| line.trim().strip_prefix("Executed ")).next_back();
        let Some((executed, rest)) = last.and_then(|line| Some((number(line)?, line.split_once("with ")?.1)))
        else {
            return;
        };
        let skipped = rest.split_once(" skipped and ").and_then(|(skipped, _)| number(skipped));
        let failures = rest.split_once(" skipped and ").map_or(rest, |(_, failures)| failures);
        // A test may fail in several places; it is one test all the same.
        let failed = number(failures).unwrap_or(0).min(executed);
        self.failed += failed;
        self.passed += executed - failed - skipped.unwrap_or(0);
    }

    /// Adds the `Test run with 12 tests passed` of Swift Testing, whose failures are lines of their own before it.
    pub fn add_swift_testing(&mut self, output: &str) {
        let of =
            |line: &str| line.trim().split_once("Test run with ")?.1.split(' ').next()?.parse::<u64>().ok();
        let Some(run) = output.lines().rev().find_map(of) else { return };
        let is_failed = |line: &&str| line.starts_with("✘ Test ") && line.contains(") failed after ");
        let failed = (output.lines().filter(is_failed).count() as u64).min(run);
        self.failed += failed;
        self.passed += run - failed;
    }

    /// Adds parts such as `12 passed`. What was skipped counts as neither.
    fn add<'a>(&mut self, parts: impl Iterator<Item = &'a str>) {
        for part in parts {
            let mut words = part.split_whitespace();
            let Some(count) = words.next().and_then(|count| count.parse::<u64>().ok()) else { continue };
            match words.next() {
                Some("passed") => self.passed += count,
                Some("failed") => self.failed += count,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(escape) = rest.find('\u{1b}') {
        plain.push_str(&rest[..escape]);
        rest = rest[escape..].find('m').map_or("", |end| &rest[escape + end + 1..]);
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn results_of_several_cargo_binaries_add_up() {
        let mut counted = Tally::default();
        counted.add_cargo(
            "running 3 tests\ntest a ... ok\n\n\
             test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.01s\n",
        );
        assert_eq!(counted, tally(5, 1));
    }

    #[test]
    fn results_of_vitest_count_tests_and_not_files() {
        let mut counted = Tally::default();
        counted.add_vitest(
            " Test Files  1 failed | 4 passed (5)\n      Tests  2 failed | 31 passed | 1 skipped (34)\n   Duration  1.2s\n",
        );
        assert_eq!(counted, tally(31, 2));
    }

    #[test]
    fn results_of_xctest_are_counted_once_for_all_suites() {
        let mut counted = Tally::default();
        counted.add_xctest(
            "\t Executed 3 tests, with 0 failures (0 unexpected) in 0.1 (0.1) seconds\n\
             Executed 9 tests, with 1 test skipped and 2 failures (0 unexpected) in 0.4 (0.4) seconds\n",
        );
        assert_eq!(counted, tally(6, 2));
    }

    #[test]
    fn results_of_swift_testing_are_counted_by_test() {
        let mut counted = Tally::default();
        counted.add_swift_testing(
            "✔ Test first() passed after 0.1 seconds.\n✘ Test second(file:) recorded an issue at A.swift:1:1: no\n\
             ✘ Test second(file:) failed after 0.2 seconds with 1 issue.\n✘ Suite A failed after 0.2 seconds with 1 issue.\n\
             ✘ Test run with 2 tests failed after 0.2 seconds with 1 issue.\n",
        );
        assert_eq!(counted, tally(1, 1));
    }

    #[test]
    fn colours_do_not_hide_a_result() {
        let mut counted = Tally::default();
        counted.add_vitest("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m7 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (7)\u{1b}[39m\n");
        assert_eq!(counted, tally(7, 0));
    }

    #[test]
    fn a_test_that_prints_about_tests_is_not_counted() {
        let mut counted = Tally::default();
        counted.add_cargo("the test result: ok. 9 passed; 0 failed\n");
        counted.add_vitest("Tests are 4 passed\n");
        assert_eq!(counted, tally(0, 0));
    }

    #[test]
    fn the_line_that_ends_a_run_names_both_counts() {
        assert_eq!(tally(12, 0).to_string(), "12 passed, 0 failed");
    }
}
