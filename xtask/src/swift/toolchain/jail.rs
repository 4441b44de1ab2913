//! Programs of another Debian in a folder of this one, with folders of this one in the same places.
//!
//! Each program runs in a mount namespace of its own, so whatever is mounted for it is gone when it ends, however it ends, and
//! was never to be seen by anyone else: nothing is to be unmounted, and nothing can be deleted through a mount.

use crate::command::program;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Mounts what the words before `--` name, and becomes the program after it, in the folder that comes first.
const ENTER: &str = r#"
jail=$1 folder=$2
shift 2
mount --bind /proc "$jail/proc"
mount --bind /dev "$jail/dev"
cp -L /etc/resolv.conf "$jail/etc/resolv.conf" 2>/dev/null || true
while [ "$1" != -- ]; do
    mkdir -p "$jail$1"
    mount --bind "$1" "$jail$1"
    shift
done
shift
exec chroot "$jail" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
"#;

/// Another Debian.
pub struct Jail {
    root: PathBuf,
    shared: Vec<PathBuf>,
}

impl Jail {
    /// The one in `root`, whose programs see these folders too.
    pub fn new(root: &Path, shared: &[&Path]) -> Self {
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in shared {
            if !folders.iter().any(|outer| folder.starts_with(outer)) {
                folders.push(folder.to_path_buf());
            }
        }
        Self { root: root.to_owned(), shared: folders }
    }

    /// A program of it, in that folder.
    pub fn command(&self, name: &str, folder: &Path) -> Command {
        let mut command = program("unshare");
        command.args(["--mount", "--", "/bin/sh", "-e", "-c", ENTER, "sh"]).arg(&self.root).arg(folder);
        command.args(self.shared.iter().filter(|folder| folder.is_dir())).arg("--").arg(name);
        command.env("HOME", "/root").env("LC_ALL", "C.UTF-8");
        command
    }
}

/// Deletes a folder in which nothing is mounted.
pub fn remove(folder: &Path) -> anyhow::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let folder = folder.canonicalize()?;
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").context("cannot see what is mounted")?;
    let is_inside =
        |line: &&str| line.split(' ').nth(4).is_some_and(|place| Path::new(place).starts_with(&folder));
    if let Some(line) = mounts.lines().find(is_inside) {
        bail!("something is mounted in {}; unmount it first: {line}", folder.display());
    }
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot delete {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_inside_of_a_shared_one_is_not_mounted_twice() {
        let jail = Jail::new(
            Path::new("/jail"),
            &[Path::new("/repo"), Path::new("/repo/target"), Path::new("/other")],
        );
        assert_eq!(jail.shared, [Path::new("/repo"), Path::new("/other")]);
    }

    #[test]
    fn a_folder_with_a_mount_in_it_is_not_deleted() {
        if let Err(error) = remove(Path::new("/proc")) {
            assert!(error.to_string().starts_with("something is mounted in /proc"), "{error:#}");
        }
        assert!(Path::new("/proc/self").exists() || !cfg!(target_os = "linux"));
    }
}
