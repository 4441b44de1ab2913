//! The log of a device that leads: in which order streams came further here. Empty while it does not lead.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_led")]
pub struct Model {
    /// From 1 on in each term.
    #[sea_orm(primary_key)]
    pub sequence: i64,
    pub stream: String,
    pub device: Uuid,
    /// Where the stream was before.
    pub after: i64,
    /// Where it is since.
    pub up_to: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
