//! What is known about a shared row besides the row itself.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_shared")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub model: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: String,
    /// Who wrote it last, and when. For links, whose merge is another: who made it first, of those who count.
    pub device: Uuid,
    pub hlc: i64,
    pub deleted: bool,
    /// For links: who made it and was not overruled, and who was overruled before being heard of, as JSON.
    pub dots: Option<String>,
    /// For rows that are merged field by field: who wrote each field last, and what they knew of it, as JSON. For other rows: what the
    /// last writer knew.
    pub fields: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
