//! What each device is where one leads.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0011_roles"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let role = string("role").default("peer").take();
        manager.alter_table(Table::alter().table("device_status").add_column(role).take()).await
    }
}
