//! Writing the changes, in an order in which every state in between makes sense.

use std::collections::{HashMap, HashSet};

use sea_orm::DbErr;
use uuid::Uuid;

use super::diff::Changes;
use crate::database::entity::file;
use crate::event::BATCH;
use crate::transaction::{TransactionManager, Write};

/// More than so many entries are written in bulk: a log that had each of them would only be read by clients that fetch everything anew.
const BULK: usize = 5_000;

/// A few changes go into one transaction; many are written deletions first (they make room), then what moved, together
/// with the new folders it moved into, then the rest in batches or, if it is very much, in bulk.
pub(crate) async fn apply(
    transactions: &TransactionManager,
    changes: Changes,
    operation: &'static str,
    report: impl FnMut(usize),
) -> Result<(), DbErr> {
    if changes.count() == 0 {
        return Ok(());
    }
    let small = changes.count() <= BATCH;
    let Changes { mut created, moved, changed, deleted, doubted: _ } = changes;
    let deleted: Vec<Uuid> = deleted.into_iter().map(|row| row.id).collect();
    let leaving: Vec<Uuid> = moved.iter().map(|row| row.id).collect();

    if small {
        let mut rows = moved;
        rows.extend(created);
        rows.extend(changed);
        rows.sort_by(|a, b| a.path.cmp(&b.path));
        let writes =
            vec![Write::DeleteFiles(deleted), Write::Vacate(leaving), Write::Files { rows, operation }];
        transactions.commit(writes, None).await?;
        return Ok(());
    }

    for ids in deleted.chunks(BATCH) {
        transactions.commit(vec![Write::DeleteFiles(ids.to_vec())], None).await?;
    }
    if !moved.is_empty() {
        let needed = folders_above(&moved, &created);
        let (mut rows, others): (Vec<_>, Vec<_>) =
            created.into_iter().partition(|row| needed.contains(&row.id));
        created = others;
        rows.extend(moved);
        transactions.commit(vec![Write::Vacate(leaving), Write::Files { rows, operation }], None).await?;
    }
    created.extend(changed);
    if created.len() > BULK {
        transactions.commit_bulk(created, operation).await.map(drop)
    } else {
        transactions.commit_batch(created, operation, report).await
    }
}

/// Those of the new folders that are above the moved rows.
fn folders_above(moved: &[file::Model], created: &[file::Model]) -> HashSet<Uuid> {
    let parents: HashMap<Uuid, Option<Uuid>> =
        created.iter().filter(|row| row.is_dir).map(|row| (row.id, row.parent_id)).collect();
    let mut needed = HashSet::new();
    for row in moved {
        let mut above = row.parent_id;
        while let Some(id) = above
            && let Some(next) = parents.get(&id)
            && needed.insert(id)
        {
            above = *next;
        }
    }
    needed
}
