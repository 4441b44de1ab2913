//! Entries of a folder on the disk, reached folder by folder without following a link.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::action::{Failure, Refusal};
use crate::index::decode;

/// What is at a place now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) is_dir: bool,
    /// The number of the file, where there are such.
    pub(crate) inode: Option<i64>,
}

/// What an entry is, without following a link.
pub(crate) fn entry(root: &Path, folder: &str, name: &str) -> Result<Entry, Refusal> {
    imp::entry(root, folder, &decode(name)).map_err(|failure| refusal(failure, folder, name))
}

/// Opens a file to read it. What is no file is not there.
pub(super) fn open(root: &Path, folder: &str, name: &str) -> Result<File, Refusal> {
    let opened = imp::open(root, folder, &decode(name)).map_err(|failure| refusal(failure, folder, name))?;
    if opened.metadata()?.is_file() { Ok(opened) } else { Err(not_found(name)) }
}

/// Opens a file to write to it, and makes it if it is not there.
pub(super) fn open_part(root: &Path, folder: &str, name: &str) -> Result<File, Refusal> {
    imp::open_part(root, folder, &decode(name)).map_err(|failure| refusal(failure, folder, name))
}

/// Makes a folder, where nothing is by that name.
pub(crate) fn make(root: &Path, folder: &str, name: &str) -> Result<(), Refusal> {
    imp::make(root, folder, &decode(name)).map_err(|failure| refusal(failure, folder, name))
}

/// Deletes a file, or a folder with all that is in it. Where that fails, what is deleted already stays so.
pub(crate) fn delete(root: &Path, folder: &str, name: &str) -> Result<(), Refusal> {
    imp::delete(root, folder, &decode(name)).map_err(|failure| refusal(failure, folder, name))
}

fn refusal(failure: Failure, folder: &str, name: &str) -> Refusal {
    match failure {
        Failure::NotAFolder => Refusal::OutsideRoot(folder.to_owned()),
        Failure::Exists => Refusal::TargetExists(name.to_owned()),
        Failure::Io(error) if error.kind() == io::ErrorKind::NotFound => not_found(name),
        Failure::Io(error) => error.into(),
    }
}

fn not_found(name: &str) -> Refusal {
    Refusal::NotFound { what: "file on the disk", id: name.to_owned() }
}

#[cfg(unix)]
mod imp {
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;

    use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, mkdirat, openat, statat, unlinkat};
    use rustix::io::Errno;

    use super::Entry;
    use crate::action::{Failure, open_folder};

    /// How deep a folder may be that is deleted: each level keeps one file open.
    const MAX_DEPTH: usize = 200;

    pub(super) fn entry(root: &Path, folder: &str, name: &OsStr) -> Result<Entry, Failure> {
        let stat = statat(open_folder(root, folder)?, name, AtFlags::SYMLINK_NOFOLLOW).map_err(io)?;
        let is_dir = FileType::from_raw_mode(stat.st_mode) == FileType::Directory;
        Ok(Entry { is_dir, inode: Some(stat.st_ino.cast_signed()) })
    }

    pub(super) fn open(root: &Path, folder: &str, name: &OsStr) -> Result<File, Failure> {
        // What is no file must not make anybody wait.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        Ok(openat(open_folder(root, folder)?, name, flags, Mode::empty()).map_err(io)?.into())
    }

    pub(super) fn open_part(root: &Path, folder: &str, name: &OsStr) -> Result<File, Failure> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR | Mode::RGRP | Mode::ROTH;
        Ok(openat(open_folder(root, folder)?, name, flags, mode).map_err(io)?.into())
    }

    pub(super) fn make(root: &Path, folder: &str, name: &OsStr) -> Result<(), Failure> {
        match mkdirat(open_folder(root, folder)?, name, Mode::RWXU | Mode::from_bits_retain(0o055)) {
            Err(Errno::EXIST) => Err(Failure::Exists),
            made => made.map_err(io),
        }
    }

    pub(super) fn delete(root: &Path, folder: &str, name: &OsStr) -> Result<(), Failure> {
        remove(&open_folder(root, folder)?, name, MAX_DEPTH)
    }

    fn remove(at: &OwnedFd, name: &OsStr, depth: usize) -> Result<(), Failure> {
        match unlinkat(at, name, AtFlags::empty()) {
            Ok(()) => return Ok(()),
            // Systems differ in what they say of a folder.
            Err(Errno::ISDIR | Errno::PERM) if depth > 0 => {}
            Err(error) => return Err(io(error)),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = openat(at, name, flags, Mode::empty()).map_err(io)?;
        let mut names = Vec::new();
        for entry in Dir::read_from(&folder).map_err(io)? {
            names.push(OsString::from(OsStr::from_bytes(entry.map_err(io)?.file_name().to_bytes())));
        }
        for inside in names.iter().filter(|name| *name != "." && *name != "..") {
            remove(&folder, inside, depth - 1)?;
        }
        unlinkat(at, name, AtFlags::REMOVEDIR).map_err(io)
    }

    fn io(error: Errno) -> Failure {
        match error {
            Errno::LOOP | Errno::NOTDIR | Errno::MLINK => Failure::NotAFolder,
            error => Failure::Io(error.into()),
        }
    }
}

