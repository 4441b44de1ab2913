//! A storage in one SQLite database.

mod failure;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};

use super::{Batch, Op, Storage, StorageError, StorageErrorKind};
use failure::failure;

/// "LDRS": this is a database of ours.
const APPLICATION: i32 = 0x4c44_5253;
/// The newest form of the tables that this version can read.
const FORMAT: i32 = 1;
/// Small pages would cut large values into many; large ones make small batches dear.
const PAGE_BYTES: u32 = 8192;
/// So long may another client take to let go of it.
const PATIENCE: Duration = Duration::from_millis(300);
/// The log is written back into the database when it has so many pages, 4 MB.
const LOG_PAGES: u32 = 512;

/// Values in one SQLite database, with a write-ahead log; a commit returns when it is on the disk.
///
/// The folder of the database is made if there is none. Beside it lies the log, named as the database with `-wal`. While it is open, no
/// other process and no other client can open it.
///
/// ```no_run
/// use larder_native::storage::{SqliteStorage, Storage};
/// let mut storage = SqliteStorage::at("/var/lib/app/cache.sqlite");
/// println!("{} values", storage.keys()?.len());
/// # Ok::<(), larder_native::storage::StorageError>(())
/// ```
#[derive(Debug)]
pub struct SqliteStorage {
    path: PathBuf,
    most_bytes: Option<u64>,
    open: Option<Connection>,
}

impl SqliteStorage {
    /// A storage in the database of this path. The disk is first touched when the storage is used.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), most_bytes: None, open: None }
    }

    /// Lets the database grow to so many bytes; a batch that would need more fails with
    /// [`StorageErrorKind::QuotaExceeded`]. By default it may fill the disk.
    #[must_use]
    pub fn most_bytes(mut self, most: u64) -> Self {
        self.most_bytes = Some(most);
        self
    }

    fn open(&mut self) -> Result<&mut Connection, StorageError> {
        if self.open.is_none() {
            self.open = Some(open(&self.path, self.most_bytes)?);
        }
        let closed = || StorageError::new(StorageErrorKind::Io, "the database is not open");
        self.open.as_mut().ok_or_else(closed)
    }
}

/// Opens the database for us alone, and makes the table if it is new.
fn open(path: &Path, most_bytes: Option<u64>) -> Result<Connection, StorageError> {
    let failed = |error: rusqlite::Error| failure(&error, path);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| failure::of_file(&error, folder))?;
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    // Before the first access: then the lock is held from there on, and the log needs no shared memory beside it.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(failed)?;
    connection.pragma_update(None, "page_size", PAGE_BYTES).map_err(failed)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(())).map_err(failed)?;
    // A log that a large batch has made longer is cut again.
    let log_bytes = LOG_PAGES * PAGE_BYTES;
    connection.pragma_update_and_check(None, "journal_size_limit", log_bytes, |_| Ok(())).map_err(failed)?;
    // Takes the lock, also where nothing has to be written.
    connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
    prepare(&connection, path)?;
    connection.execute_batch("COMMIT").map_err(failed)?;
    if let Some(most) = most_bytes {
        let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0)).map_err(failed)?;
        let pages = (i64::try_from(most).unwrap_or(i64::MAX) / page.max(1)).max(1);
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).map_err(failed)?;
    }
    Ok(connection)
}

/// Makes the table in a new database; refuses what is not ours, or newer than we are.
fn prepare(connection: &Connection, path: &Path) -> Result<(), StorageError> {
    let failed = |error: rusqlite::Error| failure(&error, path);
    let number = |name: &str| -> Result<i32, StorageError> {
        connection.pragma_query_value(None, name, |row| row.get(0)).map_err(failed)
    };
    let (application, format) = (number("application_id")?, number("user_version")?);
    if application == 0 && format == 0 {
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(failed)?;
        if tables == 0 {
            let table =
                "CREATE TABLE entry (key TEXT PRIMARY KEY, sum INTEGER NOT NULL, value BLOB NOT NULL)";
            connection.execute_batch(table).map_err(failed)?;
            connection.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
            return connection.pragma_update(None, "user_version", FORMAT).map_err(failed);
        }
    }
    let refused = |kind, what: &str| Err(StorageError::new(kind, format!("{} {what}", path.display())));
    match format {
        _ if application != APPLICATION => refused(
            StorageErrorKind::Damaged,
            "is a database of another program; give the cache a file of its own",
        ),
        FORMAT => Ok(()),
        _ => refused(
            StorageErrorKind::NewerFormat,
            "was written by a newer version of Larder; update the app, or wipe the storage",
        ),
    }
}

/// Checksums also say which key the value belongs to, so that a page in the wrong place is noticed.
fn sum(key: &str, value: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key.as_bytes());
    hasher.update(value);
    hasher.finalize()
}

impl Storage for SqliteStorage {
    fn keys(&mut self) -> Result<Vec<(String, u64)>, StorageError> {
        let path = self.path.clone();
        let connection = self.open()?;
        let list = || {
            let mut listing = connection.prepare_cached("SELECT key, length(value) FROM entry")?;
            let rows = listing.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
            rows.collect::<Result<Vec<_>, rusqlite::Error>>()
        };
        list().map_err(|error| failure(&error, &path))
    }

    fn read(&mut self, keys: &[&str]) -> Result<Vec<Option<Vec<u8>>>, StorageError> {
        let path = self.path.clone();
        let connection = self.open()?;
        let mut one = connection
            .prepare_cached("SELECT sum, value FROM entry WHERE key = ?1")
            .map_err(|e| failure(&e, &path))?;
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            let mut rows = one.query([key]).map_err(|error| failure(&error, &path))?;
            let row = rows.next().map_err(|error| failure(&error, &path))?;
            let Some(row) = row else {
                values.push(None);
                continue;
            };
            let read = || -> Result<(u32, Vec<u8>), rusqlite::Error> { Ok((row.get(0)?, row.get(1)?)) };
            let (stored, value) = read().map_err(|error| failure(&error, &path))?;
            if stored != sum(key, &value) {
                let message = format!("the value of `{key}` in {} is not what was stored", path.display());
                return Err(StorageError::new(StorageErrorKind::Damaged, message));
            }
            values.push(Some(value));
        }
        Ok(values)
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StorageError> {
        let path = self.path.clone();
        let connection = self.open()?;
        // Dropping a transaction that was not committed takes it back.
        let mut store = || {
            let transaction = connection.transaction()?;
            {
                let mut put = transaction
                    .prepare_cached("INSERT OR REPLACE INTO entry (key, sum, value) VALUES (?1, ?2, ?3)")?;
                let mut delete = transaction.prepare_cached("DELETE FROM entry WHERE key = ?1")?;
                for op in batch.ops() {
                    match op {
                        Op::Put { key, value } => put.execute(params![key, sum(key, value), value])?,
                        Op::Delete { key } => delete.execute([key])?,
                    };
                }
            }
            transaction.commit()
        };
        store().map_err(|error| failure(&error, &path))
    }

    fn wipe(&mut self) -> Result<(), StorageError> {
        match self.open() {
            // Somebody else has it, and would go on writing into files that are gone.
            Err(error) if error.kind == StorageErrorKind::Locked => return Err(error),
            _ => self.open = None,
        }
        for ending in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.path.clone().into_os_string();
            name.push(ending);
            match fs::remove_file(&name) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(failure::of_file(&error, Path::new(&name)));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), StorageError> {
        let Some(connection) = self.open.take() else { return Ok(()) };
        connection.close().map_err(|(_, error)| failure(&error, &self.path))
    }
}
