//! The albums that users made.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "albums")]
#[sync(name = "album", strategy = "shared", merge = "fields", domain = "user_metadata", shows = "album", by = id)]
pub struct Model {
    /// Chosen by the client that made the album.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    /// The entry that is shown for it.
    #[sync(refers_to = "file")]
    pub cover_id: Option<Uuid>,
    #[sync(version)]
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
