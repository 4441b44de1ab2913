//! Becoming part of another library with all that is here.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, TransactionTrait,
};
use uuid::Uuid;

use super::Devices;
use crate::database::entity::device_status::DeviceState;
use crate::database::entity::{device_status, sync_shared};
use crate::database::meta;
use crate::net::Peer;
use crate::pair::{Joined, PairError};
use crate::sync::LeaderState;

/// What can be known before anybody is asked.
pub(super) async fn check_before(devices: &Devices) -> Result<(), PairError> {
    if devices.peers.all().is_empty() { Ok(()) } else { Err(PairError::HasPeers) }
}

/// Makes the library of the other device this one's.
pub(super) async fn adopt(
    devices: &Devices,
    joined: &Joined,
    peer: &Peer,
    merge: bool,
) -> Result<(), PairError> {
    let is_other = joined.library != devices.host.library;
    if is_other && has_own(&devices.db.reader).await? {
        let (own, other) = (&devices.host.library_name, &joined.library_name);
        if !merge {
            return Err(PairError::NeedsMerge);
        }
        if own != other {
            return Err(PairError::OtherName { own: own.clone(), other: other.clone() });
        }
    }
    let private = devices.transactions.privately().await;
    let tx = private.db.begin().await?;
    devices.peers.write(&tx, peer).await?;
    if is_other {
        // It begins anew there: in its own eyes, and in those of clients, whose epoch is over.
        if let Some(own) = device_status::Entity::find_by_id(devices.host.device).one(&tx).await? {
            let own = device_status::Model { state: DeviceState::Uninitialized, was_whole: false, ..own };
            own.into_active_model().reset_all().update(&tx).await?;
        }
        LeaderState::forget(&tx).await?;
        meta::set_library(&tx, joined.library, &joined.library_name, Uuid::new_v4()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Whether somebody made anything here: tags, favorites. What was found on the disk is nobody's work.
async fn has_own(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(sync_shared::Entity::find().count(db).await? > 0)
}
