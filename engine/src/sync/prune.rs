//! What peers have, and what need not be kept any more.

use std::collections::BTreeMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::change::{StreamId, is_shared, model_of};
use super::marks::{Mark, Marks, Positions, at, is_about_pruning};
use super::model::Syncable;
use crate::database::entity::sync_owned::State;
use crate::database::entity::{device, sync_ack, sync_change, sync_owned, sync_seen};

/// For how long a peer that is not heard of is kept in mind: 30 days, in milliseconds. One that comes back later fetches everything anew.
pub(crate) const LONG_GONE_MS: u64 = 30 * 86_400_000;

/// Notes what peers have, and removes what all peers have: changes from the log, and tombstones.
pub(crate) async fn acknowledge(
    tx: &impl ConnectionTrait,
    own: Uuid,
    said: &[(Uuid, Positions)],
    now_ms: u64,
) -> Result<(), DbErr> {
    for (peer, positions) in said {
        note(tx, own, *peer, positions, now_ms).await?;
    }
    cut_off(tx, now_ms).await?;
    prune(tx).await
}

async fn note(
    tx: &impl ConnectionTrait,
    own: Uuid,
    peer: Uuid,
    positions: &Positions,
    now_ms: u64,
) -> Result<(), DbErr> {
    let seen_ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
    sync_seen::Entity::insert(sync_seen::Model { peer, seen_ms }.into_active_model())
        .on_conflict(
            OnConflict::column(sync_seen::Column::Peer).update_column(sync_seen::Column::SeenMs).to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    let known = sync_ack::Entity::find().filter(sync_ack::Column::Peer.eq(peer)).all(tx).await?;
    let known: Positions = known.into_iter().map(|row| ((row.stream, row.device), row.position)).collect();
    // A peer that has nothing yet is one that everything is to be kept for.
    let first = ((device::Model::INFO.name.to_owned(), own), 0);
    let rows: Vec<sync_ack::ActiveModel> = BTreeMap::from([first])
        .into_iter()
        .chain(positions.clone())
        .collect::<Positions>()
        .into_iter()
        .filter(|((stream, _), _)| !is_about_pruning(stream))
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
    Ok(())
}

/// The same, with nobody having said anything. Returns how many changes and tombstones are gone.
pub(crate) async fn prune_all(tx: &impl ConnectionTrait, now_ms: u64) -> Result<u64, DbErr> {
    use sea_orm::PaginatorTrait;
    let kept = async || {
        let tombstones = sync_owned::Entity::find().filter(sync_owned::Column::State.eq(State::Gone));
        Ok::<_, DbErr>(sync_change::Entity::find().count(tx).await? + tombstones.count(tx).await?)
    };
    let before = kept().await?;
    cut_off(tx, now_ms).await?;
    prune(tx).await?;
    Ok(before.saturating_sub(kept().await?))
}

/// Nothing is kept any more for peers that have not been heard of for long.
async fn cut_off(tx: &impl ConnectionTrait, now_ms: u64) -> Result<(), DbErr> {
    let oldest = i64::try_from(now_ms.saturating_sub(LONG_GONE_MS)).unwrap_or(i64::MAX);
    let gone = sync_seen::Entity::find().filter(sync_seen::Column::SeenMs.lt(oldest)).all(tx).await?;
    for peer in gone {
        tracing::info!(peer = %peer.peer, "a device has not been heard of for long: it will fetch everything anew");
        sync_ack::Entity::delete_many().filter(sync_ack::Column::Peer.eq(peer.peer)).exec(tx).await?;
        sync_seen::Entity::delete_by_id(peer.peer).exec(tx).await?;
    }
    Ok(())
}

async fn prune(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    let acks = sync_ack::Entity::find().all(tx).await?;
    let mut peers: BTreeMap<Uuid, BTreeMap<StreamId, i64>> = BTreeMap::new();
    for ack in acks {
        peers.entry(ack.peer).or_default().insert((ack.stream, ack.device), ack.position);
    }
    let mut marks = Marks::load(tx).await?;
    for (stream, mark) in marks.all() {
        let everywhere = peers.values().map(|has| at(has, &stream)).min();
        // With nobody to keep it for, nothing is kept.
        let everywhere = everywhere.unwrap_or(i64::MAX).min(mark.position);
        if everywhere <= mark.pruned {
            continue;
        }
        let pruned = if is_shared(&stream.0) {
            sync_change::Entity::delete_many()
                .filter(sync_change::Column::Device.eq(stream.1))
                .filter(sync_change::Column::Model.eq(model_of(&stream.0)))
                .filter(sync_change::Column::Hlc.lte(everywhere))
                .exec(tx)
                .await?;
            Some(everywhere)
        } else {
            tombstones(tx, &stream, everywhere).await?
        };
        if let Some(pruned) = pruned {
            marks.set(&stream.0, stream.1, Mark { pruned, ..mark });
        }
    }
    marks.save(tx).await
}

/// Removes the tombstones of a stream up to a position, and says where the last of them was.
async fn tombstones(
    tx: &impl ConnectionTrait,
    (model, owner): &StreamId,
    up_to: i64,
) -> Result<Option<i64>, DbErr> {
    use sea_orm::{Condition, QueryOrder, QuerySelect};
    use sync_owned::Column as C;
    let these = Condition::all()
        .add(C::Owner.eq(*owner))
        .add(C::Model.eq(model.as_str()))
        .add(C::Version.lte(up_to))
        .add(C::State.eq(State::Gone));
    let last: Option<i64> = sync_owned::Entity::find()
        .select_only()
        .column(C::Version)
        .filter(these.clone())
        .order_by_desc(C::Version)
        .into_tuple()
        .one(tx)
        .await?;
    if last.is_some() {
        sync_owned::Entity::delete_many().filter(these).exec(tx).await?;
    }
    Ok(last)
}
