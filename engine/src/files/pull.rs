//! Fetching one file: chunk by chunk into a file beside the goal, verified, and then put in its place.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use sea_orm::{DbErr, EntityTrait};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::ask::{AskError, ask_chunk, ask_manifest, ask_still};
use super::copies::Copies;
use super::manifest::Manifest;
use super::message::Stamp;
use super::part::Part;
use crate::action::{Refusal, relocate};
use crate::database::entity::{file, file_copy};
use crate::index::{PART, child, disk_path};

/// How many chunks are fetched at once.
const AT_ONCE: usize = 4;
/// How often a chunk may come damaged.
const ATTEMPTS: usize = 3;
/// How often the file may change while it is copied.
const RESTARTS: i64 = 5;
/// How long to wait the first time, before it begins anew: somebody may be writing to it.
const SETTLE: Duration = Duration::from_millis(250);
/// How many names are tried where the first is taken.
const NAMES: u32 = 1_000;

/// Why a file is not there.
#[derive(Debug)]
pub(super) enum Stop {
    /// It is tried again.
    Later { kind: String, message: String },
    /// It is not.
    Failed { kind: String, message: String },
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            refusal @ (Refusal::Database(_) | Refusal::DiskFull) => {
                Self::Later { kind: refusal.kind().to_owned(), message: refusal.to_string() }
            }
            refusal => Self::Failed { kind: refusal.kind().to_owned(), message: refusal.to_string() },
        }
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Refusal::from(error).into()
    }
}

impl From<DbErr> for Stop {
    fn from(error: DbErr) -> Self {
        Refusal::Database(error).into()
    }
}

impl From<AskError> for Stop {
    fn from(error: AskError) -> Self {
        let (kind, message) = (error.kind().to_owned(), error.to_string());
        if error.is_passing() { Self::Later { kind, message } } else { Self::Failed { kind, message } }
    }
}

/// The name of the file that has what came so far.
pub(super) fn part(row: &file_copy::Model) -> String {
    format!("{PART}{}", row.id.simple())
}

/// Fetches what is not there yet. Returns the name under which it is there in the end.
pub(super) async fn pull(copies: &Copies, row: &mut file_copy::Model) -> Result<String, Stop> {
    loop {
        copies.check(row).await?;
        let manifest = match manifest(row) {
            Some(manifest) => manifest,
            None => {
                let manifest = ask_manifest(&copies.lines, row.device_id, row.file_id).await?;
                note(row, Some(&manifest));
                // What is one chunk is there or not.
                if manifest.count() > 1 {
                    copies.write(row).await?;
                }
                manifest
            }
        };
        match fetch(copies, row, &Arc::new(manifest)).await {
            Err(Stop::Failed { kind, .. }) if is_other(&kind) && row.restarts < RESTARTS => {
                // It may have changed so quickly that its time did not tell. Chunks that are as before do not come again.
                row.restarts += 1;
                sleep(SETTLE * u32::try_from(row.restarts).unwrap_or(1)).await;
                note(row, None);
                copies.write(row).await?;
            }
            done => return done,
        }
    }
}

/// Whether what comes is not what the manifest says.
fn is_other(kind: &str) -> bool {
    kind == "changed" || kind == "damaged"
}

/// Fetches the chunks, and puts the file in its place.
async fn fetch(copies: &Copies, row: &file_copy::Model, manifest: &Arc<Manifest>) -> Result<String, Stop> {
    let (root, name, goal) = (copies.root.clone(), part(row), target(copies, row).await?);
    let there = {
        let (manifest, room) = (Arc::clone(manifest), copies.room.clone());
        on_disk(move || {
            let mut file = Part::open(&room, &root, &goal, &name)?;
            file.reserve(manifest.stamp.size)?;
            let missing = file.missing(&manifest)?;
            Ok((Arc::new(Mutex::new(file)), missing))
        })
    };
    let (file, missing) = there.await?;
    let bytes = |indexes: &[u64]| indexes.iter().map(|index| manifest.place(*index).1).sum::<u64>();
    let mut done = manifest.stamp.size - bytes(&missing);
    copies.progress.is_at(row, done);
    let mut coming = stream::iter(missing)
        .map(|index| async move { (index, chunk(copies, row, manifest, index).await) })
        .buffer_unordered(AT_ONCE);
    while let Some((index, came)) = coming.next().await {
        let came = came?;
        let (file, at) = (Arc::clone(&file), manifest.place(index).0);
        done += came.len() as u64;
        on_disk(move || file.lock().unwrap_or_else(PoisonError::into_inner).write(at, &came)).await?;
        copies.progress.is_at(row, done);
        copies.check(row).await?;
    }
    drop(coming);
    // One that was being written when its manifest was made is another one by now.
    ask_still(&copies.lines, row.device_id, row.file_id, manifest).await?;
    let whole = Arc::clone(manifest);
    on_disk(move || file.lock().unwrap_or_else(PoisonError::into_inner).finish(&whole)).await?;
    settle(copies, row).await
}

