//! Changes that came before what they refer to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_waiting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub device: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub hlc: i64,
    /// Which row it changes: what depends on that row waits too.
    pub model: String,
    pub record_id: String,
    /// What it waits for.
    pub for_model: String,
    pub for_id: String,
    /// When this stream has reached this position and it is still not here, it is gone.
    pub for_stream: String,
    pub for_device: Uuid,
    pub for_position: i64,
    pub change: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
