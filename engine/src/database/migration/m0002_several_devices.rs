//! A library on several devices: who owns a row, who changed a shared one, up to where everything has come. What a database
//! holds already is numbered as if its device had just done it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer, string, string_null, text, text_null, uuid};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0002_several_devices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("user_metadata")
                .col(uuid("file_id").primary_key())
                .col(boolean("favorite"))
                .foreign_key(ForeignKey::create().from("user_metadata", "file_id").to("files", "id"))
                .take(),
            Table::create()
                .table("sync_marks")
                .col(string("stream"))
                .col(uuid("device"))
                .col(big_integer("position"))
                .col(big_integer("head"))
                .col(big_integer("pruned"))
                .primary_key(Index::create().col("stream").col("device"))
                .take(),
            Table::create()
                .table("sync_owned")
                .col(string("model"))
                .col(string("record_id"))
                .col(uuid("owner"))
                .col(big_integer("version"))
                .col(integer("state"))
                .col(string_null("parent"))
                .col(boolean("moved"))
                .primary_key(Index::create().col("model").col("record_id"))
                .take(),
            Table::create()
                .table("sync_shared")
                .col(string("model"))
                .col(string("record_id"))
                .col(uuid("device"))
                .col(big_integer("hlc"))
                .col(boolean("deleted"))
                .col(text_null("dots"))
                .primary_key(Index::create().col("model").col("record_id"))
                .take(),
            Table::create()
                .table("sync_changes")
                .col(uuid("device"))
                .col(big_integer("hlc"))
                .col(text("change"))
                .primary_key(Index::create().col("device").col("hlc"))
                .take(),
            Table::create()
                .table("sync_waiting")
                .col(uuid("device"))
                .col(big_integer("hlc"))
                .col(string("model"))
                .col(string("record_id"))
                .col(string("for_model"))
                .col(string("for_id"))
                .col(string("for_stream"))
                .col(uuid("for_device"))
                .col(big_integer("for_position"))
                .col(text("change"))
                .primary_key(Index::create().col("device").col("hlc"))
                .take(),
            Table::create()
                .table("sync_acks")
                .col(uuid("peer"))
                .col(string("stream"))
                .col(uuid("device"))
                .col(big_integer("position"))
                .primary_key(Index::create().col("peer").col("stream").col("device"))
                .take(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            Index::create()
                .name("sync_owned_by_version")
                .table("sync_owned")
                .col("owner")
                .col("model")
                .col("version")
                .take(),
            Index::create()
                .name("sync_waiting_by_need")
                .table("sync_waiting")
                .col("for_model")
                .col("for_id")
                .take(),
            Index::create()
                .name("sync_waiting_by_record")
                .table("sync_waiting")
                .col("model")
                .col("record_id")
                .take(),
            // Not unique any more: of two entries that swap places on another device, one arrives first.
            Index::create().name("files_by_path").table("files").col("location_id").col("path").take(),
        ];
        manager.drop_index(Index::drop().name("files_by_path").table("files").to_owned()).await?;
        for index in indexes {
            manager.create_index(index).await?;
        }
        for statement in number_what_is_there() {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

/// A database from before has one device. Shared rows get the oldest instants there are, tags before what refers to them;
/// since the log does not hold how they came to be, it is pruned up to there.
fn number_what_is_there() -> Vec<String> {
    let id = |column: &str| {
        let part = |from: u8, length: u8| format!("substr(hex({column}), {from}, {length})");
        let parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || ");
        format!("lower({parts})")
    };
    let (own, own_id) = ("(SELECT id FROM devices LIMIT 1)", id("(SELECT id FROM devices LIMIT 1)"));
    let mut statements = vec![format!(
        "INSERT INTO meta (name, value) SELECT 'device_id', {own_id} WHERE EXISTS (SELECT 1 FROM devices)"
    )];
    for (model, table, parent) in
        [("device", "devices", "NULL"), ("location", "locations", "NULL"), ("file", "files", "parent_id")]
    {
        let parent = if parent == "NULL" {
            parent.to_owned()
        } else {
            format!("CASE WHEN {parent} IS NULL THEN NULL ELSE {} END", id(parent))
        };
        statements.push(format!(
            "INSERT INTO sync_owned (model, record_id, owner, version, state, parent, moved) \
             SELECT '{model}', {}, {own}, row_number() OVER (ORDER BY id), 0, {parent}, 0 FROM {table}",
            id("id")
        ));
        statements.push(format!(
            "INSERT INTO sync_marks (stream, device, position, head, pruned) \
             SELECT '{model}', id, (SELECT count(*) FROM {table}), (SELECT count(*) FROM {table}), 0 \
             FROM (SELECT id FROM devices LIMIT 1)"
        ));
    }
    let tags = "(SELECT count(*) FROM tags)";
    let links = "(SELECT count(*) FROM file_tags)";
    statements.extend([
        "INSERT INTO user_metadata (file_id, favorite) SELECT id, 1 FROM files WHERE favorite".to_owned(),
        format!(
            "INSERT INTO sync_shared (model, record_id, device, hlc, deleted, dots) \
             SELECT 'tag', id, {own}, row_number() OVER (ORDER BY id), 0, NULL FROM tags"
        ),
        format!(
            "UPDATE file_tags SET position = {tags} + numbered.place FROM (SELECT file_id, tag_id, \
             row_number() OVER (ORDER BY file_id, position) AS place FROM file_tags) AS numbered \
             WHERE file_tags.file_id = numbered.file_id AND file_tags.tag_id = numbered.tag_id"
        ),
        format!(
            "INSERT INTO sync_shared (model, record_id, device, hlc, deleted, dots) \
             SELECT 'file_tag', {} || '/' || tag_id, {own}, position, 0, \
             '{{\"live\":[[' || position || ',\"' || {own_id} || '\"]],\"dead\":[]}}' FROM file_tags",
            id("file_id")
        ),
        format!(
            "INSERT INTO sync_shared (model, record_id, device, hlc, deleted, dots) \
             SELECT 'user_metadata', {}, {own}, {tags} + {links} + row_number() OVER (ORDER BY file_id), 0, NULL \
             FROM user_metadata",
            id("file_id")
        ),
        "INSERT INTO sync_marks (stream, device, position, head, pruned) \
             SELECT 'shared', id, (SELECT count(*) FROM sync_shared), 0, (SELECT count(*) FROM sync_shared) \
             FROM (SELECT id FROM devices LIMIT 1)"
            .to_owned(),
    ]);
    statements
}
