//! Whether something that was built still matches what it was built from.

use crate::workspace;
use anyhow::Context;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The fingerprint of everything that goes into one build.
pub struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// The inputs of the build `name` as they are now: files and folders of the repository, and anything else that
    /// would make it come out differently.
    pub fn of(name: &str, inputs: &[&str], extra: &str) -> anyhow::Result<Self> {
        let mut hasher = DefaultHasher::new();
        extra.hash(&mut hasher);
        for input in inputs {
            for file in files(&workspace::path(input))? {
                file.hash(&mut hasher);
                std::fs::read(&file)
                    .with_context(|| format!("cannot read {}", file.display()))?
                    .hash(&mut hasher);
            }
        }
        Ok(Self::new(name, &hasher))
    }

    /// The same for a build of one file, which may be outside the repository.
    pub fn of_file(name: &str, input: &Path, extra: &str) -> anyhow::Result<Self> {
        let mut hasher = DefaultHasher::new();
        extra.hash(&mut hasher);
        std::fs::read(input).with_context(|| format!("cannot read {}", input.display()))?.hash(&mut hasher);
        Ok(Self::new(name, &hasher))
    }

    fn new(name: &str, hasher: &DefaultHasher) -> Self {
        // Not in cargo's folder: there may be several of those, and what is built here goes to one place whichever is used.
        let file = workspace::path("node_modules/.larder").join(name);
        Self { file, fingerprint: format!("{:016x}", hasher.finish()) }
    }

    /// Whether the last build was made of these inputs and all it made is still there.
    pub fn is_current(&self, outputs: &[PathBuf]) -> bool {
        outputs.iter().all(|output| output.exists())
            && std::fs::read_to_string(&self.file).is_ok_and(|made_of| made_of == self.fingerprint)
    }

    /// Remembers that the build was made of these inputs.
    pub fn write(&self) -> anyhow::Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        std::fs::write(&self.file, &self.fingerprint)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// All files below `path` in a fixed order, or `path` itself when it is a file; nothing when it does not exist.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(next) = open.pop() {
        if next.is_dir() {
            for entry in next.read_dir().with_context(|| format!("cannot list {}", next.display()))? {
                let entry = entry?;
                if !is_made(&entry.file_name().to_string_lossy()) {
                    open.push(entry.path());
                }
            }
        } else if next.is_file() {
            found.push(next);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a build puts something of this name beside the sources.
fn is_made(name: &str) -> bool {
    ["node_modules", "dist", "target"].contains(&name) || name.ends_with(".tsbuildinfo")
}
