//! What peers have, and what need not be kept any more.

use std::collections::BTreeMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::change::SHARED;
use super::marks::{Mark, Marks, Positions};
use crate::database::entity::{sync_ack, sync_change};

/// Notes what a peer has, and removes from the log what all peers have.
pub(crate) async fn acknowledge(
    tx: &impl ConnectionTrait,
    own: Uuid,
    peer: Uuid,
    positions: &Positions,
) -> Result<(), DbErr> {
    let known = sync_ack::Entity::find().filter(sync_ack::Column::Peer.eq(peer)).all(tx).await?;
    let known: Positions = known.into_iter().map(|row| ((row.stream, row.device), row.position)).collect();
    // A peer that has nothing yet is one that everything is to be kept for.
    let first = ((SHARED.to_owned(), own), 0);
    let rows: Vec<sync_ack::ActiveModel> = BTreeMap::from([first])
        .into_iter()
        .chain(positions.clone())
        .collect::<Positions>()
        .into_iter()
        .filter(|(stream, position)| known.get(stream) != Some(position))
        .map(|((stream, device), position)| {
            sync_ack::Model { peer, stream, device, position }.into_active_model()
        })
        .collect();
    if !rows.is_empty() {
        use sync_ack::Column as C;
        sync_ack::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([C::Peer, C::Stream, C::Device]).update_column(C::Position).to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    prune(tx).await
}

async fn prune(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    let acks = sync_ack::Entity::find().all(tx).await?;
    let mut peers: BTreeMap<Uuid, BTreeMap<Uuid, i64>> = BTreeMap::new();
    for ack in acks {
        let shared = peers.entry(ack.peer).or_default();
        if ack.stream == SHARED {
            shared.insert(ack.device, ack.position);
        }
    }
    let mut marks = Marks::load(tx).await?;
    let streams: Vec<(Uuid, Mark)> = marks.streams(SHARED).collect();
    for (device, mark) in streams {
        let everywhere = peers.values().map(|has| has.get(&device).copied().unwrap_or(0)).min();
        let pruned = everywhere.unwrap_or(0).min(mark.position);
        if pruned > mark.pruned {
            sync_change::Entity::delete_many()
                .filter(sync_change::Column::Device.eq(device))
                .filter(sync_change::Column::Hlc.lte(pruned))
                .exec(tx)
                .await?;
            marks.set(SHARED, device, Mark { pruned, ..mark });
        }
    }
    marks.save(tx).await
}
