//! Devices that this one was paired with. Those that it heard of from others are in `devices`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_peers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub device: Uuid,
    /// 64 hexadecimal digits.
    pub key: String,
    pub name: String,
    /// Where it was reached last, as `ip:port` with spaces between them.
    pub addresses: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
