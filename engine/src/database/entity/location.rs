//! The folders that are mirrored.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "locations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub device_id: Uuid,
    pub name: String,
    /// Canonical path of the folder.
    pub path: String,
    pub scan_state: ScanState,
    /// How many entries are not folders.
    pub file_count: i64,
    pub version: i64,
}

/// How well the rows of a location are known to agree with the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum ScanState {
    /// A whole scan is going on.
    Scanning,
    /// The rows agree with the disk; changes are followed as they happen.
    Ready,
    /// The folder is not there; the rows are as it was seen last.
    Missing,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
