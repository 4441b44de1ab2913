//! Which content carries which tag, in whatever file it is.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "content_tags")]
#[sync(name = "content_tag", strategy = "shared", merge = "union", domain = "user_metadata")]
#[sync(shows = "content_identity", by = content_id)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    #[sync(depends_on = "content_identity")]
    pub content_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    #[sync(depends_on = "tag")]
    pub tag_id: String,
    /// Order of the tags on a content; between equals the tag decides.
    #[sync(added)]
    pub position: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