/// One chunk. What came damaged is asked for again, a few times.
async fn chunk(
    copies: &Copies,
    row: &file_copy::Model,
    manifest: &Manifest,
    index: u64,
) -> Result<Vec<u8>, AskError> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        match ask_chunk(&copies.lines, row.device_id, row.file_id, manifest, index).await {
            Err(AskError::Damaged) if attempts < ATTEMPTS => {
                tracing::warn!(copy = %row.id, index, "a chunk came damaged: it is asked for again");
            }
            came => return came,
        }
    }
}

/// Gives the file its name, and lets the watcher look.
async fn settle(copies: &Copies, row: &file_copy::Model) -> Result<String, Stop> {
    // The folder may be at another place by now, with the file in it.
    let goal = target(copies, row).await?;
    let (root, from, wanted, keep_both) = (copies.root.clone(), part(row), row.name.clone(), row.keep_both);
    let folder = goal.clone();
    let name = on_disk(move || {
        let mut taken = None;
        for number in 1..=if keep_both { NAMES } else { 1 } {
            let name = numbered(&wanted, number);
            match relocate(&root, (&folder, &from), (&folder, &name)) {
                Ok(()) => return Ok(name),
                Err(Refusal::TargetExists(name)) => taken = Some(name),
                Err(refusal) => return Err(refusal),
            }
        }
        Err(Refusal::TargetExists(taken.unwrap_or(wanted)))
    });
    let name = name.await?;
    let path = child(&goal, &name);
    copies.dirty.note_paths([disk_path(&copies.root, &goal), disk_path(&copies.root, &path)]);
    Ok(name)
}

/// The folder where the file goes to, as a row's path.
pub(super) async fn target(copies: &Copies, row: &file_copy::Model) -> Result<String, Stop> {
    let folder = file::Entity::find_by_id(row.folder_id).one(&copies.reader).await?;
    let folder = folder.filter(|folder| folder.is_dir && copies.known.is_here(folder));
    let gone = || Refusal::NotFound { what: "folder", id: row.folder_id.to_string() };
    let path = folder.ok_or_else(gone)?.path;
    Ok(if row.under.is_empty() { path } else { child(&path, &row.under) })
}

/// `name`, then `name (2)` and so on, before the extension.
pub(crate) fn numbered(name: &str, number: u32) -> String {
    if number == 1 {
        return name.to_owned();
    }
    match name.rfind('.').filter(|at| *at > 0) {
        Some(at) => format!("{} ({number}){}", &name[..at], &name[at..]),
        None => format!("{name} ({number})"),
    }
}

fn manifest(row: &file_copy::Model) -> Option<Manifest> {
    let stamp = Stamp { size: u64::try_from(row.size?).ok()?, modified_ns: row.modified_ns? };
    let (hashes, whole) = (row.hashes.clone()?, row.whole.clone()?);
    Some(Manifest { stamp, chunk: u64::try_from(row.chunk?).ok().filter(|chunk| *chunk > 0)?, hashes, whole })
}

/// Notes what the file should be, or that nobody knows. How large it was stays.
pub(super) fn note(row: &mut file_copy::Model, manifest: Option<&Manifest>) {
    row.size = manifest.map(|manifest| manifest.stamp.size.cast_signed()).or(row.size);
    row.modified_ns = manifest.map(|manifest| manifest.stamp.modified_ns);
    row.chunk = manifest.map(|manifest| manifest.chunk.cast_signed());
    row.hashes = manifest.map(|manifest| manifest.hashes.clone());
    row.whole = manifest.map(|manifest| manifest.whole.clone());
}

async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Stop> {
    let worked = spawn_blocking(work).await;
    let stopping = |error| DbErr::Custom(format!("the engine is stopping: {error}"));
    Ok(worked.map_err(stopping)??)
}
