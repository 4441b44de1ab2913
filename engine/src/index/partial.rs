//! Looking where the hints say.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use sea_orm::DbErr;
use tokio::time::sleep;
use uuid::Uuid;

use super::Indexer;
use super::apply::apply;
use super::diff::diff;
use super::full::{HINTS_TAKE, blocking};
use super::glance::{Glance, Place, glance, retain_vacant};
use super::look::{Found, identity, stat};
use super::name::{child, disk_path, is_within, parent, relative, segments};
use super::problem::report;
use super::rules::{GIT, GITIGNORE, PART, Rules};
use crate::database::entity::file;
use crate::transaction::Write;
use crate::watch::{Batch, Doubt};

/// How often a row is looked for before it counts as gone while hints keep coming that say nothing of it.
const LOOKS: u8 = 5;

/// Looks at the paths of the batch and brings their rows up to date. `false`: the root is not there, or another one than its
/// row is about; nothing was written.
pub(crate) async fn partial_scan(indexer: &mut Indexer, batch: Batch) -> Result<bool, DbErr> {
    let disk = Arc::clone(&indexer.disk);
    let _disk = disk.lock().await;
    let rules = Arc::clone(&indexer.rules);
    for path in &batch.gone {
        indexer.watches.forget(path);
    }
    let dirty = relevant(&rules, &batch);
    if dirty.is_empty() {
        return Ok(true);
    }

    let on_the_way: BTreeSet<String> = dirty.iter().flat_map(|place| prefixes(&place.path)).collect();
    let on_the_way = indexer.known.at(&Vec::from_iter(on_the_way)).await?;
    let ids: HashMap<&str, Uuid> = on_the_way.iter().map(|row| (row.path.as_str(), row.id)).collect();
    let places: BTreeSet<Place> = dirty.into_iter().map(|place| lift(place, &ids)).collect();
    let anchors: HashMap<String, Uuid> =
        on_the_way.iter().filter(|row| row.is_dir).map(|row| (row.path.clone(), row.id)).collect();

    let Some(root) = on_the_way.iter().find(|row| row.path.is_empty()).map(identity) else {
        return Ok(false);
    };
    let watches = Arc::clone(&indexer.watches);
    let looking = places.clone();
    let looked = blocking({
        let rules = Arc::clone(&rules);
        move || {
            let glance = glance(&rules, &watches, looking);
            // A root that went away takes everything with it; that is not a deletion.
            stat(rules.root()).is_ok_and(|now| now.identity() == root).then_some(glance)
        }
    })
    .await?;
    let Some(Glance { seen, walked }) = looked else { return Ok(false) };

    let asked: HashSet<&str> = places.iter().map(|place| place.path.as_str()).collect();
    let mut known: Vec<file::Model> =
        on_the_way.into_iter().filter(|row| asked.contains(row.path.as_str())).collect();
    let still_folders: HashSet<&str> =
        seen.entries.iter().filter(|entry| entry.stat.is_dir).map(|entry| entry.path.as_str()).collect();
    let below: Vec<String> = known
        .iter()
        .filter(|row| row.is_dir)
        .filter(|row| walked.contains(&row.path) || !still_folders.contains(row.path.as_str()))
        .map(|row| row.path.clone())
        .collect();
    known.extend(indexer.known.below(&outermost(below)).await?);
    let moved_here = moved_from_elsewhere(indexer, &seen.entries, &known).await?;
    known.extend(moved_here);
    let mut taken = HashSet::new();
    known.retain(|row| taken.insert(row.id));

    indexer.reported.forget(&seen.entries);
    let problems = indexer.reported.add(seen.problems);
    let notice = report(indexer.location, &problems).map_err(|error| DbErr::Json(error.to_string()))?;

    let occupied: HashSet<String> = seen.entries.iter().map(|entry| entry.path.clone()).collect();
    let mut changes = diff(indexer.location, seen.entries, known, anchors, &seen.unknown);
    if !changes.deleted.is_empty() {
        sleep(HINTS_TAKE).await;
    }
    let told = Told::by(&rules, &batch, batch.is_half || indexer.dirty.is_pending());
    let mut doubted: Vec<(PathBuf, Doubt)> = Vec::new();
    changes.deleted.retain(|row| {
        let doubt = if occupied.contains(&row.path) { None } else { told.doubt(&row.path) };
        let is_gone = doubt.is_none();
        doubted.extend(doubt.map(|doubt| (disk_path(rules.root(), &row.path), doubt)));
        is_gone
    });
    let seen_twice = changes.doubted.iter().map(|path| disk_path(rules.root(), path));
    doubted.extend(seen_twice.map(|path| (path.clone(), Doubt::of(path))));
    indexer.dirty.note_doubted(doubted);
    apply(&indexer.transactions, changes, "watch", |_| ()).await?;
    if let Some((name, data)) = notice {
        indexer.transactions.commit(vec![Write::Notice { name, data }], None).await?;
    }
    Ok(true)
}

