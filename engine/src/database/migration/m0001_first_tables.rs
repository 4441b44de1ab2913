//! The first tables. Names are spelled out here, not taken from the entities, which will move on.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer, string, string_null, text, uuid, uuid_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0001_first_tables"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create().table("meta").col(string("name").primary_key()).col(string("value")).take(),
            Table::create()
                .table("devices")
                .col(uuid("id").primary_key())
                .col(string("name"))
                .col(big_integer("version"))
                .take(),
            Table::create()
                .table("locations")
                .col(uuid("id").primary_key())
                .col(uuid("device_id"))
                .col(string("name"))
                .col(string("path"))
                .col(string("scan_state"))
                .col(big_integer("file_count"))
                .col(big_integer("version"))
                .foreign_key(ForeignKey::create().from("locations", "device_id").to("devices", "id"))
                .take(),
            Table::create()
                .table("files")
                .col(uuid("id").primary_key())
                .col(uuid("location_id"))
                .col(uuid_null("parent_id"))
                .col(string("name"))
                .col(string_null("extension"))
                .col(string("kind"))
                .col(boolean("is_dir"))
                .col(big_integer("size"))
                .col(string("path"))
                .col(big_integer("modified_ns"))
                .col(big_integer("created_ns"))
                .col(ColumnDef::new("inode").big_integer())
                .col(boolean("favorite"))
                .col(big_integer("version"))
                .foreign_key(ForeignKey::create().from("files", "location_id").to("locations", "id"))
                .take(),
            Table::create()
                .table("tags")
                .col(string("id").primary_key())
                .col(string("name"))
                .col(string("color"))
                .col(big_integer("version"))
                .take(),
            Table::create()
                .table("file_tags")
                .col(uuid("file_id"))
                .col(string("tag_id"))
                .col(big_integer("position"))
                .primary_key(Index::create().col("file_id").col("tag_id"))
                .foreign_key(ForeignKey::create().from("file_tags", "file_id").to("files", "id"))
                .foreign_key(ForeignKey::create().from("file_tags", "tag_id").to("tags", "id"))
                .take(),
            // `integer`, not `big_integer`: only `INTEGER PRIMARY KEY` is SQLite's own row number, 64 bits wide.
            Table::create()
                .table("sync_log")
                .col(integer("sequence").primary_key())
                .col(big_integer("timestamp_ns"))
                .col(string_null("mutation_id"))
                .col(string_null("resource_type"))
                .col(big_integer("resources"))
                .col(big_integer("bytes"))
                .col(text("event"))
                .take(),
            Table::create()
                .table("applied_mutations")
                .col(string("id").primary_key())
                .col(big_integer("applied_at_ns"))
                .col(ColumnDef::new("sequence").big_integer())
                .col(string_null("reject_kind"))
                .col(string_null("reject_message"))
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }

        let indexes = [
            Index::create()
                .name("files_by_path")
                .table("files")
                .col("location_id")
                .col("path")
                .unique()
                .take(),
            Index::create().name("files_by_parent").table("files").col("parent_id").take(),
            Index::create().name("files_by_inode").table("files").col("inode").take(),
            Index::create().name("file_tags_by_tag").table("file_tags").col("tag_id").take(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
