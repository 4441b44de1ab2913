//! Where things went by what hints say: what is not found at its place may be on its way through other names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What happened to names, in the order in which it did.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    steps: Vec<Step>,
    /// The steps that begin at a path, oldest first.
    from: HashMap<PathBuf, Vec<usize>>,
}

#[derive(Debug)]
enum Step {
    /// The first half of a rename; the second comes, or what was there left the root.
    Left,
    Renamed(PathBuf),
    Removed,
}

/// Where something is as far as hints say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Led {
    pub(crate) at: PathBuf,
    /// It is not there any more, and nobody said yet where it is.
    pub(crate) has_left: bool,
    pub(crate) is_removed: bool,
    /// Hints said something that was not known.
    pub(crate) is_news: bool,
}

impl Trail {
    pub(crate) fn left(&mut self, path: &Path) {
        self.add(path, Step::Left);
    }

    pub(crate) fn renamed(&mut self, from: &Path, to: &Path) {
        self.add(from, Step::Renamed(to.to_owned()));
    }

    pub(crate) fn removed(&mut self, path: &Path) {
        self.add(path, Step::Removed);
    }

    pub(crate) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Goes on from a place to where it leads, also with folders above it.
    pub(crate) fn follow(&self, from: &Path) -> Led {
        let mut led = Led { at: from.to_owned(), has_left: false, is_removed: false, is_news: false };
        let mut next = 0;
        while let Some((index, above)) = self.after(next, &led.at) {
            led.is_news = true;
            led.has_left = matches!(self.steps[index], Step::Left);
            led.is_removed = matches!(self.steps[index], Step::Removed);
            if let Step::Renamed(to) = &self.steps[index]
                && let Ok(inside) = led.at.strip_prefix(above)
            {
                led.at = if inside.as_os_str().is_empty() { to.clone() } else { to.join(inside) };
            }
            next = index + 1;
        }
        led
    }

    /// The first step from `next` on that is about a path or a folder above it.
    fn after<'p>(&self, next: usize, path: &'p Path) -> Option<(usize, &'p Path)> {
        let first = |above: &'p Path| {
            let steps = self.from.get(above)?;
            Some((*steps.get(steps.partition_point(|index| *index < next))?, above))
        };
        path.ancestors().filter_map(first).min_by_key(|(index, _)| *index)
    }

    fn add(&mut self, path: &Path, step: Step) {
        self.from.entry(path.to_owned()).or_default().push(self.steps.len());
        self.steps.push(step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(trail: &Trail, from: &str) -> (String, bool, bool) {
        let led = trail.follow(Path::new(from));
        (led.at.to_str().unwrap().to_owned(), led.has_left, led.is_removed)
    }

    #[test]
    fn a_name_is_followed_through_all_its_renames_in_order() {
        let mut trail = Trail::default();
        trail.left(Path::new("/a"));
        trail.renamed(Path::new("/a"), Path::new("/b"));
        trail.renamed(Path::new("/b"), Path::new("/a"));
        trail.renamed(Path::new("/a"), Path::new("/in/c"));
        trail.renamed(Path::new("/in"), Path::new("/out"));
        assert_eq!(at(&trail, "/a"), ("/out/c".to_owned(), false, false));
        assert_eq!(at(&trail, "/b"), ("/out/c".to_owned(), false, false));
        assert_eq!(at(&trail, "/other"), ("/other".to_owned(), false, false));
        assert!(!trail.follow(Path::new("/other")).is_news);
    }

    #[test]
    fn what_left_or_was_removed_is_so_until_something_else_is_said() {
        let mut trail = Trail::default();
        trail.renamed(Path::new("/a"), Path::new("/b"));
        trail.left(Path::new("/b"));
        assert_eq!(at(&trail, "/a"), ("/b".to_owned(), true, false));
        trail.renamed(Path::new("/b"), Path::new("/c"));
        assert_eq!(at(&trail, "/a"), ("/c".to_owned(), false, false));
        trail.removed(Path::new("/c"));
        assert_eq!(at(&trail, "/a"), ("/c".to_owned(), false, true));
    }
}
