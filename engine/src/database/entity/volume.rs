//! The disks that mirrored folders are on.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "volumes")]
#[sync(name = "volume", strategy = "device_owned", domain = "index", shows = "volume", by = id)]
#[sync(should_sync = Model::is_lasting)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sync(depends_on = "device")]
    pub device_id: Uuid,
    pub name: String,
    /// Where it is in the folders of its device.
    pub mount_point: String,
    pub total_bytes: i64,
    #[sync(version)]
    pub version: i64,
}

impl Model {
    /// A file system without a size is made up by the operating system: it stays on its device.
    fn is_lasting(&self) -> bool {
        self.total_bytes > 0
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
