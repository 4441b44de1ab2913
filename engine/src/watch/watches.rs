//! Which folders the operating system watches for us.
//!
//! On Linux each folder is watched by itself, so that what is left out (a `.git`, a build folder) costs no watch and one
//! unreadable folder does not spoil the rest. Elsewhere the operating system watches whole trees.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Dirty;

const EACH_FOLDER: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// The watched folders of one root.
#[derive(Debug)]
pub(crate) struct Watches {
    root: PathBuf,
    dirty: Arc<Dirty>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    incomplete: bool,
}

impl Watches {
    pub(crate) fn new(root: PathBuf, dirty: Arc<Dirty>) -> Self {
        Self { root, dirty, state: Mutex::default() }
    }

    /// Watches nothing any more and begins anew.
    pub(crate) fn restart(&self) {
        let dirty = Arc::clone(&self.dirty);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| match event {
            Ok(event) => dirty.note(&event),
            Err(error) => {
                tracing::warn!(%error, "the watcher failed: scanning everything");
                dirty.note_everything();
            }
        });
        let mut state = self.lock();
        *state = State::default();
        match watcher {
            Ok(watcher) => state.watcher = Some(watcher),
            Err(error) => {
                tracing::warn!(%error, "no watcher: changes are found by scanning");
                state.incomplete = true;
            }
        }
    }

    /// Stops watching.
    pub(crate) fn stop(&self) {
        *self.lock() = State::default();
    }

    /// Sees to it that changes in the folder give hints.
    pub(crate) fn watch(&self, folder: &Path) -> io::Result<()> {
        let mode = match EACH_FOLDER {
            true => RecursiveMode::NonRecursive,
            false if folder == self.root => RecursiveMode::Recursive,
            false => return Ok(()),
        };
        let mut state = self.lock();
        let Some(watcher) = &mut state.watcher else { return Ok(()) };
        match watcher.watch(folder, mode) {
            Ok(()) => {
                state.folders.insert(folder.to_owned());
                Ok(())
            }
            Err(error) => {
                let error = match error.kind {
                    ErrorKind::Io(error) => error,
                    ErrorKind::PathNotFound => io::ErrorKind::NotFound.into(),
                    ErrorKind::MaxFilesWatch => io::Error::other(
                        "the limit of watched folders is reached: changes in here are found by a scan now and then; \
                         raise fs.inotify.max_user_watches to see them at once",
                    ),
                    other => io::Error::other(notify::Error::new(other)),
                };
                if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) {
                    state.incomplete = true;
                }
                Err(error)
            }
        }
    }

    /// Whether changes in the folder give hints.
    pub(crate) fn is_watched(&self, folder: &Path) -> bool {
        !EACH_FOLDER || self.lock().folders.contains(folder)
    }

    /// A folder left its place: what was watched at and below that place is so no more.
    pub(crate) fn forget(&self, folder: &Path) {
        let mut state = self.lock();
        let left: Vec<PathBuf> = state
            .folders
            .range(folder.to_owned()..)
            .take_while(|path| path.starts_with(folder))
            .cloned()
            .collect();
        for path in left {
            state.folders.remove(&path);
            if let Some(watcher) = &mut state.watcher {
                // Usually the operating system has let go of it already.
                let _ = watcher.unwatch(&path);
            }
        }
    }

    /// Whether some folders could not be watched.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.lock().incomplete
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
