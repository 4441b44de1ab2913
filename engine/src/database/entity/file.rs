//! The entries of the mirrored folders, files and folders alike.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "files")]
#[sync(name = "file", strategy = "device_owned", domain = "index", shows = "file", by = id)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sync(depends_on = "location")]
    pub location_id: Uuid,
    /// `None` for the root of the location. No foreign key: a folder and its content may be deleted in different transactions.
    #[sync(refers_to = "file")]
    pub parent_id: Option<Uuid>,
    pub name: String,
    pub extension: Option<String>,
    pub kind: String,
    pub is_dir: bool,
    pub size: i64,
    /// From the root of the location, separated by `/`; empty for the root.
    pub path: String,
    pub modified_ns: i64,
    pub created_ns: i64,
    /// What is in it, once that is known.
    #[sync(refers_to = "content_identity")]
    pub content_id: Option<Uuid>,
    /// What users said about it, once they said anything. `user_metadata` depends on the entry; this leads back.
    #[sync(refers_to = "user_metadata")]
    pub metadata_id: Option<Uuid>,
    /// The file's number on its disk, by which a rename is recognised; `None` where there is none.
    #[sync(exclude)]
    pub inode: Option<i64>,
    /// Taken from `user_metadata`.
    #[sync(exclude)]
    pub favorite: bool,
    #[sync(version)]
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
