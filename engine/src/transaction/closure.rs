//! Which folder is in which, at any depth, kept right as folders come, move and go.
//!
//! The table has folders only: what an entry is in is its folder and all that that is in. So a folder with 10,000 entries moves at the cost of
//! the folders in it. Nothing of it goes to other devices: each makes it from the parents.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement};
use uuid::Uuid;

use super::read::uuids;
use crate::database::entity::file;
use crate::resource::FILE;
use crate::sync::{Replica, Shown};

/// How many folders one statement names.
const CHUNK: usize = 500;

/// Folders that may be in others now than the table says.
#[derive(Debug, Default)]
pub(super) struct Placed {
    written: BTreeSet<Uuid>,
    gone: BTreeSet<Uuid>,
    #[cfg(test)]
    moves_alone: bool,
}

impl Placed {
    #[cfg_attr(not(test), expect(unused_variables, reason = "mistakes are planted in tests only"))]
    pub(super) fn new(replica: &Replica) -> Self {
        Self {
            #[cfg(test)]
            moves_alone: replica.planted == Some(crate::sync::simulation::Bug::MoveAlone),
            ..Self::default()
        }
    }

    /// Entries that were written.
    pub(super) fn written(&mut self, rows: &[file::Model]) {
        self.written.extend(rows.iter().filter(|row| row.is_dir).map(|row| row.id));
    }

    /// Entries that were removed.
    pub(super) fn gone(&mut self, ids: &[String]) {
        self.gone.extend(uuids(ids));
    }

    /// What came from another device.
    pub(super) fn note(&mut self, shown: &Shown) {
        self.written.extend(shown.written.get(FILE).into_iter().flat_map(uuids));
        self.written.extend(uuids(&shown.in_bulk.above));
        self.gone.extend(shown.removed.get(FILE).into_iter().flat_map(uuids));
    }

    /// Brings the table up to date.
    pub(super) async fn update(self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        #[cfg(test)]
        let moves_alone = self.moves_alone;
        let Self { written, gone, .. } = self;
        let gone: Vec<Uuid> = gone.into_iter().collect();
        let mut roots = Vec::new();
        for ids in gone.chunks(CHUNK) {
            // What is still below them is at the top of what is known, until its own turn comes.
            let below = "SELECT id FROM files WHERE is_dir AND parent_id IN (list)";
            roots.extend(select(tx, below, ids).await?);
            run(tx, "DELETE FROM folder_closure WHERE descendant IN (list) OR ancestor IN (list)", ids)
                .await?;
        }
        let written: Vec<Uuid> = written.into_iter().collect();
        for ids in written.chunks(CHUNK) {
            let elsewhere = "SELECT id FROM files WHERE is_dir AND id IN (list) AND coalesce(parent_id, x'00') IS NOT \
                 coalesce((SELECT ancestor FROM folder_closure WHERE descendant = files.id AND depth = 1), x'00') \
                 OR is_dir AND id IN (list) AND id NOT IN (SELECT descendant FROM folder_closure WHERE descendant IN (list))";
            roots.extend(select(tx, elsewhere, ids).await?);
        }
        for ids in roots.chunks(CHUNK) {
            #[cfg(test)]
            if moves_alone {
                run(tx, "DELETE FROM folder_closure WHERE descendant IN (list)", ids).await?;
                run(tx, &LINK.replace("WHERE files.is_dir", "WHERE false"), ids).await?;
                continue;
            }
            run(tx, FORGET, ids).await?;
            run(tx, LINK, ids).await?;
        }
        Ok(())
    }
}

/// Takes everything below the folders off what is above them. What was below them in the table, or is below them now.
const FORGET: &str = "WITH RECURSIVE below (id) AS (SELECT id FROM files WHERE id IN (list) UNION \
     SELECT files.id FROM below JOIN files ON files.parent_id = below.id WHERE files.is_dir) \
     DELETE FROM folder_closure WHERE descendant IN (SELECT id FROM below)";

/// Follows the parents of everything below the folders to the top.
const LINK: &str = "WITH RECURSIVE below (id) AS (SELECT id FROM files WHERE id IN (list) AND is_dir UNION \
     SELECT files.id FROM below JOIN files ON files.parent_id = below.id WHERE files.is_dir), \
     up (descendant, ancestor, depth) AS (SELECT id, id, 0 FROM below UNION ALL \
     SELECT up.descendant, above.id, up.depth + 1 FROM up JOIN files AS here ON here.id = up.ancestor \
     JOIN files AS above ON above.id = here.parent_id WHERE up.depth < 1000) \
     INSERT INTO folder_closure (descendant, ancestor, depth) SELECT descendant, ancestor, depth FROM up WHERE true \
     ON CONFLICT (descendant, ancestor) DO UPDATE SET depth = excluded.depth";

fn statement(tx: &DatabaseTransaction, sql: &str, ids: &[Uuid]) -> Statement {
    let list: Vec<String> = ids.iter().map(|id| format!("x'{}'", id.simple())).collect();
    Statement::from_string(tx.get_database_backend(), sql.replace("list", &list.join(",")))
}

async fn run(tx: &DatabaseTransaction, sql: &str, ids: &[Uuid]) -> Result<(), DbErr> {
    tx.execute_raw(statement(tx, sql, ids)).await.map(drop)
}

async fn select(tx: &DatabaseTransaction, sql: &str, ids: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let rows = tx.query_all_raw(statement(tx, sql, ids)).await?;
    rows.into_iter().map(|row| row.try_get_by_index(0)).collect()
}
