//! Whose files are wanted here. What is not wanted is not sent: this device says that it has all of it that it will ever want.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::marks::Positions;
use super::model::Syncable;
use crate::database::entity::{file, sync_unwanted};

/// The position of a stream of which a device wants nothing.
pub(crate) const NOTHING: i64 = i64::MAX;
/// The model that a device can do without.
pub(crate) const SELECTED: &str = file::Model::INFO.name;

/// The devices whose files are not wanted here.
pub(crate) async fn unwanted(db: &impl ConnectionTrait) -> Result<BTreeSet<Uuid>, DbErr> {
    Ok(sync_unwanted::Entity::find().all(db).await?.into_iter().map(|row| row.device).collect())
}

/// The positions of a device that does not want the files of these, as others are told.
pub(super) fn told(mut positions: Positions, unwanted: &BTreeSet<Uuid>) -> Positions {
    positions.extend(unwanted.iter().map(|device| ((SELECTED.to_owned(), *device), NOTHING)));
    positions
}
