//! What came of a file so far: a file beside the goal.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::folder;
use super::manifest::{Manifest, read_chunks};
use super::message::Stamp;
use crate::action::Refusal;

/// A file that is not complete.
#[derive(Debug)]
pub(super) struct Part {
    file: File,
    room: Room,
}

impl Part {
    /// The file by this name, with what came before. Makes it if it is not there.
    pub(super) fn open(room: &Room, root: &Path, folder: &str, name: &str) -> Result<Self, Refusal> {
        Ok(Self { file: folder::open_part(root, folder, name)?, room: room.clone() })
    }

    /// Takes the room on the disk that all of it needs: what does not fit is not begun, and fills no disk.
    pub(super) fn reserve(&self, size: u64) -> Result<(), Refusal> {
        self.room.check_reserved(size)?;
        if self.file.metadata()?.len() < size {
            reserve(&self.file, size)?;
        }
        Ok(())
    }

    /// The chunks that are not there yet, whatever happened when they were written.
    pub(super) fn missing(&mut self, manifest: &Manifest) -> Result<Vec<u64>, Refusal> {
        let length = self.file.metadata()?.len();
        let mut missing = Vec::new();
        let mut bytes = Vec::new();
        for index in 0..manifest.count() {
            let (at, size) = manifest.place(index);
            if at + size > length {
                missing.push(index);
                continue;
            }
            bytes.resize(usize::try_from(size).map_err(io::Error::other)?, 0);
            self.file.seek(SeekFrom::Start(at))?;
            self.file.read_exact(&mut bytes)?;
            if !manifest.is_chunk(index, &bytes) {
                missing.push(index);
            }
        }
        Ok(missing)
    }

    /// Writes a chunk at its place.
    pub(super) fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), Refusal> {
        self.room.check(at + bytes.len() as u64)?;
        self.file.seek(SeekFrom::Start(at))?;
        Ok(self.file.write_all(bytes)?)
    }

    /// Checks all of it as it is on the disk, and makes sure that it stays there.
    pub(super) fn finish(&mut self, manifest: &Manifest) -> Result<(), Refusal> {
        let Stamp { size, modified_ns } = manifest.stamp;
        self.file.set_len(size)?;
        self.file.seek(SeekFrom::Start(0))?;
        if read_chunks(&mut self.file, size, manifest.chunk, |_, _| Ok(()))? != manifest.whole {
            let message = "what was written is not what the other device has".to_owned();
            return Err(Refusal::Passed { kind: "damaged".to_owned(), message });
        }
        let modified = Duration::from_nanos(modified_ns.unsigned_abs());
        let modified = if modified_ns < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(modified)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(modified)
        };
        if let Some(modified) = modified {
            self.file.set_modified(modified)?;
        }
        Ok(self.file.sync_all()?)
    }
}

/// Where the file system can do so, blocks are set aside; elsewhere it only says whether there are enough.
#[cfg(target_os = "linux")]
fn reserve(file: &File, size: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    use rustix::io::Errno;
    // Without a change of the length, by which to tell what came.
    match fallocate(file, FallocateFlags::KEEP_SIZE, 0, size) {
        Ok(()) => Ok(()),
        Err(error @ (Errno::NOSPC | Errno::DQUOT)) => {
            // Some was set aside before the end was seen: cutting the file off gives it back.
            let length = file.metadata()?.len();
            file.set_len(length + 1)?;
            file.set_len(length)?;
            Err(error.into())
        }
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => look_for_room(file, size),
        Err(error) => Err(error.into()),
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn reserve(file: &File, size: u64) -> io::Result<()> {
    look_for_room(file, size)
}

#[cfg(unix)]
fn look_for_room(file: &File, size: u64) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let disk = rustix::fs::fstatvfs(file)?;
    let there = file.metadata()?.blocks().saturating_mul(512);
    let room = disk.f_bavail.saturating_mul(disk.f_frsize);
    if there.saturating_add(room) < size { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
}

#[cfg(not(unix))]
fn reserve(_: &File, _: u64) -> io::Result<()> {
    Ok(())
}

/// How much room there is on the disk, as far as tests pretend; otherwise the disk itself says so.
#[derive(Debug, Clone, Default)]
pub(crate) struct Room {
    #[cfg(test)]
    pub(super) pretended: std::sync::Arc<std::sync::Mutex<Pretended>>,
}

/// Up to how many bytes files may be written, and whether that is known before.
#[cfg(test)]
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pretended {
    pub(super) bytes: Option<u64>,
    pub(super) is_known: bool,
}

#[cfg(test)]
impl Room {
    fn check(&self, end: u64) -> io::Result<()> {
        let is_too_much = self.pretended.lock().unwrap().bytes.is_some_and(|bytes| end > bytes);
        if is_too_much { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn check_reserved(&self, size: u64) -> io::Result<()> {
        let is_known = self.pretended.lock().unwrap().is_known;
        if is_known { self.check(size) } else { Ok(()) }
    }
}

#[cfg(not(test))]
#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the disk says so")]
impl Room {
    fn check(&self, _: u64) -> io::Result<()> {
        Ok(())
    }

    fn check_reserved(&self, _: u64) -> io::Result<()> {
        Ok(())
    }
}
