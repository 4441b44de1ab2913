//! The paths to look at again. Bounded: when there are too many, everything is looked at.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Event, EventKind};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::trail::Trail;
use crate::config::WatchTimes;

/// With more paths than this, a scan of everything is no dearer.
const MAX_PATHS: usize = 5_000;

/// Collects hints until they are taken.
#[derive(Debug, Default)]
pub(crate) struct Dirty {
    state: Mutex<State>,
    arrived: Notify,
}

/// What to look at.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) paths: BTreeSet<PathBuf>,
    /// Paths that something was removed from: if a folder is there, it is another one, with nobody watching it.
    pub(crate) gone: BTreeSet<PathBuf>,
    /// Paths that were looked at before and could not be made sense of.
    pub(crate) doubted: BTreeMap<PathBuf, Doubt>,
    /// Where things went.
    pub(crate) trail: Trail,
    /// The second half of some rename has not come: what seems to be gone may be about to turn up.
    pub(crate) is_half: bool,
    /// Hints were lost: look at everything.
    pub(crate) everything: bool,
}

/// Something that was not found at its place, and was not said to be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// How often it was looked for since hints said something of it.
    pub(crate) times: u8,
    /// Where it should be by the hints, or was when it left.
    pub(crate) at: PathBuf,
    pub(crate) has_left: bool,
}

impl Doubt {
    /// One that nothing was said of.
    pub(crate) fn of(path: PathBuf) -> Self {
        Self { times: 1, at: path, has_left: false }
    }
}

#[derive(Debug, Default)]
struct State {
    batch: Batch,
    /// First halves of renames whose second half has not come.
    half_renames: HashSet<usize>,
    since: Option<(Instant, Instant)>,
}

impl Dirty {
    /// Takes a hint.
    pub(crate) fn note(&self, event: &Event) {
        if matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write)) {
            return;
        }
        let mut state = self.lock();
        if event.need_rescan() {
            state.batch.everything = true;
        }
        if let (EventKind::Modify(ModifyKind::Name(mode)), Some(tracker)) = (event.kind, event.tracker()) {
            match mode {
                RenameMode::From => state.half_renames.insert(tracker),
                _ => state.half_renames.remove(&tracker),
            };
        }
        match (event.kind, &*event.paths) {
            (EventKind::Remove(_), [path]) => state.batch.trail.removed(path),
            (EventKind::Modify(ModifyKind::Name(RenameMode::From)), [path]) => state.batch.trail.left(path),
            (EventKind::Modify(ModifyKind::Name(RenameMode::Both)), [from, to]) => {
                state.batch.trail.renamed(from, to);
            }
            _ => {}
        }
        let (leaves, arrives) = match event.kind {
            EventKind::Remove(_) => (true, false),
            EventKind::Create(_) => (false, true),
            EventKind::Modify(ModifyKind::Name(_)) => (true, true),
            _ => (false, false),
        };
        for path in &event.paths {
            if leaves {
                state.batch.gone.insert(path.clone());
            }
            if let Some(parent) = path.parent()
                && (leaves || arrives)
            {
                state.add(parent.to_owned());
            }
            state.add(path.clone());
        }
        state.arrived();
        drop(state);
        self.arrived.notify_one();
    }

    /// Something went wrong with the hints themselves: everything must be looked at.
    pub(crate) fn note_everything(&self) {
        let mut state = self.lock();
        state.batch.everything = true;
        state.arrived();
        drop(state);
        self.arrived.notify_one();
    }

    /// What was seen at these paths may be half of a rename that happens just now, and the hint that explains it on its way.
    pub(crate) fn note_doubted(&self, doubted: Vec<(PathBuf, Doubt)>) {
        if doubted.is_empty() {
            return;
        }
        let mut state = self.lock();
        for (path, doubt) in doubted {
            state.add(doubt.at.clone());
            state.batch.doubted.insert(path.clone(), doubt);
            state.add(path);
        }
        state.arrived();
        drop(state);
        self.arrived.notify_one();
    }

    /// Paths to look at again for another reason.
    pub(crate) fn note_paths(&self, paths: impl IntoIterator<Item = PathBuf>) {
        let mut state = self.lock();
        for path in paths {
            state.add(path);
        }
        state.arrived();
        drop(state);
        self.arrived.notify_one();
    }

    /// Whether there is anything to look at.
    pub(crate) fn is_pending(&self) -> bool {
        self.lock().since.is_some()
    }

    /// Waits until there are hints and they have settled: a rename, a save or an unpacked archive is many hints.
    pub(crate) async fn settled(&self, times: &WatchTimes) {
        loop {
            let due = self.lock().due(times);
            match due {
                None => self.arrived.notified().await,
                Some(due) if due <= Instant::now() => return,
                Some(due) => sleep_until(due).await,
            }
        }
    }

    /// Takes all of it.
    pub(crate) fn take(&self) -> Batch {
        let State { batch, half_renames, .. } = std::mem::take(&mut *self.lock());
        Batch { is_half: !half_renames.is_empty(), ..batch }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Hints only say where to look, so half of one does no harm.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, path: PathBuf) {
        self.batch.paths.insert(path);
        if self.batch.paths.len().max(self.batch.trail.len() / 4) > MAX_PATHS {
            self.batch.everything = true;
        }
        if self.batch.everything {
            self.batch = Batch { everything: true, ..Batch::default() };
        }
    }

    fn arrived(&mut self) {
        let now = Instant::now();
        self.since = Some((self.since.map_or(now, |(first, _)| first), now));
    }

    fn due(&self, times: &WatchTimes) -> Option<Instant> {
        let (first, last) = self.since?;
        let latest = first + times.at_most;
        // The other half of a rename may still come; without it the file would lose what belongs to it.
        let quiet = if self.half_renames.is_empty() { times.quiet } else { times.quiet * 3 };
        Some(latest.min(last + quiet))
    }
}

#[cfg(test)]
mod tests {
    use notify::event::CreateKind;

    use super::*;

    #[test]
    fn too_many_paths_become_a_look_at_everything() {
        let dirty = Dirty::default();
        for number in 0..=MAX_PATHS {
            dirty.note_paths([PathBuf::from(format!("/root/{number}"))]);
        }
        let batch = dirty.take();
        assert!(batch.everything && batch.paths.is_empty());
        assert!(!dirty.is_pending());
    }

    #[test]
    fn an_overflow_is_a_look_at_everything() {
        let dirty = Dirty::default();
        dirty.note(&Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan));
        assert!(dirty.take().everything);
    }

    #[test]
    fn a_new_file_also_changes_its_folder() {
        let dirty = Dirty::default();
        dirty.note(&Event::new(EventKind::Create(CreateKind::File)).add_path("/root/a/b".into()));
        let batch = dirty.take();
        assert_eq!(Vec::from_iter(batch.paths), [PathBuf::from("/root/a"), PathBuf::from("/root/a/b")]);
        assert!(batch.gone.is_empty());
    }

    #[test]
    fn reading_is_not_a_change() {
        let dirty = Dirty::default();
        dirty.note(
            &Event::new(EventKind::Access(AccessKind::Open(AccessMode::Any))).add_path("/root/a".into()),
        );
        assert!(!dirty.is_pending());
    }
}
