//! What clients are told when rows changed that sync, here or on another device: the same events as ever.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::apply::with_tags;
use crate::database::entity::{device, file, location, tag};
use crate::event::{BATCH, Draft};
use crate::resource::{self, DEVICE, FILE, LOCATION, Resource, TAG};
use crate::sync::Shown;

/// What comes first does not refer to what comes later.
const ORDER: [&str; 4] = [DEVICE, LOCATION, TAG, FILE];

/// The events that tell what `shown` names. What is not there any more has been told already, or is among what was removed.
pub(super) async fn drafts(
    tx: &DatabaseTransaction,
    shown: Shown,
    operation: Option<&str>,
) -> Result<Vec<Draft>, DbErr> {
    let Shown { mut written, touched, removed } = shown;
    if let Some(files) = touched.get(FILE) {
        touch_files(tx, files).await?;
    }
    for (resource, ids) in touched {
        written.entry(resource).or_default().extend(ids);
    }
    let mut drafts = Vec::new();
    for resource in ORDER {
        let Some(ids) = written.remove(resource) else { continue };
        let ids: Vec<String> = ids.into_iter().collect();
        for ids in ids.chunks(BATCH) {
            let rows = read(tx, resource, ids).await?;
            if !rows.is_empty() {
                drafts.push(Draft::changed(resource, rows, operation));
            }
        }
    }
    for (resource, ids) in removed {
        drafts.extend(ids.into_iter().map(|id| Draft::deleted(resource, id)));
    }
    Ok(drafts)
}

/// What users say about entries is in other tables; what clients get is a new version of the entry.
async fn touch_files(tx: &DatabaseTransaction, ids: &BTreeSet<String>) -> Result<(), DbErr> {
    let favorite = Expr::cust(
        "coalesce((SELECT favorite FROM user_metadata WHERE user_metadata.file_id = files.id), FALSE)",
    );
    for ids in uuids(ids).chunks(BATCH) {
        file::Entity::update_many()
            .col_expr(file::Column::Favorite, favorite.clone())
            .col_expr(file::Column::Version, Expr::col(file::Column::Version).add(1))
            .filter(file::Column::Id.is_in(ids.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

async fn read(tx: &DatabaseTransaction, resource: &str, ids: &[String]) -> Result<Vec<Resource>, DbErr> {
    let resources: serde_json::Result<Vec<Resource>> = match resource {
        DEVICE => {
            let rows = device::Entity::find().filter(device::Column::Id.is_in(uuids(ids))).all(tx).await?;
            rows.iter().map(resource::device).collect()
        }
        LOCATION => {
            let these = location::Column::Id.is_in(uuids(ids));
            let rows = location::Entity::find().filter(these).all(tx).await?;
            rows.iter().map(resource::location).collect()
        }
        TAG => {
            let rows = tag::Entity::find().filter(tag::Column::Id.is_in(ids)).all(tx).await?;
            rows.iter().map(resource::tag).collect()
        }
        _ => {
            let rows = file::Entity::find().filter(file::Column::Id.is_in(uuids(ids))).all(tx).await?;
            return with_tags(tx, rows).await;
        }
    };
    resources.map_err(|error| DbErr::Json(error.to_string()))
}

fn uuids<'i>(ids: impl IntoIterator<Item = &'i String>) -> Vec<Uuid> {
    ids.into_iter().filter_map(|id| Uuid::parse_str(id).ok()).collect()
}
