//! Volumes, contents, albums, conflicts, and which folder is in which.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, string, string_null, text, text_null, uuid, uuid_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0003_contents_and_albums"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("volumes")
                .col(uuid("id").primary_key())
                .col(uuid("device_id"))
                .col(string("name"))
                .col(string("mount_point"))
                .col(big_integer("total_bytes"))
                .col(big_integer("version"))
                .foreign_key(ForeignKey::create().from("volumes", "device_id").to("devices", "id"))
                .take(),
            Table::create()
                .table("content_identities")
                .col(uuid("id").primary_key())
                .col(string("hash"))
                .col(big_integer("size"))
                .col(big_integer("first_seen_ns"))
                .col(big_integer("version"))
                .take(),
            links(
                "content_tags",
                ("content_id", &mut uuid("content_id"), "content_identities"),
                ("tag_id", &mut string("tag_id"), "tags"),
            ),
            Table::create()
                .table("content_tags_later")
                .col(uuid("file_id"))
                .col(string("tag_id"))
                .primary_key(Index::create().col("file_id").col("tag_id"))
                .take(),
            Table::create()
                .table("albums")
                .col(string("id").primary_key())
                .col(string("name"))
                .col(uuid_null("cover_id"))
                .col(big_integer("version"))
                .take(),
            links(
                "album_entries",
                ("album_id", &mut string("album_id"), "albums"),
                ("file_id", &mut uuid("file_id"), "files"),
            ),
            Table::create()
                .table("folder_closure")
                .col(uuid("descendant"))
                .col(uuid("ancestor"))
                .col(big_integer("depth"))
                .primary_key(Index::create().col("descendant").col("ancestor"))
                .take(),
            Table::create()
                .table("sync_conflicts")
                .col(string("model"))
                .col(string("record_id"))
                .col(string("field"))
                .col(uuid("lost_device"))
                .col(big_integer("lost_hlc"))
                .col(text("lost"))
                .col(uuid("won_device"))
                .col(big_integer("won_hlc"))
                .col(text("won"))
                .primary_key(
                    Index::create()
                        .col("model")
                        .col("record_id")
                        .col("field")
                        .col("lost_device")
                        .col("lost_hlc"),
                )
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let columns = [
            ("files", uuid_null("content_id")),
            ("files", uuid_null("metadata_id")),
            ("locations", uuid_null("volume_id")),
            ("sync_shared", text_null("fields")),
            ("sync_log", string_null("bulk")),
        ];
        for (table, column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        let indexes = [
            Index::create().name("content_tags_by_tag").table("content_tags").col("tag_id").take(),
            Index::create().name("album_entries_by_file").table("album_entries").col("file_id").take(),
            Index::create().name("folder_closure_by_ancestor").table("folder_closure").col("ancestor").take(),
            Index::create().name("files_by_content").table("files").col("content_id").take(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        let filled = [
            "UPDATE files SET metadata_id = id WHERE id IN (SELECT file_id FROM user_metadata)",
            "WITH RECURSIVE up (descendant, ancestor, depth) AS ( \
             SELECT id, id, 0 FROM files WHERE is_dir UNION ALL \
             SELECT up.descendant, above.id, up.depth + 1 FROM up \
             JOIN files AS here ON here.id = up.ancestor JOIN files AS above ON above.id = here.parent_id) \
             INSERT INTO folder_closure (descendant, ancestor, depth) SELECT descendant, ancestor, depth FROM up",
        ];
        for statement in filled {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// A table of links from `one` to `other`, each a column and the table whose ids it holds.
fn links(
    table: &'static str,
    (one, one_id, to_one): (&'static str, &mut ColumnDef, &'static str),
    (other, other_id, to_other): (&'static str, &mut ColumnDef, &'static str),
) -> TableCreateStatement {
    Table::create()
        .table(table)
        .col(one_id)
        .col(other_id)
        .col(big_integer("position"))
        .primary_key(Index::create().col(one).col(other))
        .foreign_key(ForeignKey::create().from(table, one).to(to_one, "id"))
        .foreign_key(ForeignKey::create().from(table, other).to(to_other, "id"))
        .take()
}
