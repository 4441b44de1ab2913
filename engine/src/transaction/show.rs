//! What clients are told when rows changed that sync, here or on another device: the same events as ever.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};

use super::bulk::Bulk;
use super::read::{read, uuids};
use crate::database::Vault;
use crate::database::entity::{album, content_identity, file};
use crate::event::{BATCH, Draft};
use crate::resource::{ALBUM, CONFLICT, CONTENT, DEVICE, FILE, LOCATION, TAG, VOLUME};
use crate::sync::Shown;

/// What comes first does not refer to what comes later.
const ORDER: [&str; 8] = [DEVICE, VOLUME, LOCATION, TAG, CONTENT, FILE, ALBUM, CONFLICT];

/// The events that tell what `shown` names. What is not there any more has been told already, or is among what was removed.
pub(super) async fn drafts(
    tx: &DatabaseTransaction,
    vault: &Vault,
    shown: Shown,
    operation: Option<&str>,
) -> Result<Vec<Draft>, DbErr> {
    let Shown { mut written, touched, removed, in_bulk } = shown;
    for (resource, ids) in touched {
        // A row that was written itself is the next version already, or new: then it is not to be taken for one that has no tags yet.
        let own = written.get(resource);
        let (again, first): (BTreeSet<String>, BTreeSet<String>) =
            ids.iter().cloned().partition(|id| own.is_some_and(|own| own.contains(id)));
        touch(tx, resource, &first, Expr::cust("version + 1")).await?;
        touch(tx, resource, &again, Expr::cust("max(version, 2)")).await?;
        written.entry(resource).or_default().extend(ids);
    }
    let mut drafts = Vec::new();
    for resource in ORDER {
        let Some(ids) = written.remove(resource) else { continue };
        let ids: Vec<String> = ids.into_iter().collect();
        for ids in ids.chunks(BATCH) {
            let rows = read(tx, vault, resource, ids).await?;
            if !rows.is_empty() {
                drafts.push(Draft::changed(resource, rows, operation));
            }
        }
    }
    for (resource, ids) in removed {
        drafts.extend(ids.into_iter().map(|id| Draft::deleted(resource, id)));
    }
    for (resource, range, count) in in_bulk.ranges {
        drafts.push(Bulk::came(resource, range, count)?);
    }
    Ok(drafts)
}

/// What users say about a row is in other tables; what clients get is a new version of the row.
async fn touch(
    tx: &DatabaseTransaction,
    resource: &str,
    ids: &BTreeSet<String>,
    version: Expr,
) -> Result<(), DbErr> {
    let ids: Vec<String> = ids.iter().cloned().collect();
    for ids in ids.chunks(BATCH) {
        match resource {
            DEVICE => super::device::touch(tx, uuids(ids), version.clone()).await?,
            FILE => touch_files(tx, ids, version.clone()).await?,
            CONTENT => {
                use content_identity::Column as C;
                content_identity::Entity::update_many()
                    .col_expr(C::Version, version.clone())
                    .filter(C::Id.is_in(uuids(ids)))
                    .exec(tx)
                    .await?;
            }
            ALBUM => {
                use album::Column as C;
                album::Entity::update_many()
                    .col_expr(C::Version, version.clone())
                    .filter(C::Id.is_in(ids))
                    .exec(tx)
                    .await?;
            }
            _ => {}
        }
    }
    Ok(())
}

async fn touch_files(tx: &DatabaseTransaction, ids: &[String], version: Expr) -> Result<(), DbErr> {
    let favorite = Expr::cust(
        "coalesce((SELECT favorite FROM user_metadata WHERE user_metadata.file_id = files.id), FALSE)",
    );
    file::Entity::update_many()
        .col_expr(file::Column::Favorite, favorite)
        .col_expr(file::Column::Version, version)
        .filter(file::Column::Id.is_in(uuids(ids)))
        .exec(tx)
        .await?;
    Ok(())
}