#[cfg(not(unix))]
mod imp {
    use std::ffi::OsStr;
    use std::fs::{self, File, OpenOptions};
    use std::path::{Path, PathBuf};

    use super::Entry;
    use crate::action::Failure;
    use crate::index::{decode, segments};

    fn place(root: &Path, folder: &str, name: &OsStr) -> Result<PathBuf, Failure> {
        let mut at = root.to_owned();
        for name in segments(folder) {
            at.push(decode(name));
            if !at.symlink_metadata().map_err(Failure::Io)?.is_dir() {
                return Err(Failure::NotAFolder);
            }
        }
        Ok(at.join(name))
    }

    pub(super) fn entry(root: &Path, folder: &str, name: &OsStr) -> Result<Entry, Failure> {
        let metadata = place(root, folder, name)?.symlink_metadata().map_err(Failure::Io)?;
        Ok(Entry { is_dir: metadata.is_dir(), inode: None })
    }

    pub(super) fn open(root: &Path, folder: &str, name: &OsStr) -> Result<File, Failure> {
        let path = place(root, folder, name)?;
        if path.symlink_metadata().map_err(Failure::Io)?.is_symlink() {
            return Err(Failure::NotAFolder);
        }
        File::open(path).map_err(Failure::Io)
    }

    pub(super) fn open_part(root: &Path, folder: &str, name: &OsStr) -> Result<File, Failure> {
        let path = place(root, folder, name)?;
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(Failure::Io)
    }

    pub(super) fn make(root: &Path, folder: &str, name: &OsStr) -> Result<(), Failure> {
        match fs::create_dir(place(root, folder, name)?) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(Failure::Exists),
            made => made.map_err(Failure::Io),
        }
    }

    pub(super) fn delete(root: &Path, folder: &str, name: &OsStr) -> Result<(), Failure> {
        let path = place(root, folder, name)?;
        let is_dir = path.symlink_metadata().map_err(Failure::Io)?.is_dir();
        if is_dir { fs::remove_dir_all(path) } else { fs::remove_file(path) }.map_err(Failure::Io)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    #[cfg(unix)]
    use std::os::unix::fs::symlink;

    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_folder_is_deleted_with_what_is_in_it_but_not_what_links_lead_to() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir_all(root.path().join("a/b")).unwrap();
        fs::write(root.path().join("a/b/c"), "c").unwrap();
        fs::write(outside.path().join("kept"), "kept").unwrap();
        symlink(outside.path(), root.path().join("a/link")).unwrap();
        symlink(outside.path(), root.path().join("way")).unwrap();
        assert_eq!(delete(root.path(), "way", "kept").unwrap_err().kind(), "outside_root");
        delete(root.path(), "", "a").unwrap();
        assert!(!root.path().join("a").exists());
        assert!(outside.path().join("kept").exists());
        assert_eq!(delete(root.path(), "", "a").unwrap_err().kind(), "not_found");
    }

    #[cfg(unix)]
    #[test]
    fn only_files_are_opened_and_never_by_a_link() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(root.path().join("folder")).unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        symlink(outside.path().join("secret"), root.path().join("link")).unwrap();
        symlink(outside.path(), root.path().join("way")).unwrap();
        let kind = |folder, name| open(root.path(), folder, name).unwrap_err().kind().to_owned();
        assert_eq!(kind("", "folder"), "not_found");
        assert_eq!(kind("", "link"), "outside_root");
        assert_eq!(kind("way", "secret"), "outside_root");
        assert!(open_part(root.path(), "", "link").is_err());
        assert_eq!(fs::read_to_string(outside.path().join("secret")).unwrap(), "secret");
    }
}
