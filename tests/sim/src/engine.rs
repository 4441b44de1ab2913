//! A small model of an engine: rows, a log with sequences, and the answers that mutations got. All of it survives a restart.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use serde_json::{Value as Json, json};

use crate::bug::Bug;
use crate::edit::{self, Op};
use crate::rows::{Key, Kind, Rows, id, id_text, merge};
use crate::subscription::Subscription;

/// The answer to a mutation; who asks again gets the same.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// Done by the commit of this number, the first of which is 1.
    Applied {
        commit: u64,
    },
    Rejected {
        kind: &'static str,
    },
}

/// An event of the log.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) sequence: u64,
    pub(crate) kind: Kind,
    mutation: Option<String>,
    /// What the message says after the envelope.
    body: String,
}

impl Entry {
    /// The event as it is sent.
    pub(crate) fn text(&self, previous: Option<u64>) -> String {
        let Self { sequence, mutation, body, .. } = self;
        let previous = previous.map(|previous| format!(r#","previous":{previous}"#)).unwrap_or_default();
        let mutation = mutation.as_ref().map(|id| format!(r#","mutation_id":"{id}""#)).unwrap_or_default();
        envelope(*sequence, &format!("{mutation}{previous}"), body)
    }
}

/// An event with its envelope.
pub(crate) fn envelope(sequence: u64, more: &str, body: &str) -> String {
    let time = "2026-11-21T10:00:00Z";
    format!(
        r#"{{"envelope":{{"id":"e{sequence}","timestamp":"{time}","library_id":"lib","sequence":{sequence}{more}}},"kind":{body}}}"#
    )
}

/// The library and its log.
pub(crate) struct Engine {
    pub(crate) rows: Rc<Rows>,
    /// The rows as they were after each commit; before the first there were none.
    pub(crate) history: Vec<Rc<Rows>>,
    pub(crate) log: VecDeque<Entry>,
    /// Which log it is.
    pub(crate) epoch: usize,
    /// For each log, the number of the commit before its first.
    pub(crate) bases: Vec<u64>,
    pub(crate) answers: BTreeMap<String, Answer>,
    /// Mutations whose answers a backend with a bug does not know any more.
    forgotten: BTreeSet<String>,
    /// All that was ever done, with its mutation.
    pub(crate) done: Vec<String>,
    pub(crate) is_up: bool,
    /// So many mutations are refused for the moment.
    pub(crate) busy: u32,
    /// By client and the number of its connection.
    pub(crate) subscriptions: BTreeMap<(usize, u64), Subscription>,
    pub(crate) bug: Option<Bug>,
}

impl Engine {
    pub(crate) fn new(bug: Option<Bug>) -> Self {
        Self {
            rows: Rc::default(),
            history: vec![Rc::default()],
            log: VecDeque::new(),
            epoch: 0,
            bases: vec![0],
            answers: BTreeMap::new(),
            forgotten: BTreeSet::new(),
            done: Vec::new(),
            is_up: true,
            busy: 0,
            subscriptions: BTreeMap::new(),
            bug,
        }
    }

    pub(crate) fn commit_number(&self) -> u64 {
        self.history.len() as u64 - 1
    }

    /// The newest sequence of the log.
    pub(crate) fn head(&self) -> u64 {
        self.commit_number() - self.bases[self.epoch]
    }

    pub(crate) fn epoch_name(&self) -> String {
        format!("log-{}.", self.epoch)
    }

    /// The oldest cursor from which the log can be read on.
    pub(crate) fn oldest(&self) -> u64 {
        self.head() - self.log.len() as u64
    }

    /// Somebody who is not simulated changes something, whatever is there.
    pub(crate) fn change(&mut self, ops: &[Op]) {
        let bodies: Vec<_> = ops.iter().filter_map(|op| self.apply(op)).collect();
        self.append(bodies, None);
    }

    /// Many rows in one event.
    pub(crate) fn bulk(&mut self, kind: Kind, numbers: impl Iterator<Item = u32>, text: usize) {
        let version = self.commit_number() + 1;
        let mut rows = Rows::clone(&self.rows);
        let mut resources = Vec::new();
        for number in numbers {
            let key = (kind, number);
            let mut row = json!({"id": id(key), "name": format!("n{version}"), "v": version, "size": number});
            row["text"] = json!("y".repeat(text));
            rows.insert(key, Rc::new(row.clone()));
            resources.push(row);
        }
        let name = kind.name();
        let resources = Json::from(resources);
        let body = format!(
            r#"{{"type":"ResourceBatchChanged","data":{{"resource_type":"{name}","resources":{resources}}}}}"#
        );
        self.append(vec![(kind, body, Rc::new(rows))], None);
    }

    /// Does a mutation, or says why not. Asked again, it says the same.
    pub(crate) fn mutate(&mut self, mutation: &str, args: &Json) -> Answer {
        if self.bug != Some(Bug::DoneTwice)
            && !self.forgotten.remove(mutation)
            && let Some(answer) = self.answers.get(mutation)
        {
            return answer.clone();
        }
        if self.busy > 0 {
            self.busy -= 1;
            return Answer::Rejected { kind: "busy" };
        }
        let ops = edit::read(&args["ops"]);
        let answer = match self.refusal(&ops, args) {
            Some(kind) => Answer::Rejected { kind },
            None => {
                let before = Rc::clone(&self.rows);
                let bodies: Vec<_> = ops.iter().filter_map(|op| self.apply(op)).collect();
                self.rows = before;
                self.append(bodies, Some(mutation));
                self.done.push(mutation.to_owned());
                Answer::Applied { commit: self.commit_number() }
            }
        };
        self.answers.insert(mutation.to_owned(), answer.clone());
        answer
    }

    fn refusal(&self, ops: &[Op], args: &Json) -> Option<&'static str> {
        if args["is_refused"] == true {
            return Some("refused");
        }
        // An operation may be about a row that one before it makes.
        let is_missing = |(index, op): (usize, &Op)| {
            let is_made = ops[..index]
                .iter()
                .any(|before| matches!(before, Op::Upsert(..)) && before.key() == op.key());
            matches!(op, Op::Merge(..)) && !self.rows.contains_key(&op.key()) && !is_made
        };
        ops.iter().enumerate().any(is_missing).then_some("not_found")
    }

    /// Works out what an operation makes of the rows, and what the event says of it; nothing if there is nothing to do.
    fn apply(&mut self, op: &Op) -> Option<(Kind, String, Rc<Rows>)> {
        let key = op.key();
        let kind = key.0.name();
        let version = self.commit_number() + 1;
        let changed = |resource: &Json| {
            format!(
                r#"{{"type":"ResourceChanged","data":{{"resource_type":"{kind}","resource":{resource}}}}}"#
            )
        };
        let mut rows = Rows::clone(&self.rows);
        let body = match op {
            Op::Delete(key) => {
                rows.remove(key)?;
                let id = id_text(*key);
                format!(
                    r#"{{"type":"ResourceDeleted","data":{{"resource_type":"{kind}","resource_id":"{id}"}}}}"#
                )
            }
            Op::Upsert(_, fields) if key.0 != Kind::Tag || !rows.contains_key(&key) => {
                let mut row = Op::row(key, fields);
                if key.0 != Kind::Tag {
                    row["v"] = json!(version);
                }
                rows.insert(key, Rc::new(row.clone()));
                changed(&row)
            }
            Op::Upsert(_, fields) | Op::Merge(_, fields) => {
                let mut row = Json::clone(rows.get(&key)?);
                merge(&mut row, fields);
                // Of a type that merges, only what changed is told.
                let told = if key.0 == Kind::Tag {
                    Op::row(key, fields)
                } else {
                    row["v"] = json!(version);
                    row.clone()
                };
                rows.insert(key, Rc::new(row));
                changed(&told)
            }
        };
        // The next operation of the same mutation goes on from here.
        self.rows = Rc::new(rows);
        Some((key.0, body, Rc::clone(&self.rows)))
    }

    fn append(&mut self, bodies: Vec<(Kind, String, Rc<Rows>)>, mutation: Option<&str>) {
        let last = bodies.len();
        for (index, (kind, body, rows)) in bodies.into_iter().enumerate() {
            self.rows = Rc::clone(&rows);
            self.history.push(rows);
            let mutation = mutation.filter(|_| index + 1 == last).map(str::to_owned);
            self.log.push_back(Entry { sequence: self.head(), kind, mutation, body });
        }
    }

    /// The sequence that confirms a mutation, in this log.
    pub(crate) fn sequence_of(&self, commit: u64) -> u64 {
        match commit.checked_sub(self.bases[self.epoch]) {
            Some(sequence) if self.bug == Some(Bug::LayerDroppedEarly) => sequence.saturating_sub(1),
            Some(sequence) => sequence,
            // It was done before this log began, so that any copy has it.
            None => self.head(),
        }
    }

    pub(crate) fn compact(&mut self, keep: usize) {
        let excess = self.log.len().saturating_sub(keep);
        self.log.drain(..excess);
    }

    pub(crate) fn new_log(&mut self) {
        self.log.clear();
        self.bases.push(self.commit_number());
        self.epoch += 1;
        self.subscriptions.clear();
    }

    pub(crate) fn stop(&mut self) {
        self.is_up = false;
        self.subscriptions.clear();
        if self.bug == Some(Bug::Forgetful) {
            self.forgotten.extend(self.answers.keys().cloned());
        }
    }

    /// The rows that a client of these types has when it has reached a commit.
    pub(crate) fn rows_at(&self, commit: u64, types: Option<&[Kind]>) -> Rc<Rows> {
        let rows = &self.history[commit as usize];
        match types {
            None => Rc::clone(rows),
            Some(types) => {
                let is_of = |(key, _): &(&Key, &Rc<Json>)| types.contains(&key.0);
                Rc::new(rows.iter().filter(is_of).map(|(key, row)| (*key, Rc::clone(row))).collect())
            }
        }
    }
}
