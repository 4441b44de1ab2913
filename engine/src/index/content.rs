//! What is in files: a hash, and the id that follows from it.
//!
//! Small files are hashed whole; of large ones their size, their beginning and end, and four places in between: enough to tell files of a library
//! apart, without reading films from end to end.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use tokio::sync::watch;
use tokio::time::sleep;
use uuid::Uuid;

use super::full::blocking;
use super::name::disk_path;
use crate::database::entity::job::JobKind;
use crate::database::entity::{content_identity, file};
use crate::jobs::{About, Jobs};
use crate::resource::FILE;
use crate::time::{now_ns, to_ns};
use crate::transaction::{Recorder, TransactionManager, Write};

/// Up to this size, a file is hashed whole: 128 KiB.
const WHOLE: u64 = 128 << 10;
/// What is read at the beginning and at the end of a larger one: 8 KiB.
const END: u64 = 8 << 10;
/// What is read at each of the places in between: 10 KiB.
const SAMPLE: u64 = 10 << 10;
/// How many places there are in between.
const SAMPLES: u64 = 4;
/// How many files are looked into before it is written down.
const BATCH: u64 = 200;
/// How long to wait after the rows changed: more may be about to.
const SETTLED: Duration = Duration::from_millis(500);

/// A BLAKE3 hash of what is in a file of this size, in hexadecimal digits.
///
/// # Errors
/// When it cannot be read, or is shorter than it should be.
pub(crate) fn content_hash(on_disk: &Path, size: u64) -> io::Result<String> {
    let mut file = File::open(on_disk)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&size.to_le_bytes());
    let mut add = |at: u64, length: u64| -> io::Result<()> {
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut bytes)?;
        hasher.update(&bytes);
        Ok(())
    };
    if size <= WHOLE {
        add(0, size)?;
    } else {
        add(0, END)?;
        let step = (size - 2 * END) / SAMPLES;
        for place in 0..SAMPLES {
            add(END + place * step, SAMPLE)?;
        }
        add(size - END, END)?;
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// The id of a content in a library: the same on all devices.
pub(crate) fn content_id(library: &str, hash: &str) -> Uuid {
    let library =
        Uuid::parse_str(library).unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_OID, library.as_bytes()));
    Uuid::new_v5(&library, hash.as_bytes())
}

/// Looks into one file and writes down what is in it, if it is still the file that the row is about.
pub(crate) async fn identify_file(
    transactions: &TransactionManager,
    root: &Path,
    row: &file::Model,
) -> Result<(), DbErr> {
    let looked = look_into(root.to_owned(), vec![row.clone()]).await?;
    write(transactions, looked).await
}

/// Looks into all files of a location, and then into those that are new or changed. Runs until it is dropped.
pub(crate) async fn identify(
    transactions: Arc<TransactionManager>,
    db: DatabaseConnection,
    root: PathBuf,
    location: Uuid,
    jobs: Jobs,
    mut changed: watch::Receiver<u64>,
) {
    loop {
        if let Err(error) = identify_new(&transactions, &db, &root, location, &jobs).await {
            tracing::error!(%error, "looking into files failed: it goes on with the next change");
        }
        if changed.changed().await.is_err() {
            return;
        }
        sleep(SETTLED).await;
        changed.mark_unchanged();
    }
}

async fn identify_new(
    transactions: &TransactionManager,
    db: &DatabaseConnection,
    root: &Path,
    location: Uuid,
    jobs: &Jobs,
) -> Result<(), DbErr> {
    use file::Column as C;
    let (mut after, mut done, mut job) = (Uuid::nil(), 0, None);
    loop {
        // Nothing is in an empty file that could be the same in another.
        let unknown = file::Entity::find()
            .filter(C::ContentId.is_null())
            .filter(C::LocationId.eq(location))
            .filter(C::IsDir.eq(false))
            .filter(C::Size.gt(0))
            .filter(C::Id.gt(after));
        let rows = unknown.clone().order_by_asc(C::Id).limit(BATCH).all(db).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        let count = rows.len() as u64;
        if job.is_none() && count == BATCH {
            // A few are looked into before anybody could read that they are.
            let mut begun = jobs.begin(About::location(JobKind::Identify, location));
            begun.is_at(done, Some(done + unknown.count(db).await?));
            job = Some(begun);
        }
        let looked = look_into(root.to_owned(), rows).await?;
        if !looked.is_empty() {
            write(transactions, looked).await?;
        }
        done += count;
        if let Some(job) = &mut job {
            let (_, total) = job.at();
            job.is_at(done, total.map(|total| total.max(done)));
        }
    }
    if let Some(job) = job {
        job.finish();
    }
    Ok(())
}

