//! A new device is given a library, against writing the same rows to SQLite and nothing else.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TransactionTrait,
};

use super::device::Device;

/// As many rows as one message has.
const PAGE: usize = 2_000;
/// How many rows one statement of the comparison has.
const STATEMENT: usize = 500;

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
    let there = open(&guest.database()).await;
    let (began, cpu, before) = (Instant::now(), cpu_seconds(), count(&there).await);
    // And its own folder.
    until(&there, rows + 1).await;
    let came = rows + 1 - before;
    let synced = (came as f64 / began.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    println!(
        "backfill of {rows} entries: {:.0} rows/s, {:.1} µs of processors for each on both devices",
        synced.0,
        synced.1 * 1e6 / came as f64
    );
    for (size, how) in [(PAGE, "in transactions of 2,000"), (usize::MAX, "in one transaction")] {
        let plain = plain(&source, rows, size).await;
        println!(
            "the same rows to SQLite alone, {how}: {:.0} rows/s, {:.1} µs; {:.2} × by the clock: {}",
            plain.0,
            plain.1 * 1e6 / rows as f64,
            synced.0 / plain.0,
            verdict(synced.0 / plain.0, 0.3)
        );
    }
    host.engine.shutdown().await;
    guest.engine.shutdown().await;
}

/// What is wanted, and whether it is so.
fn verdict(factor: f64, wanted: f64) -> String {
    format!("{} (≥ {wanted} ×)", if factor >= wanted { "met" } else { "NOT MET" })
}

/// How long processors have worked for this process, where the system says so: on a busy machine, the clock tells about others too.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

async fn open(file: &Path) -> DatabaseConnection {
    Database::connect(format!("sqlite://{}", file.display())).await.unwrap()
}

async fn until(db: &DatabaseConnection, rows: i64) {
    while count(db).await < rows {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn count(db: &DatabaseConnection) -> i64 {
    let count = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) FROM files");
    db.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// The same rows, the same table with the same indexes, the same care for the disk, in transactions of this many rows. Returns rows per
/// second, and for how long processors worked.
async fn plain(source: &DatabaseConnection, rows: i64, size: usize) -> (f64, f64) {
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
    for from in (0..rows).step_by(STATEMENT) {
        let values =
            format!("SELECT {quoted} FROM (SELECT * FROM files ORDER BY id LIMIT {STATEMENT} OFFSET {from})");
        let values = source.query_all_raw(Statement::from_string(DbBackend::Sqlite, values)).await.unwrap();
        let values: Vec<String> =
            values.iter().map(|row| format!("({})", row.try_get_by_index::<String>(0).unwrap())).collect();
        inserts.push(format!("INSERT INTO files ({columns}) VALUES {}", values.join(",")));
    }
    let (began, cpu) = (Instant::now(), cpu_seconds());
    for some in inserts.chunks((size / STATEMENT).max(1)) {
        let tx = db.begin().await.unwrap();
        for insert in some {
            tx.execute_unprepared(insert).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    (rows as f64 / began.elapsed().as_secs_f64(), cpu_seconds() - cpu)
}
