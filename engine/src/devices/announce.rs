//! Telling the others where this device is, and by which key to know it.

use std::net::SocketAddr;

use sea_orm::EntityTrait;

use super::Devices;
use crate::database::entity::device;
use crate::database::meta;
use crate::net::{NetError, write_addresses};
use crate::transaction::Write;

/// Brings the row of this device up to date, which the other devices get as any other.
pub(super) async fn announce(devices: &Devices, addresses: &[SocketAddr]) -> Result<(), NetError> {
    let Devices { host, transactions, .. } = devices;
    if let Some(first) = addresses.first() {
        let private = transactions.privately().await;
        meta::set_device_port(private.db, first.port()).await?;
    }
    let Some(row) = device::Entity::find_by_id(host.device).one(&devices.db.reader).await? else {
        return Ok(());
    };
    let now = device::Model {
        name: host.name.clone(),
        key: Some(host.key.to_string()),
        addresses: Some(write_addresses(addresses)),
        ..row.clone()
    };
    if now != row {
        transactions
            .commit(vec![Write::Device(device::Model { version: row.version + 1, ..now })], None)
            .await?;
    }
    Ok(())
}
