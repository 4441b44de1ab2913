//! What of a folder is mirrored: everything, hidden files included, but
//!
//! - `.git`, at any depth,
//! - the engine's own database, should it be inside,
//! - files that are being copied here and are not complete, whose names begin with `.larder-part-`,
//! - and, when the root is a Git repository, what its `.gitignore` files and `.git/info/exclude` leave out.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The rules of one root.
#[derive(Debug)]
pub(crate) struct Rules {
    root: PathBuf,
    excluded: HashSet<PathBuf>,
}

/// The ignore files that are in force in a folder, its own first.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    /// Ignore files count only in a repository.
    counts: bool,
    nearest: Option<Arc<Link>>,
}

#[derive(Debug)]
struct Link {
    matcher: Gitignore,
    above: Chain,
}

/// The name that is never mirrored.
pub(crate) const GIT: &str = ".git";
/// What the names of files begin with that are not complete.
pub(crate) const PART: &str = ".larder-part-";
/// The name of the files with rules.
pub(crate) const GITIGNORE: &str = ".gitignore";

impl Rules {
    pub(crate) fn new(root: PathBuf, excluded: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { root, excluded: excluded.into_iter().collect() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether ignore files count at all.
    pub(crate) fn is_repository(&self) -> bool {
        self.root.join(GIT).symlink_metadata().is_ok()
    }

    /// The rules inside the root.
    pub(crate) fn at_root(&self) -> Chain {
        let none = Chain { counts: self.is_repository(), nearest: None };
        if !none.counts {
            return none;
        }
        let exclude = link(none, &self.root, &self.root.join(GIT).join("info/exclude"));
        self.within(&exclude, &self.root)
    }

    /// The rules inside `folder`, given those around it.
    pub(crate) fn within(&self, around: &Chain, folder: &Path) -> Chain {
        if around.counts { link(around.clone(), folder, &folder.join(GITIGNORE)) } else { around.clone() }
    }

    /// Whether an entry is left out, given the rules of the folder it is in.
    pub(crate) fn leave_out(&self, chain: &Chain, on_disk: &Path, is_dir: bool) -> bool {
        on_disk.file_name().is_some_and(|name| name == GIT || is_part(name.as_encoded_bytes()))
            || self.is_own(on_disk)
            || chain.ignores(on_disk, is_dir)
    }

    /// Whether this is the engine's own file.
    pub(crate) fn is_own(&self, on_disk: &Path) -> bool {
        self.excluded.contains(on_disk)
    }

    /// Whether the engine's own files are there or below it.
    pub(crate) fn has_own_in(&self, on_disk: &Path) -> bool {
        self.excluded.iter().any(|own| own.starts_with(on_disk))
    }
}

fn is_part(name: &[u8]) -> bool {
    name.starts_with(PART.as_bytes())
}

fn link(above: Chain, folder: &Path, file: &Path) -> Chain {
    if !file.is_file() {
        return above;
    }
    let mut builder = GitignoreBuilder::new(folder);
    // A bad line is skipped, as Git does; the good ones count.
    if let Some(error) = builder.add(file) {
        tracing::warn!(%error, "some ignore rules do not count");
    }
    match builder.build() {
        Ok(matcher) => Chain { counts: true, nearest: Some(Arc::new(Link { matcher, above })) },
        Err(error) => {
            tracing::warn!(%error, file = %file.display(), "the ignore file does not count");
            above
        }
    }
}

impl Chain {
    /// The deepest file that says anything decides.
    fn ignores(&self, on_disk: &Path, is_dir: bool) -> bool {
        let mut chain = self;
        while let Some(link) = &chain.nearest {
            match link.matcher.matched(on_disk, is_dir) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => chain = &link.above,
            }
        }
        false
    }
}
