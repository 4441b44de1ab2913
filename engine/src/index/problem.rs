//! What could not be mirrored as it should, told once.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use super::look::Found;

/// How many problems one report names; the rest is only counted.
const NAMED: usize = 100;

/// Something about one path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct Problem {
    pub(crate) path: String,
    /// `unreadable`, `not_utf8`, `not_watched`.
    pub(crate) problem: &'static str,
    pub(crate) message: String,
}

/// The problems that are known already.
#[derive(Debug, Default)]
pub(crate) struct Reported(HashSet<(String, &'static str)>);

impl Reported {
    /// Forgets what was looked at again; if it still has a problem, that counts as new.
    pub(crate) fn forget(&mut self, seen: &[Found]) {
        if !self.0.is_empty() {
            let seen: HashSet<&str> = seen.iter().map(|entry| entry.path.as_str()).collect();
            self.0.retain(|(path, _)| !seen.contains(path.as_str()));
        }
    }

    /// Takes note of the problems of a scan of everything and returns the new ones.
    pub(crate) fn replace(&mut self, problems: Vec<Problem>) -> Vec<Problem> {
        let now = problems.iter().map(|problem| (problem.path.clone(), problem.problem)).collect();
        let before = std::mem::replace(&mut self.0, now);
        problems
            .into_iter()
            .filter(|problem| !before.contains(&(problem.path.clone(), problem.problem)))
            .collect()
    }

    /// Takes note of some problems and returns the new ones.
    pub(crate) fn add(&mut self, problems: Vec<Problem>) -> Vec<Problem> {
        problems
            .into_iter()
            .filter(|problem| self.0.insert((problem.path.clone(), problem.problem)))
            .collect()
    }
}

/// Writes the problems to the log of the process and makes the notice for clients.
pub(crate) fn report(
    location: Uuid,
    problems: &[Problem],
) -> serde_json::Result<Option<(&'static str, Box<RawValue>)>> {
    #[derive(Serialize)]
    struct Data<'a> {
        location_id: Uuid,
        count: usize,
        problems: &'a [Problem],
    }
    if problems.is_empty() {
        return Ok(None);
    }
    let named = &problems[..problems.len().min(NAMED)];
    for Problem { path, problem, message } in named {
        tracing::warn!(path, problem, message, "not mirrored as it should be");
    }
    let data = Data { location_id: location, count: problems.len(), problems: named };
    Ok(Some(("ScanProblems", to_raw_value(&data)?)))
}
