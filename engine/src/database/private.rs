//! Only its owner may read the database: it holds the token, and the names of all files.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

use super::companions;

/// Makes a folder and those above it; those that are there stay as they are.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Opens a file to write, making it if needed.
pub(super) fn open_file(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Makes the database file, from which SQLite takes the permissions of the files beside it, and closes to others what is there.
pub(crate) fn create_database(file: &Path) -> io::Result<()> {
    drop(open_file(file)?);
    for path in companions(file) {
        match close_to_others(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(path = %path.display(), %error, "others may be able to read the token in this file");
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let mut permissions = path.metadata()?.permissions();
    if permissions.mode() & 0o077 == 0 {
        return Ok(());
    }
    permissions.set_mode(permissions.mode() & !0o077);
    std::fs::set_permissions(path, permissions)
}

/// Elsewhere files take the permissions of the user's own data directory.
#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}
