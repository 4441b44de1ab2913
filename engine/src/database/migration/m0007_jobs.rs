//! What the engine works at for a while, how far shared rows have been fetched from other devices, and
//! of which devices the files are not wanted.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, string, text, text_null, uuid, uuid_null,
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0007_jobs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let jobs = Table::create()
            .table("jobs")
            .col(text("id").primary_key())
            .col(string("kind"))
            .col(string("state"))
            .col(uuid_null("device_id"))
            .col(uuid_null("location_id"))
            .col(big_integer("done"))
            .col(big_integer_null("total"))
            .col(big_integer("started_ms"))
            .col(big_integer("updated_ms"))
            .col(text_null("problem"))
            .col(big_integer("version"))
            .take();
        manager.create_table(jobs).await?;
        let fetches = Table::create()
            .table("sync_fetches")
            .col(uuid("peer").primary_key())
            .col(string("after_model"))
            .col(text("after_id"))
            .col(text("positions"))
            .col(boolean("overtaken"))
            .col(big_integer("done"))
            .col(big_integer("total"))
            .take();
        manager.create_table(fetches).await?;
        let unwanted = Table::create().table("sync_unwanted").col(uuid("device").primary_key()).take();
        manager.create_table(unwanted).await
    }
}
