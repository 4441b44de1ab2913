//! Other devices that have talked to this one.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_seen")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub peer: Uuid,
    /// When it last said what it has, in milliseconds since 1970 of this device's clock.
    pub seen_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
