//! Opening the database: one connection that writes, several that read.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, DatabaseConnection, DbErr};
use sea_orm_migration::MigratorTrait;

use super::migration::Migrator;
use super::plan::plan_once;
use super::{Lock, Passphrase, Vault, VaultError};

/// How many connections read at the same time; each copy for a new client holds one.
const READERS: u32 = 8;

/// The two ways into the database file.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    /// The one connection that writes. Only [`crate::transaction::TransactionManager`] uses it.
    pub(crate) writer: DatabaseConnection,
    /// Connections that only read; in WAL mode each sees a consistent state while writes go on.
    pub(crate) reader: DatabaseConnection,
    /// Encrypts what the logs say.
    pub(crate) vault: Arc<Vault>,
    /// Let go of when nobody can write any more.
    pub(super) _lock: Option<Arc<Lock>>,
}

impl Database {
    /// Opens the file, creating it if needed, and brings its tables up to date.
    pub(crate) async fn open(
        file: &Path,
        lock: Lock,
        passphrase: Option<&Passphrase>,
        new_passphrase: Option<&Passphrase>,
    ) -> Result<Self, VaultError> {
        let writer = connect(file, 1, false).await?;
        Migrator::up(&writer, None).await?;
        let vault = Arc::new(Vault::open(&writer, passphrase, new_passphrase).await?);
        let reader = connect(file, READERS, true).await?;
        Ok(Self { writer, reader, vault, _lock: Some(Arc::new(lock)) })
    }

    /// Closes all connections; the last one folds the write-ahead log into the file.
    pub(crate) async fn close(&self) {
        for connection in [&self.reader, &self.writer] {
            if let Err(error) = connection.close_by_ref().await {
                tracing::warn!(%error, "the database did not close cleanly");
            }
        }
    }
}

async fn connect(file: &Path, connections: u32, only_read: bool) -> Result<DatabaseConnection, DbErr> {
    let file = file.to_owned();
    let mut options = options(connections);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .filename(&file)
            .in_memory(false)
            .shared_cache(false)
            .create_if_missing(!only_read)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL may lose the last commits when the power fails, and then hand out their sequences again for
            // other events: a client that saw the lost ones would be wrong for ever without noticing.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        if only_read { sqlite.pragma("query_only", "ON") } else { sqlite }
    });
    sea_orm::Database::connect(options).await
}

/// Connections that stay open, to a database that is in no file unless another place is set.
pub(super) fn options(connections: u32) -> ConnectOptions {
    // In a URL, characters of a path such as `?` and `%` would have a meaning.
    let mut options = ConnectOptions::new("sqlite::memory:");
    options
        .max_connections(connections)
        .min_connections(1)
        .sqlx_logging(false)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_connect(|connection, _| Box::pin(plan_once(connection)))
        });
    options
}
