//! Asking another device.

use std::future::Future;
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::time::timeout;
use uuid::Uuid;

use super::manifest::{HASH, LARGEST, MAX_SIZE, Manifest, chunk_of};
use super::message::{Answer, Far, MAX_BYTES, Request};
use crate::net::{Lines, NetError, Stream, frame};

/// How long one answer, or the next part of one, may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long to wait for another channel to a device that was lost before it answered.
const AGAIN: Duration = Duration::from_secs(5);
/// How often a question is begun, where the channel ends before it is said.
const ATTEMPTS: usize = 3;
/// How many bytes of hashes come in one frame at most.
pub(super) const HASHES: usize = 64 << 10;

/// Why there is no answer that is wanted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum AskError {
    #[error("the device is not there")]
    NotReachable,
    #[error("the device did not answer within {0:?}")]
    Silent(Duration),
    #[error("the device was lost: {0}")]
    Lost(#[from] NetError),
    #[error("the answer makes no sense: {0}")]
    Nonsense(String),
    #[error("{message}")]
    Refused { kind: String, message: String },
    #[error("what came is not what was announced")]
    Damaged,
}

impl AskError {
    /// The stable name of the reason.
    pub(crate) fn kind(&self) -> &str {
        match self {
            Self::NotReachable => "not_reachable",
            Self::Silent(_) | Self::Lost(_) => "no_answer",
            Self::Nonsense(_) => "nonsense",
            Self::Refused { kind, .. } => kind,
            Self::Damaged => "damaged",
        }
    }

    /// Whether the same question may be answered another time.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::NotReachable | Self::Silent(_) | Self::Lost(_) => true,
            Self::Refused { kind, .. } => kind == "busy" || kind == "io",
            Self::Nonsense(_) | Self::Damaged => false,
        }
    }
}

/// Asks for something to be done, and waits for it. Where the channel is lost before the answer comes, and there is another one soon, as when
/// two devices have called each other at the same time, it is asked there once more: the same question has no second effect.
pub(crate) async fn ask(lines: &Lines, device: Uuid, request: &Request) -> Result<(), AskError> {
    let mut changes = lines.changes();
    changes.mark_unchanged();
    let lost = match ask_once(lines, device, request).await {
        Err(AskError::Lost(lost)) => lost,
        answered => return answered,
    };
    let again = async {
        while changes.changed().await.is_ok() {
            match ask_once(lines, device, request).await {
                Err(AskError::NotReachable | AskError::Lost(_)) => {}
                answered => return answered,
            }
        }
        Err(AskError::NotReachable)
    };
    match timeout(AGAIN, again).await {
        // It may have been done the first time.
        Err(_) | Ok(Err(AskError::NotReachable)) => Err(AskError::Lost(lost)),
        Ok(answered) => answered,
    }
}

async fn ask_once(lines: &Lines, device: Uuid, request: &Request) -> Result<(), AskError> {
    let mut stream = say(lines, device, request).await?;
    match hear(&mut stream).await? {
        Answer::Done {} => Ok(()),
        other => Err(unexpected(other)),
    }
}

/// Asks what is in a file.
pub(super) async fn ask_manifest(lines: &Lines, device: Uuid, file: Uuid) -> Result<Manifest, AskError> {
    let mut stream = say(lines, device, &Request::Manifest { file }).await?;
    let (stamp, chunk) = match hear(&mut stream).await? {
        Answer::Manifest { stamp, chunk } => (stamp, chunk),
        other => return Err(unexpected(other)),
    };
    if chunk_of(stamp.size) != Some(chunk) {
        return Err(AskError::Nonsense(format!("chunks of {chunk} bytes, at most {MAX_SIZE} in all")));
    }
    let count = usize::try_from(stamp.size.div_ceil(chunk)).unwrap_or(usize::MAX);
    let wanted = count.saturating_mul(HASH);
    let mut hashes = Vec::new();
    while hashes.len() < wanted {
        let some = bytes(&mut stream, HASHES.min(wanted - hashes.len())).await?;
        if some.is_empty() {
            return Err(AskError::Nonsense("fewer hashes than chunks".to_owned()));
        }
        hashes.extend(some);
    }
    match hear(&mut stream).await? {
        Answer::Whole { hash } => Ok(Manifest { stamp, chunk, hashes, whole: hash }),
        other => Err(unexpected(other)),
    }
}

