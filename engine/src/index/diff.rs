//! Comparing what is on the disk with the rows.
//!
//! An entry is the one that its row stood for when it is at the same place (so that a program that saves by replacing a file
//! does not make a new one of it), or else when it is the same on the disk (same number and time of creation) and the old
//! place is empty: it was renamed or moved. Places are (parent, name), so what is in a renamed folder follows it.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::look::{Found, Identity, identity, update};
use super::name::{is_within, parent};
use crate::database::entity::file;

/// What to write.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) created: Vec<file::Model>,
    /// Rows whose place is another now; written together, since one may take the place of another.
    pub(crate) moved: Vec<file::Model>,
    /// Rows that differ in something else.
    pub(crate) changed: Vec<file::Model>,
    /// What is in a folder comes before the folder.
    pub(crate) deleted: Vec<file::Model>,
    /// Paths where a file was seen that was also seen elsewhere in the same look: it was renamed in between, and one of the two
    /// is over. They have to be looked at again.
    pub(crate) doubted: Vec<String>,
}

impl Changes {
    pub(crate) fn count(&self) -> usize {
        self.created.len() + self.moved.len() + self.changed.len() + self.deleted.len()
    }
}

/// Compares `found`, parents first, with the rows of the same part of the disk. `anchors` are the ids of folders outside of
/// it by path; under the paths in `unknown` nothing is deleted.
pub(crate) fn diff(
    location: Uuid,
    found: Vec<Found>,
    known: Vec<file::Model>,
    mut anchors: HashMap<String, Uuid>,
    unknown: &[String],
) -> Changes {
    let mut changes = Changes::default();
    let occupied: HashSet<String> = found.iter().map(|entry| entry.path.clone()).collect();
    let mut pool = Pool::new(known);
    let twice = seen_twice(&found);

    for Found { path, name, stat } in found {
        let parent_id = match parent(&path) {
            None => None,
            Some(parent) => match anchors.get(parent) {
                Some(id) => Some(*id),
                // Its folder went away in the meantime; the change of that is about to be seen.
                None => continue,
            },
        };
        let row = pool.take_at(parent_id, &name, stat.is_dir).or_else(|| {
            pool.take_same(stat.identity()?, |row| !occupied.contains(&row.path) && !is_unknown(row, unknown))
        });
        let is_twice = stat.identity().is_some_and(|identity| twice.contains(&identity)) && !stat.has_links;
        match row {
            None if is_twice => changes.doubted.push(path),
            Some(mut row) => {
                if stat.is_dir {
                    anchors.insert(path.clone(), row.id);
                }
                let moved = row.path != path || row.parent_id != parent_id || row.name != name;
                (row.path, row.parent_id, row.name) = (path, parent_id, name);
                let changed = update(&mut row, &stat);
                if moved {
                    changes.moved.push(row);
                } else if changed {
                    changes.changed.push(row);
                }
            }
            None => {
                let id = Uuid::now_v7();
                if stat.is_dir {
                    anchors.insert(path.clone(), id);
                }
                let mut row = file::Model {
                    id,
                    location_id: location,
                    parent_id,
                    name,
                    extension: None,
                    kind: String::new(),
                    is_dir: stat.is_dir,
                    size: 0,
                    path,
                    modified_ns: 0,
                    created_ns: 0,
                    content_id: None,
                    metadata_id: None,
                    inode: None,
                    favorite: false,
                    version: 0,
                };
                update(&mut row, &stat);
                changes.created.push(row);
            }
        }
    }

    changes.deleted = pool.rest().filter(|row| !is_unknown(row, unknown)).collect();
    changes.deleted.sort_unstable_by(|a, b| b.path.cmp(&a.path));
    changes
}

/// What was found at more than one place.
fn seen_twice(found: &[Found]) -> HashSet<Identity> {
    let mut once = HashSet::with_capacity(found.len());
    found
        .iter()
        .filter_map(|entry| entry.stat.identity())
        .filter(|identity| !once.insert(*identity))
        .collect()
}

fn is_unknown(row: &file::Model, unknown: &[String]) -> bool {
    // The folder that cannot be read is itself seen; only what is in it is not.
    unknown.iter().any(|path| is_within(&row.path, path))
}

/// The rows that no entry has been found for yet.
struct Pool {
    rows: Vec<Option<file::Model>>,
    by_place: HashMap<(Option<Uuid>, String), usize>,
    by_identity: HashMap<Identity, Vec<usize>>,
}

impl Pool {
    fn new(known: Vec<file::Model>) -> Self {
        let mut by_place = HashMap::with_capacity(known.len());
        let mut by_identity: HashMap<Identity, Vec<usize>> = HashMap::with_capacity(known.len());
        for (index, row) in known.iter().enumerate() {
            by_place.insert((row.parent_id, row.name.clone()), index);
            if let Some(identity) = identity(row) {
                by_identity.entry(identity).or_default().push(index);
            }
        }
        Self { rows: known.into_iter().map(Some).collect(), by_place, by_identity }
    }

    fn take_at(&mut self, parent: Option<Uuid>, name: &str, is_dir: bool) -> Option<file::Model> {
        let index = *self.by_place.get(&(parent, name.to_owned()))?;
        self.rows[index].take_if(|row| row.is_dir == is_dir)
    }

    fn take_same(&mut self, same: Identity, is_free: impl Fn(&file::Model) -> bool) -> Option<file::Model> {
        let candidates = self.by_identity.get(&same)?;
        let index = candidates.iter().find(|index| self.rows[**index].as_ref().is_some_and(&is_free))?;
        self.rows[*index].take()
    }

    fn rest(self) -> impl Iterator<Item = file::Model> {
        self.rows.into_iter().flatten()
    }
}
