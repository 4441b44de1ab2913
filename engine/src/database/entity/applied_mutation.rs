//! What came of each mutation, so that the same id sent again gets the same answer.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "applied_mutations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub applied_at_ns: i64,
    /// Sequence of the event that confirmed it; `None`: it was rejected.
    pub sequence: Option<i64>,
    pub reject_kind: Option<String>,
    pub reject_message: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
