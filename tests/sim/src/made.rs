//! What is known about the edits that were made, whoever has forgotten them.

use std::collections::BTreeMap;

use crate::edit::Op;
use crate::engine::{Answer, Engine};

/// An edit of a user.
#[derive(Debug)]
pub(crate) struct Made {
    /// What it shows, that of edits which it replaced included.
    pub(crate) shows: Vec<Op>,
    /// The edit that took its place before it was sent.
    replaced_by: Option<String>,
    /// The app took it back.
    pub(crate) is_discarded: bool,
}

/// All edits, by the ids of their mutations.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) edits: BTreeMap<String, Made>,
}

impl Ledger {
    pub(crate) fn add(&mut self, id: &str, ops: &[Op]) {
        self.edits
            .insert(id.to_owned(), Made { shows: ops.to_vec(), replaced_by: None, is_discarded: false });
    }

    /// An edit has taken the place of another.
    pub(crate) fn replace(&mut self, old: &str, new: &str) {
        let Some(before) = self.edits.get_mut(old) else { return };
        before.replaced_by = Some(new.to_owned());
        let mut shows = before.shows.clone();
        if let Some(after) = self.edits.get_mut(new) {
            shows.append(&mut after.shows);
            after.shows = shows;
        }
    }

    /// The edit that stands for this one.
    pub(crate) fn stands_for<'a>(&'a self, id: &'a str) -> &'a str {
        self.line_of(id).last().unwrap_or(id)
    }

    /// An edit and those that took its place, one after the other.
    pub(crate) fn line_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a str> {
        std::iter::successors(Some(id), |id| self.edits.get(*id)?.replaced_by.as_deref())
    }

    /// An edit that was replaced is back, because the app was killed before that was stored.
    pub(crate) fn is_back(&mut self, id: &str) {
        if let Some(made) = self.edits.get_mut(id) {
            made.replaced_by = None;
        }
    }

    /// Says what is wrong with telling the app that a mutation is done, or refused.
    pub(crate) fn judge(
        &self,
        engine: &Engine,
        id: &str,
        rejection: Option<&str>,
        reached: Option<u64>,
    ) -> Result<(), String> {
        let answer = engine.answers.get(self.stands_for(id));
        match (rejection, answer) {
            (None, Some(Answer::Applied { commit })) if reached.is_some_and(|reached| reached >= *commit) => {
                Ok(())
            }
            (None, Some(Answer::Applied { commit })) => {
                Err(format!("{id} is confirmed at {reached:?}, but it was done by commit {commit}"))
            }
            (None, other) => Err(format!("{id} is confirmed, but the answer was {other:?}")),
            (Some("discarded"), _) if self.edits.get(id).is_some_and(|made| made.is_discarded) => Ok(()),
            (Some(kind), Some(Answer::Rejected { kind: said })) if kind == *said => Ok(()),
            (Some(kind), other) => Err(format!("{id} is refused as {kind}, but the answer was {other:?}")),
        }
    }
}
