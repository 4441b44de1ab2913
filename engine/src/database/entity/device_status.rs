//! How this engine stands with each device. It does not sync: others stand in another way.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device_status")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_id: Uuid,
    /// Whether it is this device.
    pub is_self: bool,
    pub state: DeviceState,
    /// Whether it has had everything once.
    pub was_whole: bool,
    pub online: bool,
    /// How many changes that are known here are not there yet.
    pub pending: i64,
    /// Since when that is so, in milliseconds since 1970.
    pub behind_since_ms: Option<i64>,
    /// Why there is no connection.
    pub problem: Option<String>,
    pub role: DeviceRole,
}

/// What a device is doing about the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum DeviceState {
    /// It has never heard from another one.
    Uninitialized,
    /// It is being given everything for the first time.
    Backfilling,
    /// It is being given what happened while it was away.
    CatchingUp,
    /// It has what is known here.
    Ready,
    /// It was taken offline.
    Paused,
}

/// What a device is where one leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum DeviceRole {
    /// It leads.
    Leader,
    /// Another one leads.
    Follower,
    /// No device leads.
    Peer,
}

impl DeviceRole {
    /// What a device is while this one leads.
    pub(crate) fn of(device: Uuid, leader: Option<Uuid>) -> Self {
        match leader {
            None => Self::Peer,
            Some(leader) if leader == device => Self::Leader,
            Some(_) => Self::Follower,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
