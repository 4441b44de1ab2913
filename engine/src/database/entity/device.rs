//! The machines that hold locations.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "devices")]
#[sync(name = "device", strategy = "device_owned", domain = "index", shows = "device", by = id)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// Its key, 64 hexadecimal digits, once it can be reached by others.
    pub key: Option<String>,
    /// Where it can be reached, as `ip:port` with spaces between them.
    pub addresses: Option<String>,
    #[sync(version)]
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
