//! SQLite through SeaORM: where the file is, how it is opened, which tables it has.

pub(crate) mod entity;
pub(crate) mod meta;

mod connect;
#[cfg(test)]
mod in_memory;
mod lock;
mod migration;
mod place;
mod plan;
mod private;
mod vault;

pub(crate) use connect::Database;
pub(crate) use lock::Lock;
pub(crate) use place::{companions, default_file, folder_id};
pub(crate) use private::{create_database, create_folder};
pub use vault::Passphrase;
pub(crate) use vault::{Vault, VaultError};