/// What hints say of rows that seem to be gone.
struct Told<'a> {
    rules: &'a Rules,
    batch: &'a Batch,
    /// No later hint may say that something moved.
    is_all: bool,
    /// Places that something went from by a hint, or that were looked at before.
    gone: HashSet<String>,
}

impl<'a> Told<'a> {
    fn by(rules: &'a Rules, batch: &'a Batch, is_more_to_come: bool) -> Self {
        let is_all = !is_more_to_come;
        let hinted = batch.gone.iter().filter(|_| is_all);
        let looked = |doubt: &Doubt| is_all || doubt.times >= LOOKS;
        let doubted = batch.doubted.iter().filter(|(_, doubt)| looked(doubt)).map(|(path, _)| path);
        let gone = hinted.chain(doubted).filter_map(|path| relative(rules.root(), path)).collect();
        Self { rules, batch, is_all, gone }
    }

    /// Why a row may not be gone: nothing says that it is, or it is on its way through other names, and has been at the last one of them that
    /// hints have told of. Those that say where it went from there are on their way, unless it left. However long that goes on, it is
    /// looked for until hints have said nothing of it for a few times.
    fn doubt(&self, path: &str) -> Option<Doubt> {
        let place = disk_path(self.rules.root(), path);
        let before = self.batch.doubted.get(&place);
        let led = self.batch.trail.follow(before.map_or(&place, |doubt| &doubt.at));
        let has_left = if led.is_news { led.has_left } else { before.is_some_and(|doubt| doubt.has_left) };
        let times = before.filter(|_| !led.is_news).map_or(0, |doubt| doubt.times);
        let is_gone = led.is_removed
            || if led.at == place {
                prefixes(path).iter().any(|above| self.gone.contains(above))
            } else {
                (has_left && self.is_all) || times >= LOOKS
            };
        (!is_gone).then(|| Doubt { times: times.saturating_add(1), at: led.at, has_left })
    }
}

/// The places that the hints are about, without those that are never mirrored.
fn relevant(rules: &Rules, batch: &Batch) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    for on_disk in &batch.paths {
        let Some(path) = relative(rules.root(), on_disk) else { continue };
        if rules.is_own(on_disk) {
            continue;
        }
        if path == GIT {
            // The root became a repository or is none any more: other rules for everything.
            places.insert(Place { path: String::new(), deep: true });
        }
        if segments(&path).any(|name| name == GIT || name.starts_with(PART)) {
            continue;
        }
        if segments(&path).last() == Some(GITIGNORE) && rules.is_repository() {
            places.insert(Place { path: parent(&path).unwrap_or_default().to_owned(), deep: true });
        }
        places.insert(Place { path, deep: false });
    }
    // Deep ones first, so that a place is not looked at twice.
    let deep: Vec<String> =
        places.iter().filter(|place| place.deep).map(|place| place.path.clone()).collect();
    places.retain(|place| place.deep || !deep.contains(&place.path));
    places
}

/// The path and all above it, the root included.
fn prefixes(path: &str) -> Vec<String> {
    let mut prefixes = vec![String::new()];
    for name in segments(path) {
        let next = child(&prefixes[prefixes.len() - 1], name);
        prefixes.push(next);
    }
    prefixes
}

