//! How far this device and another have what the other has.

use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::change::SHARED;
use super::marks::{Marks, Positions, is_about_pruning};
use super::session::Session;
use crate::database::entity::{sync_ack, sync_change, sync_owned};

/// What is known of another device.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether it is connected and has said what it has.
    pub(crate) is_heard: bool,
    /// Whether all shared rows are being fetched from it.
    pub(crate) is_filling: bool,
    /// How many changes it does not have.
    pub(crate) pending: u64,
    /// Whether it has changes that are not here.
    pub(crate) is_ahead: bool,
}

impl Session {
    /// How this device stands with all that it knows, connected or not.
    pub(crate) async fn standings(&self) -> Result<BTreeMap<Uuid, Standing>, DbErr> {
        let db = &self.db.reader;
        let mut known: BTreeMap<Uuid, (Positions, Standing)> = BTreeMap::new();
        for ack in sync_ack::Entity::find().all(db).await? {
            let (positions, _) = known.entry(ack.peer).or_default();
            positions.insert((ack.stream, ack.device), ack.position);
        }
        for (id, peer) in self.peers.lock().await.iter() {
            let (positions, standing) = known.entry(*id).or_default();
            standing.is_filling = peer.backfill.is_some();
            if let Some(said) = &peer.positions {
                standing.is_heard = true;
                positions.clone_from(said);
            }
        }
        let marks = Marks::load(db).await?;
        let mut own = marks.positions();
        own.retain(|(stream, _), _| !is_about_pruning(stream));
        let mut standings = BTreeMap::new();
        for (id, (mut theirs, mut standing)) in known {
            theirs.retain(|(stream, _), _| !is_about_pruning(stream));
            standing.pending = pending(db, &own, &theirs).await?;
            let is_more = |(stream, at): (_, &i64)| own.get(stream).is_none_or(|own| own < at);
            standing.is_ahead = theirs.iter().any(is_more);
            standings.insert(id, standing);
        }
        Ok(standings)
    }
}

/// How many changes come after `theirs`, up to `own`.
async fn pending(db: &DatabaseConnection, own: &Positions, theirs: &Positions) -> Result<u64, DbErr> {
    let mut pending = 0;
    for ((stream, device), to) in own {
        let from = theirs.get(&(stream.clone(), *device)).copied().unwrap_or(0);
        if from >= *to {
            continue;
        }
        pending += if stream == SHARED {
            let logged = sync_change::Entity::find()
                .filter(sync_change::Column::Device.eq(*device))
                .filter(sync_change::Column::Hlc.gt(from));
            // The log may have been pruned; then all rows are to be sent.
            logged.count(db).await?.max(1)
        } else {
            let rows = sync_owned::Entity::find()
                .filter(sync_owned::Column::Owner.eq(*device))
                .filter(sync_owned::Column::Model.eq(stream))
                .filter(sync_owned::Column::Version.gt(from));
            rows.count(db).await?
        };
    }
    Ok(pending)
}
