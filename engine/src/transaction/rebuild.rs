//! Making anew which folder is in which, should the table not be what the parents say.

use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::TransactionManager;

/// What the table must be, from the parents alone.
const UP: &str = "WITH RECURSIVE up (descendant, ancestor, depth) AS (SELECT id, id, 0 FROM files WHERE is_dir UNION ALL \
     SELECT up.descendant, above.id, up.depth + 1 FROM up JOIN files AS here ON here.id = up.ancestor \
     JOIN files AS above ON above.id = here.parent_id WHERE up.depth < 1000) ";
const HERE: &str = "SELECT descendant, ancestor, depth FROM folder_closure";

impl TransactionManager {
    /// How many rows of the table of folders are missing or wrong.
    pub(crate) async fn wrong_folders(&self) -> Result<u64, DbErr> {
        let sql = format!(
            "{UP} SELECT (SELECT count(*) FROM (SELECT * FROM up EXCEPT {HERE})) \
             + (SELECT count(*) FROM ({HERE} EXCEPT SELECT * FROM up))"
        );
        let db = &self.db.reader;
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
        let wrong: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(wrong.unsigned_abs())
    }

    /// Makes the table anew. Neither clients nor other devices see anything of it.
    pub(crate) async fn rebuild_folders(&self) -> Result<(), DbErr> {
        self.without_sync(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("DELETE FROM folder_closure").await?;
                let all = format!(
                    "INSERT INTO folder_closure (descendant, ancestor, depth) {UP} SELECT descendant, ancestor, depth FROM up"
                );
                tx.execute_unprepared(&all).await.map(drop)
            })
        })
        .await
    }
}
