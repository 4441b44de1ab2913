//! What users say about an entry. One row per entry that anything was said about.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "user_metadata")]
#[sync(name = "user_metadata", strategy = "shared", domain = "user_metadata", shows = "file", by = file_id)]
pub struct Model {
    /// The entry's own id: two devices that say something about it mean the same row.
    #[sea_orm(primary_key, auto_increment = false)]
    #[sync(depends_on = "file")]
    pub file_id: Uuid,
    pub favorite: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
