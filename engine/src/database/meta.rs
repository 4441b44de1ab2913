//! The few facts about the database itself, by name.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

use super::entity::{meta, sync_log};

const EPOCH: &str = "epoch";
const LIBRARY: &str = "library_id";
const NEXT_SEQUENCE: &str = "next_sequence";
const TOKEN: &str = "token";
const PORT: &str = "port";
const DEVICE: &str = "device_id";
const DEVICE_KEY: &str = "device_key";
const DEVICE_PORT: &str = "device_port";
const LIBRARY_NAME: &str = "library_name";
const PAUSED: &str = "paused";
const VAULT: &str = "vault";

/// Who the stream of events belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Names this log; a new database file is a new log.
    pub(crate) epoch: String,
    /// The scope of the stream. It is made from the folder, so it outlives the database file.
    pub(crate) library: String,
}

/// Reads who the database is; a new one gets its identity here.
pub(crate) async fn identity(db: &impl ConnectionTrait, library: Uuid) -> Result<Identity, DbErr> {
    let epoch = get_or_set(db, EPOCH, || Uuid::new_v4().to_string()).await?;
    let library = get_or_set(db, LIBRARY, || library.to_string()).await?;
    get_or_set(db, NEXT_SEQUENCE, || "1".to_owned()).await?;
    Ok(Identity { epoch, library })
}

/// Who this device is in its library; a new database is a new device.
pub(crate) async fn device(db: &impl ConnectionTrait) -> Result<Uuid, DbErr> {
    let text = get_or_set(db, DEVICE, || Uuid::new_v4().to_string()).await?;
    text.parse().map_err(|_| {
        DbErr::Custom(format!(
            "`{DEVICE}` in table `meta` is no UUID: the database is damaged, delete it to start anew"
        ))
    })
}

/// The secret key of this device; a new database gets the one that `make` makes.
pub(crate) async fn device_key(
    db: &impl ConnectionTrait,
    make: impl FnOnce() -> String,
) -> Result<String, DbErr> {
    get_or_set(db, DEVICE_KEY, make).await
}

/// The port at which other devices found this one in the last run.
pub(crate) async fn device_port(db: &impl ConnectionTrait) -> Result<Option<u16>, DbErr> {
    Ok(get(db, DEVICE_PORT).await?.and_then(|port| port.parse().ok()))
}

/// Remembers that port.
pub(crate) async fn set_device_port(db: &impl ConnectionTrait, port: u16) -> Result<(), DbErr> {
    set(db, DEVICE_PORT, port.to_string()).await
}

/// Whether this device was taken offline.
pub(crate) async fn is_paused(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(get(db, PAUSED).await?.is_some_and(|paused| paused == "true"))
}

/// Remembers whether this device is offline.
pub(crate) async fn set_paused(db: &impl ConnectionTrait, paused: bool) -> Result<(), DbErr> {
    set(db, PAUSED, paused.to_string()).await
}

/// The key that encrypts the logs, as the passphrase encrypts it.
pub(crate) async fn vault(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    get(db, VAULT).await
}

/// Remembers that key.
pub(crate) async fn set_vault(db: &impl ConnectionTrait, wrapped: &str) -> Result<(), DbErr> {
    set(db, VAULT, wrapped.to_owned()).await
}

/// What the library is called; a new one is called `name`.
pub(crate) async fn library_name(db: &impl ConnectionTrait, name: &str) -> Result<String, DbErr> {
    get_or_set(db, LIBRARY_NAME, || name.to_owned()).await
}

/// Makes the database part of another library, with a log of its own.
pub(crate) async fn set_library(
    db: &impl ConnectionTrait,
    library: Uuid,
    name: &str,
    epoch: Uuid,
) -> Result<(), DbErr> {
    set(db, LIBRARY, library.to_string()).await?;
    set(db, LIBRARY_NAME, name.to_owned()).await?;
    set(db, EPOCH, epoch.to_string()).await
}

/// The sequence that the next event gets.
pub(crate) async fn next_sequence(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    // The newest event is always in the log, once there has been one.
    let newest = sync_log::Entity::find().select_only().column_as(sync_log::Column::Sequence.max(), "newest");
    let newest: Option<Option<i64>> = newest.into_tuple().one(db).await?;
    let text = get(db, NEXT_SEQUENCE).await?.ok_or_else(|| damaged("is missing"))?;
    let first: u64 = text.parse().map_err(|_| damaged("is not a number"))?;
    Ok(newest.flatten().map_or(first, |newest| first.max(newest.unsigned_abs() + 1)))
}

/// What clients had to know in the last run.
pub(crate) async fn token(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    get(db, TOKEN).await
}

/// Remembers what clients must know.
pub(crate) async fn set_token(db: &impl ConnectionTrait, token: &str) -> Result<(), DbErr> {
    set(db, TOKEN, token.to_owned()).await
}

/// The port of the last run.
pub(crate) async fn port(db: &impl ConnectionTrait) -> Result<Option<u16>, DbErr> {
    Ok(get(db, PORT).await?.and_then(|port| port.parse().ok()))
}

/// Remembers the port.
pub(crate) async fn set_port(db: &impl ConnectionTrait, port: u16) -> Result<(), DbErr> {
    set(db, PORT, port.to_string()).await
}

fn damaged(what: &str) -> DbErr {
    DbErr::Custom(format!(
        "`{NEXT_SEQUENCE}` in table `meta` {what}: the database is damaged, delete it to start anew"
    ))
}

async fn get(db: &impl ConnectionTrait, name: &str) -> Result<Option<String>, DbErr> {
    Ok(meta::Entity::find_by_id(name).one(db).await?.map(|row| row.value))
}

async fn set(db: &impl ConnectionTrait, name: &str, value: String) -> Result<(), DbErr> {
    meta::Entity::insert(meta::ActiveModel { name: Set(name.to_owned()), value: Set(value) })
        .on_conflict(OnConflict::column(meta::Column::Name).update_column(meta::Column::Value).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

async fn get_or_set(
    db: &impl ConnectionTrait,
    name: &str,
    value: impl FnOnce() -> String,
) -> Result<String, DbErr> {
    if let Some(value) = get(db, name).await? {
        return Ok(value);
    }
    let value = value();
    set(db, name, value.clone()).await?;
    Ok(value)
}
