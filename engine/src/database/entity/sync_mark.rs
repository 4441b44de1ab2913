//! Up to where each stream of changes is here.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_marks")]
pub struct Model {
    /// The model whose rows a device owns, or, behind `shared:`, the model whose shared rows it changes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub stream: String,
    /// Whose stream.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device: Uuid,
    /// Everything up to here has come, without a gap.
    pub position: i64,
    /// For owned rows: the newest position that a sender knew of when it read any of what has come. A row that had been written again
    /// by then was left out at its older version, so only at this position are all rows as their owner had them at one moment.
    pub head: i64,
    /// Changes up to here are no longer in the log; for owned rows: tombstones up to here may be missing.
    pub pruned: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
