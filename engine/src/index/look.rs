//! What the disk says about one entry.

use std::fs::Metadata;
use std::io;
use std::path::Path;

use larder_library::FileKind;

use crate::database::entity::file;
use crate::time::to_ns;

use super::kind::{extension, kind};

/// An entry on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) stat: Stat,
}

/// What the disk knows about an entry besides its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) is_dir: bool,
    pub(crate) size: i64,
    pub(crate) modified_ns: i64,
    pub(crate) created_ns: i64,
    pub(crate) inode: Option<i64>,
    /// The file may be at several places at once.
    pub(crate) has_links: bool,
}

/// Recognises an entry under another name. The number of a deleted file may be given to a new one, so it only counts
/// together with the time of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    inode: i64,
    created_ns: i64,
    is_dir: bool,
}

impl Stat {
    /// Symbolic links are entries of their own: `metadata` must not have followed them.
    pub(crate) fn new(metadata: &Metadata) -> Self {
        let is_dir = metadata.is_dir();
        let modified_ns = metadata.modified().map_or(0, to_ns);
        Self {
            is_dir,
            // What a folder itself takes on the disk is not what a reader expects as its size.
            size: if is_dir { 0 } else { i64::try_from(metadata.len()).unwrap_or(i64::MAX) },
            modified_ns,
            // Where the disk does not know, the last change is the earliest time that is known.
            created_ns: metadata.created().map_or(modified_ns, to_ns),
            inode: inode(metadata),
            has_links: !is_dir && has_links(metadata),
        }
    }

    pub(crate) fn identity(&self) -> Option<Identity> {
        Some(Identity { inode: self.inode?, created_ns: self.created_ns, is_dir: self.is_dir })
    }
}

/// The identity of the entry that a row stands for.
pub(crate) fn identity(row: &file::Model) -> Option<Identity> {
    Some(Identity { inode: row.inode?, created_ns: row.created_ns, is_dir: row.is_dir })
}

/// Looks at an entry without following a link.
pub(crate) fn stat(on_disk: &Path) -> io::Result<Stat> {
    on_disk.symlink_metadata().map(|metadata| Stat::new(&metadata))
}

/// Writes what the disk says into a row; the name must be set before. Says whether anything is new.
pub(crate) fn update(row: &mut file::Model, stat: &Stat) -> bool {
    let before = row.clone();
    row.extension = if stat.is_dir { None } else { extension(&row.name) };
    let kind = if stat.is_dir { FileKind::Folder } else { kind(row.extension.as_deref()) };
    row.kind = kind.to_string();
    row.is_dir = stat.is_dir;
    row.size = stat.size;
    row.modified_ns = stat.modified_ns;
    row.created_ns = stat.created_ns;
    row.inode = stat.inode;
    *row != before
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> Option<i64> {
    Some(std::os::unix::fs::MetadataExt::ino(metadata).cast_signed())
}

#[cfg(unix)]
fn has_links(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_links(_: &Metadata) -> bool {
    true
}

/// No stable number: a rename while the engine was not looking is a deletion and a creation.
#[cfg(not(unix))]
fn inode(_: &Metadata) -> Option<i64> {
    None
}
