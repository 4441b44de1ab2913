//! The newest events as they were sent, in order.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub timestamp_ns: i64,
    pub mutation_id: Option<String>,
    /// For filtered subscriptions; `None` for events that every subscription gets.
    pub resource_type: Option<String>,
    /// How many resources the event carries.
    pub resources: i64,
    /// Length of `event`, readable without reading the event.
    pub bytes: i64,
    /// For events that stand for many rows without having them: which, as JSON.
    pub bulk: Option<String>,
    /// The event as JSON text.
    pub event: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