/// A place below a folder without a row: the topmost such folder is what has to be looked at.
fn lift(place: Place, ids: &HashMap<&str, Uuid>) -> Place {
    match prefixes(&place.path).into_iter().find(|path| !ids.contains_key(path.as_str())) {
        Some(path) => Place { path, deep: true },
        None => place,
    }
}

/// Leaves out what is below another one.
fn outermost(mut paths: Vec<String>) -> Vec<String> {
    paths.sort_unstable();
    let mut outermost: Vec<String> = Vec::new();
    for path in paths {
        if !outermost.iter().any(|above| is_within(&path, above)) {
            outermost.push(path);
        }
    }
    outermost
}

/// Rows of what has been moved to one of the places, from where no hint has come yet.
async fn moved_from_elsewhere(
    indexer: &Indexer,
    entries: &[Found],
    known: &[file::Model],
) -> Result<Vec<file::Model>, DbErr> {
    let here: HashSet<&str> = known.iter().map(|row| row.path.as_str()).collect();
    let ids: HashSet<Uuid> = known.iter().map(|row| row.id).collect();
    let new: HashSet<_> = entries
        .iter()
        .filter(|entry| !here.contains(entry.path.as_str()))
        .filter_map(|entry| entry.stat.identity())
        .collect();
    let inodes: Vec<i64> = entries
        .iter()
        .filter(|entry| !here.contains(entry.path.as_str()))
        .filter_map(|entry| entry.stat.inode)
        .collect();
    if inodes.is_empty() {
        return Ok(Vec::new());
    }
    let mut candidates = indexer.known.with_inodes(&inodes).await?;
    candidates.retain(|row| !ids.contains(&row.id) && identity(row).is_some_and(|same| new.contains(&same)));
    let rules = Arc::clone(&indexer.rules);
    let mut moved = blocking(move || {
        retain_vacant(&rules, &mut candidates);
        candidates
    })
    .await?;
    let folders = moved.iter().filter(|row| row.is_dir).map(|row| row.path.clone()).collect();
    moved.extend(indexer.known.below(&outermost(folders)).await?);
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;
    use crate::watch::Trail;

    /// Looks once more for what was at `a`, in the midst of a flood of hints.
    fn look(before: Option<Doubt>, hints: impl FnOnce(&mut Trail)) -> Option<Doubt> {
        let rules = Rules::new(PathBuf::from("/root"), []);
        let doubted: BTreeMap<PathBuf, Doubt> =
            before.into_iter().map(|doubt| (PathBuf::from("/root/a"), doubt)).collect();
        let mut batch = Batch { doubted, ..Batch::default() };
        hints(&mut batch.trail);
        Told::by(&rules, &batch, true).doubt("a")
    }

    fn renamed(trail: &mut Trail, from: &str, to: &str) {
        trail.renamed(&Path::new("/root").join(from), &Path::new("/root").join(to));
    }

    #[test]
    fn what_is_renamed_again_and_again_is_not_gone_however_often_it_is_looked_for() {
        let mut doubt = look(None, |trail| renamed(trail, "a", "0"));
        for step in 0..10 * u32::from(LOOKS) {
            doubt = look(doubt, |trail| renamed(trail, &step.to_string(), &(step + 1).to_string()));
            assert!(doubt.is_some(), "it is gone after {step} renames");
            // Hints come late, too.
            doubt = look(doubt, |_| ());
        }
        assert_eq!(doubt.as_ref().unwrap().at, Path::new("/root/50"));
        let removed = look(doubt, |trail| trail.removed(Path::new("/root/50")));
        assert_eq!(removed, None, "a hint said that it is gone");
    }

    #[test]
    fn what_hints_say_nothing_of_is_gone_after_a_few_looks_however_many_there_are_of_others() {
        let mut looks = 0;
        let mut doubt = look(None, |trail| renamed(trail, "a", "b"));
        while doubt.is_some() {
            doubt = look(doubt, |trail| renamed(trail, "x", "y"));
            looks += 1;
            assert!(looks <= u32::from(LOOKS), "it is looked for again and again");
        }
    }
}
