//! Who owns a row, and at which of its owner's versions it is here.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_owned")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub model: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: String,
    pub owner: Uuid,
    /// The owner's position in the stream of this model. No two rows have the same.
    pub version: i64,
    pub state: State,
    /// The row that it is below, in a model whose rows are a tree.
    pub parent: Option<String>,
    /// Whether it was ever below another. Then it needs a tombstone of its own: for those who have not heard of the move, it does not go
    /// with what it is below.
    pub moved: bool,
}

/// What is known about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "i32", db_type = "Integer")]
pub enum State {
    /// It is there.
    Live = 0,
    /// It is gone, with everything below it. What was below it and is alive has moved away before.
    Gone = 1,
    /// It is gone, but rows that are still below it here may be alive: they are judged when the stream is complete.
    Going = 2,
    /// It was there when its owner had long forgotten what it removed: it is there only if its owner still sends it.
    Doubted = 3,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
