//! When other devices were last heard of. Those that are known count as heard of now.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, uuid};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0005_seen"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let peers = Table::create()
            .table("sync_seen")
            .col(uuid("peer").primary_key())
            .col(big_integer("seen_ms"))
            .take();
        manager.create_table(peers).await?;
        let known = "INSERT INTO sync_seen (peer, seen_ms) \
                     SELECT DISTINCT peer, CAST(strftime('%s', 'now') AS INTEGER) * 1000 FROM sync_acks";
        manager.get_connection().execute_unprepared(known).await?;
        Ok(())
    }
}
