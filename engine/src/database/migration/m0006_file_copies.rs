//! Files that are being copied between devices.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, blob_null, boolean, text, text_null, uuid};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0006_file_copies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let copies = Table::create()
            .table("file_copies")
            .col(uuid("id").primary_key())
            .col(uuid("file_id"))
            .col(uuid("device_id"))
            .col(uuid("folder_id"))
            .col(text("under"))
            .col(text("name"))
            .col(boolean("keep_both"))
            .col(text("state"))
            .col(text_null("problem_kind"))
            .col(text_null("problem"))
            .col(big_integer("restarts"))
            .col(big_integer("created_ms"))
            .col(big_integer_null("size"))
            .col(big_integer_null("modified_ns"))
            .col(big_integer_null("chunk"))
            .col(blob_null("hashes"))
            .col(text_null("whole"))
            .take();
        manager.create_table(copies).await?;
        let waiting = Index::create()
            .name("file_copies_by_state")
            .table("file_copies")
            .col("state")
            .col("created_ms")
            .take();
        manager.create_index(waiting).await
    }
}
