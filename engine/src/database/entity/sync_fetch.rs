//! How far all shared rows have been fetched from another device. There is none when that is done.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_fetches")]
pub struct Model {
    /// The device that they are fetched from.
    #[sea_orm(primary_key, auto_increment = false)]
    pub peer: Uuid,
    /// The last row that has come, by model and id.
    pub after_model: String,
    pub after_id: String,
    /// What the peer had at the first page, as JSON: a list of stream, device and position.
    pub positions: String,
    /// Whether others brought a making of a link that the peer had at the first page.
    pub overtaken: bool,
    /// How many rows have come.
    pub done: i64,
    /// How many there were at the first page.
    pub total: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
