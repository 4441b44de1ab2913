//! The folders that are mirrored.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "locations")]
#[sync(name = "location", strategy = "device_owned", domain = "index", shows = "location", by = id)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sync(depends_on = "device")]
    pub device_id: Uuid,
    /// The disk that it is on, where that is known.
    #[sync(refers_to = "volume")]
    pub volume_id: Option<Uuid>,
    pub name: String,
    /// Canonical path of the folder.
    pub path: String,
    pub scan_state: ScanState,
    /// How many entries are not folders.
    pub file_count: i64,
    #[sync(version)]
    pub version: i64,
}

/// How well the rows of a location are known to agree with the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
