//! A stream for each shared model of a device, where there was one for all of them; and which models are not wanted.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0010_streams"
    }
}

/// The models that were in the one stream.
const MODELS: [&str; 8] = [
    "album",
    "album_entry",
    "content_identity",
    "content_tag",
    "file_tag",
    "removed_device",
    "tag",
    "user_metadata",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let models = MODELS.map(|model| format!("('shared:{model}')")).join(",");
        let models = format!("(SELECT column1 AS stream FROM (VALUES {models})) AS models");
        let statements = [
            // What was there of all is there of each.
            format!(
                "INSERT INTO sync_marks (stream, device, position, head, pruned) \
                 SELECT models.stream, device, position, head, pruned FROM sync_marks, {models} \
                 WHERE sync_marks.stream = 'shared'"
            ),
            "DELETE FROM sync_marks WHERE stream = 'shared'".to_owned(),
            format!(
                "INSERT INTO sync_acks (peer, stream, device, position) \
                 SELECT peer, models.stream, device, position FROM sync_acks, {models} \
                 WHERE sync_acks.stream = 'shared'"
            ),
            "DELETE FROM sync_acks WHERE stream = 'shared'".to_owned(),
            "ALTER TABLE sync_changes ADD COLUMN model TEXT NOT NULL DEFAULT ''".to_owned(),
            "UPDATE sync_changes SET model = json_extract(change, '$.model')".to_owned(),
            // What a change needs no longer says in which stream it is: its model does.
            unnamed("sync_changes"),
            unnamed("sync_waiting"),
            "UPDATE sync_waiting SET for_stream = 'shared:' || for_model WHERE for_stream = 'shared'"
                .to_owned(),
            // Both begin anew.
            "DELETE FROM sync_fetches".to_owned(),
            "DELETE FROM sync_led".to_owned(),
            "UPDATE sync_term SET position = NULL, generation = generation + 1".to_owned(),
        ];
        for statement in statements {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        let unwanted = Table::create().table("sync_unwanted_models").col(text("model").primary_key()).take();
        manager.create_table(unwanted).await
    }
}

/// Takes the streams out of the changes in a table. Within a text, quotes are escaped, so it is found nowhere else.
fn unnamed(table: &str) -> String {
    let streams = ["shared", "file", "location", "volume", "device"];
    let named = |inner: String, stream: &str| format!("replace({inner}, ',\"stream\":\"{stream}\"', '')");
    let text = streams.into_iter().fold("change".to_owned(), named);
    format!("UPDATE {table} SET change = {text}")
}