/// The hashes of files that are as their rows say. What cannot be read is looked at again another time.
async fn look_into(root: PathBuf, rows: Vec<file::Model>) -> Result<Vec<(file::Model, String)>, DbErr> {
    blocking(move || {
        let hash = |row: file::Model| {
            let path = disk_path(&root, &row.path);
            let size = u64::try_from(row.size).ok()?;
            let is_it = |path: &Path| {
                let metadata = path.symlink_metadata().ok()?;
                let modified_ns = metadata.modified().map_or(0, to_ns);
                (metadata.is_file() && metadata.len() == size && modified_ns == row.modified_ns).then_some(())
            };
            is_it(&path)?;
            let hash = content_hash(&path, size).ok()?;
            // It may have been written to while it was read.
            is_it(&path)?;
            Some((row, hash))
        };
        rows.into_iter().filter_map(hash).collect()
    })
    .await
}

/// Writes down which content files have, those contents first.
async fn write(transactions: &TransactionManager, looked: Vec<(file::Model, String)>) -> Result<(), DbErr> {
    let library = transactions.library().to_owned();
    transactions.with_tx(|tx| Box::pin(async move { record(tx, &library, looked).await })).await
}

async fn record(
    tx: &mut Recorder<'_, '_>,
    library: &str,
    looked: Vec<(file::Model, String)>,
) -> Result<(), DbErr> {
    let mut written = Vec::new();
    for (row, hash) in looked {
        let id = content_id(library, &hash);
        let is_it = "UPDATE files SET content_id = ?, version = version + 1 \
                     WHERE id = ? AND content_id IS NULL AND size = ? AND modified_ns = ?";
        let values = [id.into(), row.id.into(), row.size.into(), row.modified_ns.into()];
        if tx.execute(is_it, values).await?.rows_affected() == 0 {
            continue;
        }
        let content =
            content_identity::Model { id, hash, size: row.size, first_seen_ns: now_ns(), version: 1 };
        tx.write(Write::Content(content)).await?;
        written.push(row.id.to_string());
    }
    tx.record(FILE, written).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        content_hash(&path, bytes.len() as u64).unwrap()
    }

    #[test]
    fn the_same_bytes_have_the_same_hash_and_others_another() {
        assert_eq!(hash(b"one"), hash(b"one"));
        assert_ne!(hash(b"one"), hash(b"two"));
    }

    #[test]
    fn a_large_file_is_told_apart_by_its_size_its_ends_and_samples() {
        let large = vec![7_u8; 1 << 20];
        let other = |at: usize| {
            let mut other = large.clone();
            other[at] = 8;
            hash(&other)
        };
        assert_eq!(hash(&large), hash(&large));
        for at in [0, 9_000, (1 << 20) - 1] {
            assert_ne!(hash(&large), other(at), "{at}");
        }
        assert_ne!(hash(&large), hash(&large[1..]));
        // Between the samples nobody looks.
        assert_eq!(hash(&large), other(30_000));
    }

    #[test]
    fn a_file_that_is_shorter_than_its_row_says_is_no_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"short").unwrap();
        assert!(content_hash(&path, 6).is_err());
    }

    #[test]
    fn an_id_follows_from_the_library_and_the_content() {
        let library = "6f1c3f52-9d0e-4d2b-8f43-0c9c5f2b7a10";
        assert_eq!(content_id(library, "aa"), content_id(library, "aa"));
        assert_ne!(content_id(library, "aa"), content_id(library, "ab"));
        assert_ne!(content_id(library, "aa"), content_id("6f1c3f52-9d0e-4d2b-8f43-0c9c5f2b7a11", "aa"));
    }
}