/// Asks for a chunk of a file, and checks it.
pub(super) async fn ask_chunk(
    lines: &Lines,
    device: Uuid,
    file: Uuid,
    manifest: &Manifest,
    index: u64,
) -> Result<Vec<u8>, AskError> {
    let (stamp, chunk) = (manifest.stamp, manifest.chunk);
    let mut stream = say(lines, device, &Request::Chunk { file, stamp, chunk, index }).await?;
    match hear(&mut stream).await? {
        Answer::Chunk { bytes } if bytes == manifest.place(index).1 => {}
        other => return Err(unexpected(other)),
    }
    let came = bytes(&mut stream, usize::try_from(LARGEST).unwrap_or(usize::MAX)).await?;
    if manifest.is_chunk(index, &came) { Ok(came) } else { Err(AskError::Damaged) }
}

/// Asks whether a file is still as its manifest says: for what is behind its last chunk, which is nothing.
pub(super) async fn ask_still(
    lines: &Lines,
    device: Uuid,
    file: Uuid,
    manifest: &Manifest,
) -> Result<(), AskError> {
    let (stamp, chunk, index) = (manifest.stamp, manifest.chunk, manifest.count());
    let mut stream = say(lines, device, &Request::Chunk { file, stamp, chunk, index }).await?;
    match hear(&mut stream).await? {
        Answer::Chunk { bytes: 0 } => Ok(()),
        other => Err(unexpected(other)),
    }
}

/// Asks how far a copy is.
pub(super) async fn ask_copy(lines: &Lines, device: Uuid, job: Uuid) -> Result<Far, AskError> {
    let mut stream = say(lines, device, &Request::Copy { job }).await?;
    match hear(&mut stream).await? {
        Answer::Copy(far) => Ok(far),
        other => Err(unexpected(other)),
    }
}

/// Opens a stream and asks. Where that does not work, nothing was asked: what comes in half is not answered.
async fn say(lines: &Lines, device: Uuid, request: &Request) -> Result<Stream, AskError> {
    let bytes = serde_json::to_vec(request).map_err(|error| AskError::Nonsense(error.to_string()))?;
    patiently(async {
        for _ in 0..ATTEMPTS {
            let mut stream = lines.open(device).await.ok_or(AskError::NotReachable)?;
            if frame::write(&mut stream.writer, &bytes).await.is_ok() {
                return Ok(stream);
            }
        }
        Err(AskError::NotReachable)
    })
    .await
}

async fn hear(stream: &mut Stream) -> Result<Answer, AskError> {
    match read(&bytes(stream, MAX_BYTES).await?)? {
        Answer::Refused { kind, message } => Err(AskError::Refused { kind, message }),
        answer => Ok(answer),
    }
}

async fn bytes(stream: &mut Stream, most: usize) -> Result<Vec<u8>, AskError> {
    let came = patiently(async { Ok(frame::read(&mut stream.reader, most).await?) }).await?;
    came.ok_or_else(|| NetError::Ended("without an answer".to_owned()).into())
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AskError> {
    serde_json::from_slice(bytes).map_err(|error| AskError::Nonsense(error.to_string()))
}

async fn patiently<T>(work: impl Future<Output = Result<T, AskError>>) -> Result<T, AskError> {
    timeout(PATIENCE, work).await.unwrap_or(Err(AskError::Silent(PATIENCE)))
}

fn unexpected(answer: Answer) -> AskError {
    AskError::Nonsense(format!("{answer:?}").chars().take(200).collect())
}
