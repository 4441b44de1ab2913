//! Whose files are wanted here. What is not wanted is not sent: this device says that it has all of it that it will ever want.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::marks::{Marks, Positions};
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

/// The positions of this device, as others are told.
pub(super) async fn told(db: &impl ConnectionTrait) -> Result<Positions, DbErr> {
    let mut positions = Marks::load(db).await?.positions();
    for device in unwanted(db).await? {
        positions.insert((SELECTED.to_owned(), device), NOTHING);
    }
    Ok(positions)
}
