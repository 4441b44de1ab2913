//! Which entry is in which album.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "album_entries")]
#[sync(name = "album_entry", strategy = "shared", merge = "union", domain = "user_metadata", shows = "album", by = album_id)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[sync(depends_on = "album")]
    pub album_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    #[sync(depends_on = "file")]
    pub file_id: Uuid,
    /// Order of the entries in an album; between equals the entry decides.
    #[sync(added)]
    pub position: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
