//! Contents of files. The id follows from the library and the content, so that the same bytes are the same row on all devices.

use larder_engine_derive::Syncable;
use sea_orm::entity::prelude::*;

use crate::sync::Payload;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Syncable)]
#[sea_orm(table_name = "content_identities")]
#[sync(name = "content_identity", strategy = "shared", domain = "index", merge_with = first_seen)]
#[sync(shows = "content_identity", by = id, priority = 1)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// See [`crate::index::content_hash`].
    pub hash: String,
    pub size: i64,
    /// When some device saw it first, in nanoseconds since 1970.
    pub first_seen_ns: i64,
    #[sync(version)]
    pub version: i64,
}

/// Two devices that find the same content agree on all but when: the earlier one counts.
fn first_seen(older: &Payload, newer: &Payload) -> Payload {
    let at = |row: &Payload| row.get("first_seen_ns").and_then(serde_json::Value::as_i64).unwrap_or(i64::MAX);
    let mut row = newer.clone();
    row.insert("first_seen_ns".to_owned(), at(older).min(at(newer)).into());
    row
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
