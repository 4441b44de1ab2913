//! Who leads the library, and the log of the one who does.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, string, text, uuid};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0008_leader"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("sync_term")
                .col(integer("id").primary_key())
                .col(text("term"))
                .col(text("promised"))
                .col(big_integer("generation"))
                .col(big_integer_null("position"))
                .take(),
            Table::create()
                .table("sync_led")
                .col(integer("sequence").primary_key())
                .col(string("stream"))
                .col(uuid("device"))
                .col(big_integer("after"))
                .col(big_integer("up_to"))
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        Ok(())
    }
}
