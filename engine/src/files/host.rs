//! Answering other devices.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr, EntityTrait};
use serde_json::value::to_raw_value;
use tokio::io::AsyncWriteExt;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;
use uuid::Uuid;

use super::ask::HASHES;
use super::folder;
use super::manifest::{HASH, MAX_SIZE, chunk_of, place, read_chunks, stamp};
use super::message::{Answer, MAX_BYTES, Request, Stamp};
use crate::action::{Actions, Mutation, Refusal};
use crate::database::entity::file;
use crate::index::{Known, parent};
use crate::net::{NetError, Stream, Visit, frame};
use crate::transaction::Outcome;

/// How many questions are answered at once, of all devices together.
const AT_ONCE: usize = 16;
/// How long a device may take to ask, after it opened a stream.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so many bytes that were read, hashes are sent even if they are few: who waits hears something.
const TELL: u64 = 64 << 20;

/// What there is to answer from: the files of one location.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) root: PathBuf,
    pub(crate) reader: DatabaseConnection,
    pub(crate) known: Known,
    /// How many chunks were sent.
    pub(crate) sent: AtomicU64,
}

/// Why nothing more is said.
#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("it took too long to ask")]
    Slow,
    #[error("it asked what makes no sense: {0}")]
    Nonsense(#[from] serde_json::Error),
}

/// Answers until it is dropped.
pub(crate) async fn host(host: Arc<Host>, actions: Arc<Actions>, visits: &mut mpsc::Receiver<Visit>) {
    let mut answering = JoinSet::new();
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(Visit { from, stream }) = visits.recv().await {
        while answering.try_join_next().is_some() {}
        let (host, actions, at_once) = (Arc::clone(&host), Arc::clone(&actions), Arc::clone(&at_once));
        answering.spawn(async move {
            // Those that wait are not many: how many streams a device may open is limited.
            let Ok(_permit) = at_once.acquire().await else { return };
            if let Err(wrong) = answer(&host, &actions, from, stream).await {
                tracing::debug!(device = %from, %wrong, "a question about a file was not answered");
            }
        });
    }
}

async fn answer(host: &Host, actions: &Arc<Actions>, from: Uuid, mut stream: Stream) -> Result<(), Wrong> {
    let asked =
        timeout(PATIENCE, frame::read(&mut stream.reader, MAX_BYTES)).await.map_err(|_| Wrong::Slow)??;
    let Some(asked) = asked else { return Ok(()) };
    match serde_json::from_slice(&asked)? {
        Request::Act { id, name, args } => {
            let mutation = Mutation { id: id.to_string(), name, args: to_raw_value(&args)? };
            let done = match actions.run_for(from, mutation).await {
                Outcome::Applied { .. } => Answer::Done {},
                Outcome::Rejected { kind, message } => Answer::Refused { kind, message },
            };
            say(&mut stream, &done).await?;
        }
        Request::Manifest { file } => match host.file(file).await {
            Ok(row) => manifest(host, row, &mut stream).await?,
            Err(refusal) => refuse(&mut stream, &refusal).await?,
        },
        Request::Chunk { file, stamp, chunk, index } => match host.chunk(file, stamp, chunk, index).await {
            Ok(bytes) => {
                host.sent.fetch_add(u64::from(!bytes.is_empty()), Ordering::Relaxed);
                say(&mut stream, &Answer::Chunk { bytes: bytes.len() as u64 }).await?;
                frame::write(&mut stream.writer, &bytes).await?;
            }
            Err(refusal) => refuse(&mut stream, &refusal).await?,
        },
        Request::Copy { job } => match actions.copies.progress.far(job) {
            Some(far) => say(&mut stream, &Answer::Copy(far)).await?,
            None => refuse(&mut stream, &no_copy(job)).await?,
        },
        Request::CallOff { job } => match actions.copies.call_off(job).await {
            Ok(Some(())) => say(&mut stream, &Answer::Done {}).await?,
            Ok(None) => refuse(&mut stream, &no_copy(job)).await?,
            Err(error) => refuse(&mut stream, &error.into()).await?,
        },
    }
    stream.writer.shutdown().await.map_err(NetError::from)?;
    Ok(())
}

