//! The entries of the mirrored folders, files and folders alike.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub location_id: Uuid,
    /// `None` for the root of the location. No foreign key: a folder and its content may be deleted in different transactions.
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
    /// The file's number on its disk, by which a rename is recognised; `None` where there is none.
    pub inode: Option<i64>,
    pub favorite: bool,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
