//! Shared models that are not wanted on this device, with all that depends on them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_unwanted_models")]
pub struct Model {
    /// As it was chosen: what depends on it follows from the models.
    #[sea_orm(primary_key, auto_increment = false)]
    pub model: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
