//! Walking a folder and all below it, nearest first.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::look::{Found, Stat};
use super::name::{child, encode};
use super::problem::Problem;
use super::rules::{Chain, Rules};
use crate::watch::Watches;

/// What a look at the disk brought.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Parents come before what is in them.
    pub(crate) entries: Vec<Found>,
    /// Paths of which nothing is known, nor of anything below: what the rows say there stays.
    pub(crate) unknown: Vec<String>,
    pub(crate) problems: Vec<Problem>,
}

impl Seen {
    fn problem(&mut self, path: &str, problem: &'static str, message: String) {
        self.problems.push(Problem { path: path.to_owned(), problem, message });
    }

    /// Adds an entry, and what there is to say about its name.
    pub(crate) fn entry(&mut self, path: String, on_disk: &Path, stat: Stat) {
        let name = match on_disk.file_name() {
            Some(name) if !path.is_empty() => {
                if name.to_str().is_none() {
                    self.problem(
                        &path,
                        "not_utf8",
                        "the name is not UTF-8: the odd bytes are shown as digits".to_owned(),
                    );
                }
                encode(name)
            }
            // The root of a disk has no name of its own.
            other => other.map_or_else(|| on_disk.display().to_string(), encode),
        };
        self.entries.push(Found { path, name, stat });
    }

    /// Notes that something could not be looked at. An entry that is gone by now is no problem.
    pub(crate) fn failed(&mut self, path: &str, error: &io::Error) {
        if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
            return;
        }
        self.problem(path, "unreadable", error.to_string());
        self.unknown.push(path.to_owned());
    }
}

/// Adds everything below `folder`, whose own rules are `chain`.
pub(crate) fn walk(
    rules: &Rules,
    chain: Chain,
    folder: (String, PathBuf),
    watches: &Watches,
    seen: &mut Seen,
) {
    let mut waiting = VecDeque::from([(folder, chain)]);
    while let Some(((path, on_disk), chain)) = waiting.pop_front() {
        // Before the folder is listed, so that no change falls between the two.
        if let Err(error) = watches.watch(&on_disk)
            && error.kind() != ErrorKind::PermissionDenied
            && error.kind() != ErrorKind::NotFound
        {
            seen.problem(&path, "not_watched", error.to_string());
        }
        let listing = match std::fs::read_dir(&on_disk) {
            Ok(listing) => listing,
            Err(error) => {
                seen.failed(&path, &error);
                continue;
            }
        };
        for entry in listing {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    seen.failed(&path, &error);
                    break;
                }
            };
            let on_disk = entry.path();
            let path = child(&path, &encode(&entry.file_name()));
            let stat = match entry.metadata() {
                Ok(metadata) => Stat::new(&metadata),
                Err(error) => {
                    seen.failed(&path, &error);
                    continue;
                }
            };
            if rules.leave_out(&chain, &on_disk, stat.is_dir) {
                continue;
            }
            if stat.is_dir {
                waiting.push_back(((path.clone(), on_disk.clone()), rules.within(&chain, &on_disk)));
            }
            seen.entry(path, &on_disk, stat);
        }
    }
}
