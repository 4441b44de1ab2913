//! File copies as jobs: what was asked for at once is one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, text_null, uuid_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0009_copy_jobs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("jobs", uuid_null("folder_id")),
            ("jobs", text_null("name")),
            ("jobs", text_null("problem_kind")),
            ("file_copies", uuid_null("job_id")),
            ("file_copies", boolean("called_off").default(false).take()),
        ];
        for (table, column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(column).take()).await?;
        }
        manager.get_connection().execute_unprepared("UPDATE file_copies SET job_id = id").await?;
        let by_job = Index::create().name("file_copies_by_job").table("file_copies").col("job_id").take();
        manager.create_index(by_job).await
    }
}
