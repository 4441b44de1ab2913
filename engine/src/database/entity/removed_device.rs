//! Devices that somebody removed from the library: no device speaks to them again.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "removed_devices")]
#[sync(name = "removed_device", strategy = "shared", domain = "user_metadata", shows = "device", by = device_id)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_id: Uuid,
    /// The key that it had, 64 hexadecimal digits.
    pub key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
