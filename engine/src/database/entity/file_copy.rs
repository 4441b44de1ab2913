//! Files that are being copied to this device, and what became of those that were.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_copies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What was asked for, which may be many files.
    pub job_id: Uuid,
    /// The file, and the device that has it.
    pub file_id: Uuid,
    pub device_id: Uuid,
    /// The folder of this device where it goes to, and its name there.
    pub folder_id: Uuid,
    /// Which folder below that one, as a path; empty for itself.
    pub under: String,
    pub name: String,
    /// Whether it gets another name if that one is taken.
    pub keep_both: bool,
    /// Nobody wants it any more; it ends as soon as that is seen.
    pub called_off: bool,
    pub state: CopyState,
    pub problem_kind: Option<String>,
    pub problem: Option<String>,
    /// How often the file changed while it was copied.
    pub restarts: i64,
    pub created_ms: i64,
    /// How large the file is as far as is known.
    pub size: Option<i64>,
    /// How the file was when its manifest was made, and the manifest; nothing before that and after the copy.
    pub modified_ns: Option<i64>,
    pub chunk: Option<i64>,
    pub hashes: Option<Vec<u8>>,
    pub whole: Option<String>,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum CopyState {
    /// It goes on when the other device is there.
    Waiting,
    Done,
    Failed,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
