//! `devices.pause`, `devices.remove`, `devices.select`.

use sea_orm::EntityTrait;
use serde::Deserialize;
use uuid::Uuid;

use super::refuse::Refusal;
use super::run::Actions;
use crate::database::entity::device;
use crate::sync::unwanted;
use crate::transaction::Write;

pub(super) const PAUSE: &str = "devices.pause";
pub(super) const REMOVE: &str = "devices.remove";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pause {
    /// The engine's own device, or nothing.
    id: Option<String>,
    paused: bool,
}

pub(super) const SELECT: &str = "devices.select";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Select {
    id: String,
    wanted: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Remove {
    id: String,
}

/// Takes the engine's own device offline, or back. Clients of the engine go on as before.
pub(super) async fn pause(actions: &Actions, mutation: &str, args: Pause) -> Result<u64, Refusal> {
    if let Some(other) = args.id.filter(|id| *id != actions.devices.own().to_string()) {
        return Err(Refusal::OtherDevice(other.chars().take(80).collect()));
    }
    let status = actions.devices.pause(args.paused).await?;
    actions.commit(mutation, vec![Write::DeviceStatus(vec![status])]).await
}

/// Says whether the files of another device are wanted here. Other devices keep them either way.
pub(super) async fn select(actions: &Actions, mutation: &str, args: Select) -> Result<u64, Refusal> {
    let not_found = || Refusal::NotFound { what: "device", id: args.id.chars().take(80).collect() };
    let device = Uuid::parse_str(&args.id).map_err(|_| not_found())?;
    if device == actions.devices.own() {
        let reason = "the files of the engine's own device are always here".to_owned();
        return Err(Refusal::InvalidArguments { action: SELECT, reason });
    }
    device::Entity::find_by_id(device).one(&actions.reader).await?.ok_or_else(not_found)?;
    let is_wanted = !unwanted(&actions.reader).await?.contains(&device);
    let writes = match is_wanted == args.wanted {
        true => Vec::new(),
        false => vec![Write::Select { device, wanted: args.wanted }],
    };
    actions.commit(mutation, writes).await
}

/// Removes another device from the library: nobody speaks to it again. What it has stays with it, and what it made stays here.
pub(super) async fn remove(actions: &Actions, mutation: &str, args: Remove) -> Result<u64, Refusal> {
    let not_found = || Refusal::NotFound { what: "device", id: args.id.chars().take(80).collect() };
    let id = Uuid::parse_str(&args.id).map_err(|_| not_found())?;
    if id == actions.devices.own() {
        let reason = "a device is removed on another one".to_owned();
        return Err(Refusal::InvalidArguments { action: REMOVE, reason });
    }
    let row = device::Entity::find_by_id(id).one(&actions.reader).await?;
    let key = actions.devices.key_of(id).or(row.and_then(|row| row.key)).ok_or_else(not_found)?;
    actions.commit(mutation, vec![Write::RemoveDevice { device: id, key }]).await
}
