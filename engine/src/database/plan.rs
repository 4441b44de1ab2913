//! Statements are planned once for all values that they are given.

use libsqlite3_sys::{SQLITE_DBCONFIG_ENABLE_QPSG, SQLITE_OK, sqlite3_db_config};
use sea_orm::sqlx;
use sea_orm::sqlx::sqlite::SqliteConnection;

/// Gives a connection SQLite's "query planner stability guarantee". Without it, a statement with `LIMIT ?` (any `one()` is one) is parsed
/// and planned anew at each execution, because its plan may depend on the value: a multiple of what it takes to run it.
pub(crate) async fn plan_once(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut handle = connection.lock_handle().await?;
    // SAFETY: the handle is locked, so it is open and nobody else uses it; this option takes an int and a pointer to an int that may be null.
    let result = unsafe {
        sqlite3_db_config(
            handle.as_raw_handle().as_ptr(),
            SQLITE_DBCONFIG_ENABLE_QPSG,
            1,
            std::ptr::null_mut::<i32>(),
        )
    };
    if result == SQLITE_OK {
        Ok(())
    } else {
        Err(sqlx::Error::Configuration(
            format!("SQLite does not plan statements once: it answered {result}").into(),
        ))
    }
}
