//! Devices as resources: what syncs of them, and how this engine stands with each.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::database::entity::{device, device_status, removed_device};
use crate::resource::{self, Resource};
use crate::sync::{unwanted, unwanted_models};

/// The devices as clients see them.
pub(crate) async fn with_status(
    db: &impl ConnectionTrait,
    rows: Vec<device::Model>,
) -> Result<Vec<Resource>, DbErr> {
    let statuses = device_status::Entity::find().all(db).await?;
    let statuses: BTreeMap<Uuid, _> = statuses.into_iter().map(|status| (status.device_id, status)).collect();
    let removed = removed_device::Entity::find().all(db).await?;
    let removed: BTreeSet<Uuid> = removed.into_iter().map(|row| row.device_id).collect();
    let (unwanted, models) = (unwanted(db).await?, unwanted_models(db).await?);
    rows.into_iter()
        .map(|row| {
            let (status, is_removed) = (statuses.get(&row.id), removed.contains(&row.id));
            let is_unwanted = unwanted.contains(&row.id);
            let is_self = status.is_some_and(|status| status.is_self);
            let models = models.iter().filter(|_| is_self).cloned().collect();
            resource::device(row, status, is_removed, is_unwanted, models)
                .map_err(|error| DbErr::Json(error.to_string()))
        })
        .collect()
}

/// Writes how this engine stands with devices.
pub(super) async fn write_status(
    tx: &impl ConnectionTrait,
    rows: Vec<device_status::Model>,
) -> Result<(), DbErr> {
    use device_status::Column as C;
    if rows.is_empty() {
        return Ok(());
    }
    device_status::Entity::insert_many(rows.into_iter().map(device_status::Model::into_active_model))
        .on_conflict(
            OnConflict::column(C::DeviceId)
                .update_columns([
                    C::IsSelf,
                    C::State,
                    C::WasWhole,
                    C::Online,
                    C::Pending,
                    C::BehindSinceMs,
                    C::Problem,
                    C::Role,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// What these devices show is in other tables; what clients get is a new version of the device.
pub(super) async fn touch(tx: &impl ConnectionTrait, ids: Vec<Uuid>, version: Expr) -> Result<(), DbErr> {
    device::Entity::update_many()
        .col_expr(device::Column::Version, version)
        .filter(device::Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    Ok(())
}
