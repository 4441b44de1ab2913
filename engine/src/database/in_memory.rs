//! Databases that are in no file: one connection for everything. Tests make very many of them.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use sea_orm_migration::MigratorTrait;
use tokio::sync::OnceCell;

use super::Database;
use super::connect::options;
use super::migration::Migrator;

/// The statements that make what all migrations make.
static MIGRATED: OnceCell<String> = OnceCell::const_new();

impl Database {
    pub(crate) async fn in_memory() -> Result<Self, DbErr> {
        let migrated = MIGRATED.get_or_try_init(|| async {
            let first = Self::in_memory_before_migrations().await?;
            Migrator::up(&first, None).await?;
            dump(&first).await
        });
        let only = Self::in_memory_before_migrations().await?;
        only.execute_unprepared(migrated.await?).await?;
        Ok(Self { writer: only.clone(), reader: only, vault: Arc::default(), _lock: None })
    }

    /// One without tables.
    pub(crate) async fn in_memory_before_migrations() -> Result<DatabaseConnection, DbErr> {
        sea_orm::Database::connect(options(1)).await
    }
}

/// What makes a database with the same tables and rows.
async fn dump(db: &DatabaseConnection) -> Result<String, DbErr> {
    let own = "sql IS NOT NULL AND name NOT LIKE 'sqlite%'";
    let mut all = texts(db, &format!("SELECT sql FROM sqlite_schema WHERE {own} ORDER BY rowid")).await?;
    let tables = format!("SELECT name FROM sqlite_schema WHERE type = 'table' AND {own}");
    for table in texts(db, &tables).await? {
        let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
        let row = texts(db, &columns).await?.join(" || ',' || ");
        let insert = format!("SELECT 'INSERT INTO \"{table}\" VALUES (' || {row} || ')' FROM \"{table}\"");
        all.extend(texts(db, &insert).await?);
    }
    Ok(format!("BEGIN; {}; COMMIT", all.join("; ")))
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Result<Vec<String>, DbErr> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
