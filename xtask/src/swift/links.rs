//! Programs that were linked with an older library.
//!
//! SwiftPM knows nothing of the library that it is told to link with, so it would leave them as they are.

use anyhow::Context;
use std::fs::Metadata;
use std::path::Path;

/// Deletes the programs in `folder` that are older than `library`; the next build links them again.
pub fn forget_old(folder: &Path, library: &Path) -> anyhow::Result<()> {
    let Ok(entries) = folder.read_dir() else { return Ok(()) };
    let changed = library.metadata()?.modified()?;
    for entry in entries {
        let path = entry?.path();
        let metadata = path.symlink_metadata()?;
        if is_program(&metadata) && metadata.modified()? <= changed {
            std::fs::remove_file(&path).with_context(|| format!("cannot delete {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn is_program(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_program(metadata: &Metadata) -> bool {
    metadata.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs::{File, Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, SystemTime};

    #[test]
    fn only_programs_that_are_older_than_the_library_go() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        for (name, age, mode) in
            [("old", 20, 0o755), ("new", 0, 0o755), ("old.o", 20, 0o644), ("library", 10, 0o644)]
        {
            let path = folder.path().join(name);
            File::create(&path).unwrap().set_modified(now - Duration::from_secs(age)).unwrap();
            set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        }
        forget_old(folder.path(), &folder.path().join("library")).unwrap();

        let left = |name| folder.path().join(name).exists();
        assert_eq!(["old", "new", "old.o", "library"].map(left), [false, true, true, true]);
    }

    #[test]
    fn a_package_that_was_never_built_has_none() {
        forget_old(Path::new("/nowhere"), Path::new("/nowhere/library")).unwrap();
    }
}
