//! One line for each backend, and the place it is in.

use std::fs;
use std::path::{Path, PathBuf};

use larder_native::storage::{MemoryStorage, SqliteStorage, Storage};
use tempfile::TempDir;

use super::conformance::{Place, run_all};

#[test]
fn memory_passes_the_suite() {
    assert_eq!(run_all(MemoryStorage::default), 14);
}

#[test]
fn sqlite_passes_the_suite() {
    assert_eq!(run_all(Folder::new), 19);
}

impl Place for MemoryStorage {
    fn has(&self, need: &str) -> bool {
        ["disk", "limit"].contains(&need)
    }

    fn storage(&self, limit: Option<u64>) -> Box<dyn Storage> {
        let handle = self.clone();
        Box::new(match limit {
            Some(limit) => handle.most_bytes(limit as usize),
            None => handle,
        })
    }
}

/// A database in a folder of its own.
pub struct Folder {
    outer: TempDir,
    /// Each death of the process goes on in a copy of what was there.
    deaths: u32,
}

impl Folder {
    pub fn new() -> Self {
        Self { outer: TempDir::new().unwrap(), deaths: 0 }
    }

    fn path(&self) -> PathBuf {
        self.outer.path().join(self.deaths.to_string()).join("cache.sqlite")
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path().parent().unwrap()).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

impl Place for Folder {
    fn has(&self, need: &str) -> bool {
        ["disk", "kill", "tear", "flip", "newer", "limit", "room"].contains(&need)
    }

    fn storage(&self, limit: Option<u64>) -> Box<dyn Storage> {
        let storage = SqliteStorage::at(self.path());
        Box::new(match limit {
            Some(limit) => storage.most_bytes(limit),
            None => storage,
        })
    }

    fn kill(&mut self) {
        let files = self.files();
        self.deaths += 1;
        let folder = self.path().parent().unwrap().to_owned();
        fs::create_dir(&folder).unwrap();
        for file in files {
            fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
        }
    }

    fn tear(&self, bytes: u64) {
        let log = fs::OpenOptions::new().write(true).open(wal(&self.path())).unwrap();
        let length = log.metadata().unwrap().len();
        log.set_len(length - bytes).unwrap();
    }

    fn flip(&self, value: &[u8]) {
        // The value may be cut into pages; its beginning is in one piece.
        let needle = &value[..64];
        let mut found = 0;
        for file in self.files() {
            let mut bytes = fs::read(&file).unwrap();
            for at in 0..bytes.len().saturating_sub(needle.len()) {
                if bytes[at..].starts_with(needle) {
                    bytes[at + 20] ^= 1;
                    found += 1;
                }
            }
            fs::write(&file, bytes).unwrap();
        }
        assert!(found > 0, "the value is somewhere");
    }

    fn newer(&self) {
        let mut bytes = fs::read(self.path()).unwrap();
        // `user_version`, big-endian, in the header of every SQLite database.
        bytes[60..64].copy_from_slice(&2u32.to_be_bytes());
        fs::write(self.path(), bytes).unwrap();
    }

    fn bytes(&self) -> u64 {
        self.files().iter().map(|file| fs::metadata(file).unwrap().len()).sum()
    }
}

fn wal(path: &Path) -> PathBuf {
    path.with_file_name("cache.sqlite-wal")
}
