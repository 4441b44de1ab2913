//! Looking at everything: at the start, when the root comes back, and when hints were lost.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbErr;
use tokio::time::sleep;

use super::Indexer;
use super::apply::apply;
use super::diff::diff;
use super::look::{identity, stat};
use super::name::disk_path;
use super::problem::report;
use super::walk::{Seen, walk};
use crate::database::entity::job::JobKind;
use crate::database::entity::location::ScanState;
use crate::jobs::About;
use crate::transaction::Write;
use crate::watch::Doubt;

/// How long a hint may take from the disk to us.
pub(super) const HINTS_TAKE: Duration = Duration::from_millis(20);
/// How many rows are looked at again at most; more would be taken for an overflow of hints, and everything scanned again.
const DOUBTED: usize = 1_000;

/// How a scan of everything ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scanned {
    /// The rows are as the disk is.
    Done,
    /// The root is not there, or not the same any more; nothing was written.
    Missing,
}

/// Looks at all of the location and brings the rows up to date.
pub(crate) async fn full_scan(indexer: &mut Indexer) -> Result<Scanned, DbErr> {
    let disk = Arc::clone(&indexer.disk);
    let _disk = disk.lock().await;
    let root = indexer.rules.root().to_owned();
    let location = indexer.location;
    if !is_present(indexer).await? {
        return Ok(Scanned::Missing);
    }
    let mut job = indexer.jobs.begin(About::location(JobKind::Index, location));
    indexer
        .transactions
        .commit(vec![Write::ScanState { location, state: ScanState::Scanning }], None)
        .await?;

    let (rules, watches, dirty) =
        (Arc::clone(&indexer.rules), Arc::clone(&indexer.watches), Arc::clone(&indexer.dirty));
    let looked = blocking(move || {
        watches.restart();
        dirty.take();
        let mut seen = Seen::default();
        let before = stat(rules.root())?;
        seen.entry(String::new(), rules.root(), before);
        walk(&rules, rules.at_root(), (String::new(), rules.root().to_owned()), &watches, &mut seen);
        let after = stat(rules.root())?;
        if !before.is_dir || after.identity() != before.identity() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok::<_, io::Error>(seen)
    })
    .await?;
    let Ok(seen) = looked else {
        job.fail("not_found", "the folder is not there any more");
        return Ok(Scanned::Missing);
    };

    let known = indexer.known.all().await?;
    let Seen { entries, unknown, problems } = seen;
    let occupied: HashSet<String> = entries.iter().map(|entry| entry.path.clone()).collect();
    let mut changes = blocking(move || diff(location, entries, known, HashMap::new(), &unknown)).await?;

    let mut doubted = std::mem::take(&mut changes.doubted);
    if !changes.deleted.is_empty() {
        // What seems gone may have moved, while we looked, to a place that was looked at before. Hints would tell.
        sleep(HINTS_TAKE).await;
        if indexer.dirty.is_pending() {
            let rows = changes.deleted.extract_if(.., |row| !occupied.contains(&row.path));
            doubted.extend(rows.take(DOUBTED).map(|row| row.path));
        }
    }
    let doubted =
        doubted.iter().map(|path| disk_path(&root, path)).map(|path| (path.clone(), Doubt::of(path)));
    indexer.dirty.note_doubted(doubted.collect());
    let total = changes.count() as u64;
    job.is_at(0, Some(total));
    apply(&indexer.transactions, changes, "index", |done| job.is_at(done as u64, Some(total))).await?;

    let problems = indexer.reported.replace(problems);
    let mut end = vec![Write::ScanState { location, state: ScanState::Ready }];
    if let Some((name, data)) = report(location, &problems).map_err(|error| DbErr::Json(error.to_string()))? {
        end.push(Write::Notice { name, data });
    }
    indexer.transactions.commit(end, None).await?;
    job.finish();
    Ok(Scanned::Done)
}

/// Whether the root is there. When a disk is unmounted, its mount point stays behind as an empty folder; that is no reason
/// to forget what was on it.
pub(crate) async fn is_present(indexer: &Indexer) -> Result<bool, DbErr> {
    let root = indexer.rules.root().to_owned();
    let looked = blocking(move || {
        let stat = stat(&root).ok().filter(|stat| stat.is_dir)?;
        let is_empty = std::fs::read_dir(&root).is_ok_and(|mut entries| entries.next().is_none());
        Some((stat, is_empty))
    })
    .await?;
    match looked {
        None => Ok(false),
        Some((_, false)) => Ok(true),
        Some((now, true)) => match indexer.known.root().await? {
            Some(row) if identity(&row) != now.identity() => Ok(!indexer.known.has_children(row.id).await?),
            _ => Ok(true),
        },
    }
}

/// Runs what waits for the disk or takes long where it holds nobody up.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DbErr> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| DbErr::Custom(format!("a scan was ended: {error}")))
}
