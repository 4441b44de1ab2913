//! How the tables came to be. Append-only: a migration that shipped is never changed, a new one is added.

mod m0001_first_tables;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// All migrations, oldest first.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_first_tables::Migration)]
    }
}
