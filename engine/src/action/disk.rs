//! Renaming on the disk: never over something, never outside of the root.

use std::io;
use std::path::Path;

use super::refuse::Refusal;
use crate::index::{decode, segments};

/// Renames the entry `from` of a folder to `to`. `folder` is a row's path.
pub(crate) fn rename(root: &Path, folder: &str, from: &str, to: &str) -> Result<(), Refusal> {
    relocate(root, (folder, from), (folder, to))
}

/// The same, into another folder.
pub(crate) fn relocate(root: &Path, from: (&str, &str), to: (&str, &str)) -> Result<(), Refusal> {
    let (folder, name) = from;
    let names = (&*decode(name), &*decode(to.1));
    imp::rename(root, (folder, names.0), (to.0, names.1)).map_err(|error| match error {
        Failure::NotAFolder => Refusal::OutsideRoot(folder.to_owned()),
        Failure::Exists => Refusal::TargetExists(to.1.to_owned()),
        Failure::Io(error) if error.kind() == io::ErrorKind::NotFound => {
            let path = segments(folder).chain([name]).collect::<Vec<_>>().join("/");
            Refusal::NotFound { what: "file on the disk", id: path }
        }
        Failure::Io(error) => error.into(),
    })
}

#[cfg(unix)]
pub(crate) use imp::open_folder;

/// Why the disk was not changed.
pub(crate) enum Failure {
    /// Something on the way is no folder but, for example, a link.
    NotAFolder,
    Exists,
    Io(io::Error),
}

#[cfg(unix)]
mod imp {
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    use rustix::fs::{
        AtFlags, CWD, Dir, Mode, OFlags, RenameFlags, linkat, openat, renameat, renameat_with, statat,
        unlinkat,
    };
    use rustix::io::Errno;

    use super::Failure;
    use crate::index::{decode, segments};

    /// Folder by folder from the root, each opened without following a link, so that nobody can swap one for a link in between.
    pub(crate) fn open_folder(root: &Path, folder: &str) -> Result<OwnedFd, Failure> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut at: OwnedFd = openat(CWD, root, flags, Mode::empty()).map_err(io)?;
        for name in segments(folder) {
            at = match openat(&at, decode(name), flags, Mode::empty()) {
                Ok(next) => next,
                Err(Errno::LOOP | Errno::NOTDIR | Errno::MLINK) => return Err(Failure::NotAFolder),
                Err(error) => return Err(io(error)),
            };
        }
        Ok(at)
    }

    pub(super) fn rename(root: &Path, from: (&str, &OsStr), to: (&str, &OsStr)) -> Result<(), Failure> {
        let at = open_folder(root, from.0)?;
        let other = if from.0 == to.0 { None } else { Some(open_folder(root, to.0)?) };
        let (there, from, to) = (other.as_ref().unwrap_or(&at), from.1, to.1);
        match renameat_with(&at, from, there, to, RenameFlags::NOREPLACE) {
            Ok(()) => Ok(()),
            Err(Errno::EXIST) if other.is_none() && is_other_case(&at, from, to)? => {
                renameat(&at, from, &at, to).map_err(io)
            }
            Err(Errno::EXIST) => Err(Failure::Exists),
            // Some file systems, for example over a network, cannot refuse to replace.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => rename_by_link(&at, from, there, to),
            Err(error) => Err(io(error)),
        }
    }

    /// On a disk that does not tell upper from lower case, both names are the same entry and only one is listed.
    fn is_other_case(at: &OwnedFd, from: &OsStr, to: &OsStr) -> Result<bool, Failure> {
        let (Some(from_text), Some(to_text)) = (from.to_str(), to.to_str()) else { return Ok(false) };
        if from_text.to_lowercase() != to_text.to_lowercase() {
            return Ok(false);
        }
        let (one, other) = (
            statat(at, from, AtFlags::SYMLINK_NOFOLLOW).map_err(io)?,
            statat(at, to, AtFlags::SYMLINK_NOFOLLOW).map_err(io)?,
        );
        if (one.st_dev, one.st_ino) != (other.st_dev, other.st_ino) {
            return Ok(false);
        }
        for entry in Dir::read_from(at).map_err(io)? {
            if entry.map_err(io)?.file_name().to_bytes() == to.as_encoded_bytes() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A second name fails if it is taken, atomically; then the first one goes. Folders cannot have two names: for them the
    /// check and the rename are two steps, in between which only an empty folder could be replaced.
    fn rename_by_link(at: &OwnedFd, from: &OsStr, there: &OwnedFd, to: &OsStr) -> Result<(), Failure> {
        match linkat(at, from, there, to, AtFlags::empty()) {
            Ok(()) => return unlinkat(at, from, AtFlags::empty()).map_err(io),
            Err(Errno::EXIST) => return Err(Failure::Exists),
            Err(Errno::PERM | Errno::ISDIR | Errno::OPNOTSUPP | Errno::NOSYS | Errno::MLINK) => {}
            Err(error) => return Err(io(error)),
        }
        match statat(there, to, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => renameat(at, from, there, to).map_err(io),
            Ok(_) => Err(Failure::Exists),
            Err(error) => Err(io(error)),
        }
    }

    fn io(error: Errno) -> Failure {
        Failure::Io(error.into())
    }
}

#[cfg(not(unix))]
mod imp {
    use std::ffi::OsStr;
    use std::io;
    use std::path::Path;

    use super::Failure;
    use crate::index::{decode, segments};

    /// The standard library offers no rename that refuses to replace: the check comes just before it.
    pub(super) fn rename(root: &Path, from: (&str, &OsStr), to: (&str, &OsStr)) -> Result<(), Failure> {
        let folder = |path: &str| {
            let mut at = root.to_owned();
            for name in segments(path) {
                at.push(decode(name));
                if !at.symlink_metadata().map_err(Failure::Io)?.is_dir() {
                    return Err(Failure::NotAFolder);
                }
            }
            Ok(at)
        };
        let (from, to) = (folder(from.0)?.join(from.1), folder(to.0)?.join(to.1));
        let only_case = from.to_string_lossy().to_lowercase() == to.to_string_lossy().to_lowercase();
        match to.symlink_metadata() {
            Ok(_) if !only_case => Err(Failure::Exists),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::Io(error)),
            _ => std::fs::rename(from, to).map_err(Failure::Io),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_rename_never_replaces_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "A").unwrap();
        fs::write(folder.path().join("b"), "B").unwrap();
        fs::create_dir(folder.path().join("empty")).unwrap();
        for taken in ["b", "empty"] {
            assert_eq!(rename(folder.path(), "", "a", taken).unwrap_err().kind(), "target_exists");
        }
        assert_eq!(fs::read_to_string(folder.path().join("b")).unwrap(), "B");
        rename(folder.path(), "", "a", "A").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("A")).unwrap(), "A");
        assert_eq!(rename(folder.path(), "", "gone", "c").unwrap_err().kind(), "not_found");
    }

    #[cfg(unix)]
    #[test]
    fn two_names_of_one_file_that_differ_in_case_stay_two() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "A").unwrap();
        fs::hard_link(folder.path().join("a"), folder.path().join("A")).unwrap();
        assert_eq!(rename(folder.path(), "", "a", "A").unwrap_err().kind(), "target_exists");
        assert!(folder.path().join("a").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_on_the_way_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("a"), "A").unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("link")).unwrap();
        assert_eq!(rename(folder.path(), "link", "a", "b").unwrap_err().kind(), "outside_root");
        assert!(outside.path().join("a").exists());
    }
}
