//! What this engine is working at, and how that ended last. It does not sync.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    /// The kind, and what it is about: see [`JobKind::id`].
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: JobKind,
    pub state: JobState,
    /// The other device that it is done with.
    pub device_id: Option<Uuid>,
    pub location_id: Option<Uuid>,
    /// The folder that it puts something into, and the name of that, as a copy does.
    pub folder_id: Option<Uuid>,
    pub name: Option<String>,
    pub done: i64,
    pub total: Option<i64>,
    /// In milliseconds since 1970, as below.
    pub started_ms: i64,
    pub updated_ms: i64,
    /// The stable name of what is in its way, and the same for people.
    pub problem_kind: Option<String>,
    pub problem: Option<String>,
    pub version: i64,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum JobKind {
    Index,
    Identify,
    Backfill,
    CatchUp,
    Closure,
    Evict,
    Compact,
    Copy,
}

impl JobKind {
    /// The id of the job of this kind that is about this, or about the whole database.
    pub(crate) fn id(self, about: Option<Uuid>) -> String {
        let kind = self.to_value();
        match about {
            Some(about) => format!("{kind}:{about}"),
            None => kind,
        }
    }

    /// What the job of this kind with this id is about.
    pub(crate) fn about(self, id: &str) -> Option<Uuid> {
        id.strip_prefix(&self.to_value())?.strip_prefix(':')?.parse().ok()
    }
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum JobState {
    Queued,
    Running,
    /// Broken off: it goes on when it can.
    Paused,
    Done,
    Failed,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
