//! Random answers, events and invalidations against a model that is too simple to be wrong.

use std::collections::{BTreeMap, BTreeSet};

use larder::remote::Invalidation;
use proptest::prelude::*;
use serde_json::json;

use super::{Asked, Desk, file};

const FOLDERS: [&str; 2] = ["/a", "/b"];

#[derive(Debug, Clone)]
enum Op {
    Change {
        id: u8,
        folder: usize,
    },
    Delete {
        id: u8,
    },
    Invalidate,
    /// Ids with whether they come whole; they are as they were when the question came.
    Answer {
        which: usize,
        ids: Vec<(u8, bool)>,
    },
}

fn op() -> impl Strategy<Value = Op> {
    let id = 0..6_u8;
    prop_oneof![
        4 => (id.clone(), 0..2_usize).prop_map(|(id, folder)| Op::Change { id, folder }),
        2 => id.clone().prop_map(|id| Op::Delete { id }),
        1 => Just(Op::Invalidate),
        3 => (0..2_usize, prop::collection::vec((id, any::<bool>()), 0..6)).prop_map(|(which, ids)| Op::Answer { which, ids }),
    ]
}

type Rows = BTreeMap<u8, (u64, usize)>;

/// A question that is open: what the backend had when it came, and what has joined the list since.
struct Open {
    asked: Asked,
    backend: Rows,
    joined: Vec<u8>,
    /// What was deleted since, so that the answer knows less of it than the events.
    deleted: BTreeSet<u8>,
}

#[derive(Default)]
struct Model {
    rows: Rows,
    /// The lists of both queries; entities join the second by events.
    lists: [Vec<u8>; 2],
    open: [Option<Open>; 2],
}

impl Model {
    fn set(&mut self, id: u8, row: (u64, usize)) {
        let did_match = self.rows.insert(id, row).is_some_and(|(_, folder)| folder == 0);
        if row.1 == 0 && !did_match && !self.lists[1].contains(&id) {
            self.lists[1].push(id);
            if let Some(open) = &mut self.open[1] {
                open.joined.push(id);
            }
        }
    }

    fn delete(&mut self, id: u8) {
        self.rows.remove(&id);
        self.lists.iter_mut().for_each(|list| list.retain(|&other| other != id));
        for open in self.open.iter_mut().flatten() {
            open.joined.retain(|&other| other != id);
            open.deleted.insert(id);
        }
    }

    fn answer(&mut self, which: usize, ids: &[(u8, bool)]) {
        let open = self.open[which].as_ref().unwrap();
        let is_gone = |id: &u8| open.deleted.contains(id) && !self.rows.contains_key(id);
        let (ids, whole): (Vec<u8>, Vec<Option<(u64, usize)>>) = ids
            .iter()
            .filter(|(id, _)| !is_gone(id))
            .map(|(id, is_whole)| (*id, open.backend.get(id).copied().filter(|_| *is_whole)))
            .unzip();
        for (&id, row) in ids.iter().zip(whole) {
            if let Some(row) = row.filter(|row| self.rows.get(&id).is_none_or(|known| known.0 <= row.0)) {
                self.set(id, row);
            }
        }
        let open = self.open[which].take().unwrap();
        self.lists[which].clear();
        for id in ids.into_iter().chain(open.joined) {
            if !self.lists[which].contains(&id) {
                self.lists[which].push(id);
            }
        }
    }

    fn shown(&self, which: usize) -> Vec<String> {
        let belongs = |id: &&u8| self.rows.get(id).is_some_and(|(_, folder)| which == 0 || *folder == 0);
        self.lists[which].iter().filter(belongs).map(u8::to_string).collect()
    }

    /// Notes the questions that the backend was asked.
    fn hear(&mut self, desk: &mut Desk) {
        for asked in desk.asked() {
            let which = usize::from(asked.method == "files.list");
            self.open[which] = Some(Open {
                asked,
                backend: self.rows.clone(),
                joined: Vec::new(),
                deleted: BTreeSet::new(),
            });
        }
    }
}

fn row(id: u8, (version, folder): (u64, usize)) -> serde_json::Value {
    file(&id.to_string(), version, FOLDERS[folder])
}

// A failure prints its steps; `PROPTEST_CASES` runs more.
proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn results_equal_a_naive_model_after_every_step(ops in prop::collection::vec(op(), 1..60)) {
        let mut desk = Desk::new();
        let mut model = Model::default();
        let queries = [
            desk.mount(json!({"method": "files.search", "from": "file"})),
            desk.mount(json!({"method": "files.list", "from": "file", "where": {"folder": "/a"}})),
        ];
        model.hear(&mut desk);
        for (step, op) in ops.into_iter().enumerate() {
            match op {
                Op::Change { id, folder } => {
                    let new = (step as u64 + 1, folder);
                    desk.change(row(id, new));
                    model.set(id, new);
                }
                Op::Delete { id } => {
                    desk.delete(&id.to_string());
                    model.delete(id);
                }
                Op::Invalidate => {
                    desk.host.deliver(desk.cache.invalidate(&Invalidation::everything(), 0)).unwrap();
                }
                Op::Answer { which, ids } => {
                    let Some(open) = &model.open[which] else { continue };
                    let asked = open.asked.clone();
                    let element = |(id, is_whole): &(u8, bool)| match open.backend.get(id).filter(|_| *is_whole) {
                        Some(&known) => row(*id, known),
                        None => json!(id.to_string()),
                    };
                    let data: Vec<_> = ids.iter().map(element).collect();
                    model.answer(which, &ids);
                    desk.answer(&asked, json!({"data": data}));
                }
            }
            model.hear(&mut desk);
            for (which, &query) in queries.iter().enumerate() {
                prop_assert_eq!(desk.ids(query), model.shown(which), "query {} after step {}", which, step);
            }
        }
    }
}
