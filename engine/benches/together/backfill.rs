//! A new device is given a library, against writing the same rows to SQLite and nothing else.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait,
};

use super::device::Device;

const BATCH: i64 = 500;

pub async fn run(entries: usize) {
    let host = Device::open(None, |root| {
        for number in 0..entries {
            let folder = root.join(format!("{}", number / 1_000));
            if number % 1_000 == 0 {
                fs::create_dir(&folder).unwrap();
            }
            fs::write(folder.join(format!("file {number}.txt")), "").unwrap();
        }
    })
    .await;
    let rows = i64::try_from(entries + entries.div_ceil(1_000) + 1).unwrap();
    let source = open(&host.database()).await;
    until(&source, rows).await;
    let guest = Device::open(None, |_| {}).await.join(&host).await;
    let began = Instant::now();
    let there = open(&guest.database()).await;
    // And its own folder.
    until(&there, rows + 1).await;
    let synced = rows as f64 / began.elapsed().as_secs_f64();
    let plain = plain(&source, rows).await;
    println!(
        "backfill of {rows} entries: {synced:.0} rows/s; the same rows to SQLite alone: {plain:.0} rows/s; {:.2} ×",
        synced / plain
    );
    host.engine.shutdown().await;
    guest.engine.shutdown().await;
}

async fn open(file: &Path) -> DatabaseConnection {
    Database::connect(format!("sqlite://{}", file.display())).await.unwrap()
}

async fn until(db: &DatabaseConnection, rows: i64) {
    loop {
        let count = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) FROM files");
        let row = db.query_one_raw(count).await.unwrap().unwrap();
        if row.try_get_by_index::<i64>(0).unwrap() >= rows {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The same rows, the same table with the same indexes, the same care for the disk, in transactions of as many rows as messages have.
async fn plain(source: &DatabaseConnection, rows: i64) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plain.sqlite");
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.unwrap();
    let ddl = "SELECT sql FROM sqlite_master WHERE tbl_name = 'files' AND sql IS NOT NULL ORDER BY type DESC";
    db.execute_unprepared("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF")
        .await
        .unwrap();
    for row in source.query_all_raw(Statement::from_string(DbBackend::Sqlite, ddl)).await.unwrap() {
        db.execute_unprepared(&row.try_get_by_index::<String>(0).unwrap()).await.unwrap();
    }
    let names = "SELECT group_concat('\"' || name || '\"', ', ') FROM pragma_table_info('files')";
    let columns =
        source.query_one_raw(Statement::from_string(DbBackend::Sqlite, names)).await.unwrap().unwrap();
    let columns: String = columns.try_get_by_index(0).unwrap();
    // Values as text that SQLite reads, made before the clock starts.
    let quoted =
        columns.split(", ").map(|column| format!("quote({column})")).collect::<Vec<_>>().join(" || ',' || ");
    let mut inserts = Vec::new();
    for from in (0..rows).step_by(usize::try_from(BATCH).unwrap()) {
        let values =
            format!("SELECT {quoted} FROM (SELECT * FROM files ORDER BY id LIMIT {BATCH} OFFSET {from})");
        let values = source.query_all_raw(Statement::from_string(DbBackend::Sqlite, values)).await.unwrap();
        let values: Vec<String> =
            values.iter().map(|row| format!("({})", row.try_get_by_index::<String>(0).unwrap())).collect();
        inserts.push(format!("INSERT INTO files ({columns}) VALUES {}", values.join(",")));
    }
    let began = Instant::now();
    for insert in inserts {
        let tx = db.begin().await.unwrap();
        tx.execute_unprepared(&insert).await.unwrap();
        tx.commit().await.unwrap();
    }
    rows as f64 / began.elapsed().as_secs_f64()
}