/// Reads the file, and sends the hashes of its chunks as they come. Where that fails in the middle, the stream ends.
async fn manifest(host: &Host, row: file::Model, stream: &mut Stream) -> Result<(), Wrong> {
    let (hashes, mut hashed) = mpsc::channel::<Vec<u8>>(4);
    let (began, begun) = tokio::sync::oneshot::channel();
    let root = host.root.clone();
    let reading = spawn_blocking(move || {
        let opened = open(&root, &row).and_then(|file| {
            let before = stamp(&file)?;
            match chunk_of(before.size) {
                Some(chunk) => Ok((file, before, chunk)),
                None => Err(too_large(&row.name)),
            }
        });
        let (mut file, before, chunk) = match opened {
            Ok(opened) => opened,
            Err(refusal) => {
                let _ = began.send(Err(refusal));
                return None;
            }
        };
        began.send(Ok((before, chunk))).ok()?;
        let (mut some, mut read) = (Vec::new(), 0);
        let whole = read_chunks(&mut file, before.size, chunk, |_, bytes| {
            some.extend(blake3::hash(bytes).as_bytes());
            read += bytes.len() as u64;
            if some.len() + HASH > HASHES || read >= TELL {
                read = 0;
                hashes.blocking_send(std::mem::take(&mut some)).map_err(std::io::Error::other)?;
            }
            Ok(())
        });
        let whole = whole.ok().filter(|_| stamp(&file).is_ok_and(|now| now == before))?;
        if !some.is_empty() {
            hashes.blocking_send(some).ok()?;
        }
        Some(whole)
    });
    match begun.await {
        Ok(Ok((stamp, chunk))) => say(stream, &Answer::Manifest { stamp, chunk }).await?,
        Ok(Err(refusal)) => return refuse(stream, &refusal).await,
        Err(_) => return Ok(()),
    }
    while let Some(some) = hashed.recv().await {
        frame::write(&mut stream.writer, &some).await?;
    }
    if let Ok(Some(hash)) = reading.await {
        say(stream, &Answer::Whole { hash }).await?;
    }
    Ok(())
}

impl Host {
    /// The row of a file of this device.
    async fn file(&self, id: Uuid) -> Result<file::Model, Refusal> {
        let row = file::Entity::find_by_id(id).one(&self.reader).await?;
        row.filter(|row| !row.is_dir && self.known.is_here(row))
            .ok_or_else(|| Refusal::NotFound { what: "file", id: id.to_string() })
    }

    /// A part of a file, if it is still as it was.
    async fn chunk(&self, id: Uuid, was: Stamp, chunk: u64, index: u64) -> Result<Vec<u8>, Refusal> {
        use std::io::{Read, Seek, SeekFrom};
        let row = self.file(id).await?;
        if was.size > MAX_SIZE || chunk_of(was.size) != Some(chunk) {
            return Err(too_large(&row.name));
        }
        let root = self.root.clone();
        let reading = spawn_blocking(move || {
            let mut file = open(&root, &row)?;
            if stamp(&file)? != was {
                return Err(Refusal::Changed(row.name));
            }
            let (at, length) = place(was.size, chunk, index);
            let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut bytes)?;
            // It may have been written to while it was read.
            if stamp(&file)? == was { Ok(bytes) } else { Err(Refusal::Changed(row.name)) }
        });
        reading.await.map_err(|error| DbErr::Custom(format!("the engine is stopping: {error}")))?
    }
}

fn open(root: &std::path::Path, row: &file::Model) -> Result<std::fs::File, Refusal> {
    folder::open(root, parent(&row.path).unwrap_or_default(), &row.name)
}

fn no_copy(job: Uuid) -> Refusal {
    Refusal::NotFound { what: "copy", id: job.to_string() }
}

fn too_large(name: &str) -> Refusal {
    let reason =
        format!("“{name}” is larger than {MAX_SIZE} bytes, or is asked for in other chunks than it has");
    Refusal::InvalidArguments { action: "files.copy", reason }
}

async fn say(stream: &mut Stream, answer: &Answer) -> Result<(), Wrong> {
    Ok(frame::write(&mut stream.writer, &serde_json::to_vec(answer)?).await?)
}

async fn refuse(stream: &mut Stream, refusal: &Refusal) -> Result<(), Wrong> {
    let (kind, message) = (refusal.kind().to_owned(), refusal.to_string());
    say(stream, &Answer::Refused { kind, message }).await
}
