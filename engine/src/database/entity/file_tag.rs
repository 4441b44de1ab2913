//! Which file carries which tag.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "file_tags")]
#[sync(name = "file_tag", strategy = "shared", merge = "union", domain = "user_metadata", shows = "file", by = file_id)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[sync(depends_on = "file")]
    pub file_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    #[sync(depends_on = "tag")]
    pub tag_id: String,
    /// Order of the tags on a file; between equals the tag decides.
    #[sync(added)]
    pub position: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
