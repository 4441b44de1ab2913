//! Who leads the library, as this device knows it. One row.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_term")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The newest term that was heard of, as JSON.
    pub term: String,
    /// The newest term that this device gave its vote for, as JSON.
    pub promised: String,
    /// How often the position was given up in this term.
    pub generation: i64,
    /// Up to where the log of the leader of this term is here; nothing, if that is not known.
    pub position: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
