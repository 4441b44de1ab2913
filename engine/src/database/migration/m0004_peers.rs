//! Devices on other machines: their keys, where they are, how this engine stands with them, and which were removed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, string, text, text_null, uuid};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0004_peers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("sync_peers")
                .col(uuid("device").primary_key())
                .col(string("key"))
                .col(text("name"))
                .col(text("addresses"))
                .take(),
            Table::create()
                .table("removed_devices")
                .col(uuid("device_id").primary_key())
                .col(string("key"))
                .take(),
            Table::create()
                .table("device_status")
                .col(uuid("device_id").primary_key())
                .col(boolean("is_self"))
                .col(string("state"))
                .col(boolean("was_whole"))
                .col(boolean("online"))
                .col(big_integer("pending"))
                .col(big_integer_null("behind_since_ms"))
                .col(text_null("problem"))
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for column in ["key", "addresses"] {
            manager.alter_table(Table::alter().table("devices").add_column(text_null(column)).take()).await?;
        }
        Ok(())
    }
}
