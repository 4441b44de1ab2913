//! Looking at single places.

use std::collections::{BTreeSet, HashMap};
use std::io;

use super::look::{identity, stat};
use super::name::{child, disk_path, is_within, parent, segments};
use super::rules::{Chain, Rules};
use super::walk::{Seen, walk};
use crate::database::entity::file;
use crate::watch::Watches;

/// A place to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) path: String,
    /// Also at all below, if it is a folder.
    pub(crate) deep: bool,
}

/// What the places look like, and below which paths everything was looked at.
pub(crate) struct Glance {
    pub(crate) seen: Seen,
    pub(crate) walked: Vec<String>,
}

/// Looks at the places. A folder that nobody watches is always looked at with all below: hints from there were lost.
pub(crate) fn glance(rules: &Rules, watches: &Watches, places: BTreeSet<Place>) -> Glance {
    let mut folders = Folders::new(rules);
    let mut glance = Glance { seen: Seen::default(), walked: Vec::new() };
    for Place { path, deep } in places {
        if glance.walked.iter().any(|walked| is_within(&path, walked))
            || glance.seen.entries.last().is_some_and(|last| last.path == path)
        {
            continue;
        }
        // The rules around the root do not matter: it is there whatever they say.
        let around = match folders.rules_in(parent(&path).unwrap_or_default()) {
            Ok(Some(around)) => around,
            Ok(None) => continue,
            Err(error) => {
                glance.seen.failed(&path, &error);
                continue;
            }
        };
        let on_disk = disk_path(rules.root(), &path);
        match stat(&on_disk) {
            Ok(stat) if !path.is_empty() && rules.leave_out(&around, &on_disk, stat.is_dir) => {}
            Ok(stat) => {
                glance.seen.entry(path.clone(), &on_disk, stat);
                if stat.is_dir && (deep || !watches.is_watched(&on_disk)) {
                    let inside = if path.is_empty() { around } else { rules.within(&around, &on_disk) };
                    walk(rules, inside, (path.clone(), on_disk), watches, &mut glance.seen);
                    glance.walked.push(path);
                }
            }
            Err(error) => glance.seen.failed(&path, &error),
        }
    }
    glance
}

/// Keeps those of the rows whose places are empty now, or taken by something else.
pub(crate) fn retain_vacant(rules: &Rules, rows: &mut Vec<file::Model>) {
    let mut folders = Folders::new(rules);
    rows.retain(|row| match parent(&row.path).map(|parent| folders.rules_in(parent)) {
        None | Some(Err(_)) => false,
        Some(Ok(None)) => true,
        Some(Ok(Some(_))) => match stat(&disk_path(rules.root(), &row.path)) {
            Ok(stat) => stat.identity() != identity(row),
            Err(error) => matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
        },
    });
}

/// The rules inside the folders on the way to a place; they are the same for many places.
struct Folders<'a> {
    rules: &'a Rules,
    at_root: Chain,
    known: HashMap<String, Option<Chain>>,
}

impl<'a> Folders<'a> {
    fn new(rules: &'a Rules) -> Self {
        Self { rules, at_root: rules.at_root(), known: HashMap::new() }
    }

    /// `None`: there is no such folder, it is left out, or a link leads there.
    fn rules_in(&mut self, folder: &str) -> io::Result<Option<Chain>> {
        let mut path = String::new();
        let mut chain = self.at_root.clone();
        for name in segments(folder) {
            path = child(&path, name);
            if let Some(known) = self.known.get(&path) {
                match known {
                    Some(known) => chain = known.clone(),
                    None => return Ok(None),
                }
                continue;
            }
            let on_disk = disk_path(self.rules.root(), &path);
            let inside = match stat(&on_disk) {
                Ok(stat) if stat.is_dir && !self.rules.leave_out(&chain, &on_disk, true) => {
                    Some(self.rules.within(&chain, &on_disk))
                }
                Ok(_) => None,
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            self.known.insert(path.clone(), inside.clone());
            match inside {
                Some(inside) => chain = inside,
                None => return Ok(None),
            }
        }
        Ok(Some(chain))
    }
}
