//! What peers have, and what need not be kept any more.

use std::sync::Arc;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::change::{StreamId, is_shared, model_of};
use super::kept::Kept;
use super::marks::{Mark, Positions, at, is_about_pruning};
use super::model::Syncable;
use crate::database::entity::sync_owned::State;
use crate::database::entity::{device, sync_ack, sync_change, sync_owned, sync_seen};

/// For how long a peer that is not heard of is kept in mind: 30 days, in milliseconds. One that comes back later fetches everything anew.
pub(crate) const LONG_GONE_MS: u64 = 30 * 86_400_000;

/// How long ago a peer was heard of is known to the minute, in milliseconds: not everything it says is a reason to write that down.
const SEEN_MS: i64 = 60_000;

/// What is to be written because of what peers have said, or because time has passed.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    seen: Vec<sync_seen::Model>,
    acks: Vec<sync_ack::Model>,
    /// Peers for which nothing is kept any more.
    gone: Vec<Uuid>,
    /// Streams of which all peers have everything up to a position.
    everywhere: Vec<(StreamId, Mark, i64)>,
}

/// Notes what peers have said that they have in what is kept, and finds out what is to be written for it and what nobody needs any more.
pub(crate) fn plan(kept: &mut Kept, own: Uuid, said: Vec<(Uuid, Positions)>, now_ms: u64) -> Plan {
    let mut plan = Plan::default();
    for (peer, positions) in said {
        plan.note(kept, own, peer, positions, i64::try_from(now_ms).unwrap_or(i64::MAX));
    }
    plan.cut_off(kept, now_ms);
    for (stream, mark) in kept.marks.all() {
        let everywhere = kept.acks.values().map(|has| at(has, &stream)).min();
        // With nobody to keep it for, nothing is kept.
        let everywhere = everywhere.unwrap_or(i64::MAX).min(mark.position);
        let is_news = everywhere > mark.pruned;
        // Where a stream began anew, there may be tombstones before the place from which on none are missing.
        let is_whole = everywhere > 0 && everywhere >= mark.head;
        let is_due = match is_shared(&stream.0) {
            true => is_news,
            false => (is_news || is_whole) && kept.tombstones.contains(&stream),
        };
        if is_due {
            plan.everywhere.push((stream, mark, everywhere));
        }
    }
    plan
}

impl Plan {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { seen, acks, gone, everywhere } = self;
        seen.is_empty() && acks.is_empty() && gone.is_empty() && everywhere.is_empty()
    }

    fn note(&mut self, kept: &mut Kept, own: Uuid, peer: Uuid, mut positions: Positions, seen_ms: i64) {
        let is_recent = |known: &i64| (0..SEEN_MS).contains(&seen_ms.saturating_sub(*known));
        if !kept.seen.get(&peer).is_some_and(is_recent) {
            self.seen.push(sync_seen::Model { peer, seen_ms });
            Arc::make_mut(&mut kept.seen).insert(peer, seen_ms);
        }
        // A peer that has nothing yet is one that everything is to be kept for.
        positions.entry((device::Model::INFO.name.to_owned(), own)).or_insert(0);
        let known = kept.acks.get(&peer);
        let is_news = |stream: &StreamId, at: &i64| known.and_then(|known| known.get(stream)) != Some(at);
        positions.retain(|stream, at| !is_about_pruning(&stream.0) && is_news(stream, at));
        if positions.is_empty() {
            return;
        }
        let row = |((stream, device), position): (&StreamId, &i64)| sync_ack::Model {
            peer,
            stream: stream.clone(),
            device: *device,
            position: *position,
        };
        self.acks.extend(positions.iter().map(row));
        Arc::make_mut(&mut kept.acks).entry(peer).or_default().extend(positions);
    }

    /// Nothing is kept any more for peers that have not been heard of for long.
    fn cut_off(&mut self, kept: &mut Kept, now_ms: u64) {
        let oldest = i64::try_from(now_ms.saturating_sub(LONG_GONE_MS)).unwrap_or(i64::MAX);
        self.gone = kept.seen.iter().filter(|(_, seen)| **seen < oldest).map(|(peer, _)| *peer).collect();
        for peer in &self.gone {
            tracing::info!(%peer, "a device has not been heard of for long: it will fetch everything anew");
            Arc::make_mut(&mut kept.acks).remove(peer);
            Arc::make_mut(&mut kept.seen).remove(peer);
        }
    }

    /// Writes all of it.
    pub(crate) async fn carry_out(self, tx: &impl ConnectionTrait, kept: &mut Kept) -> Result<(), DbErr> {
        if !self.seen.is_empty() {
            use sync_seen::Column as C;
            let known = OnConflict::column(C::Peer).update_column(C::SeenMs).to_owned();
            let rows = self.seen.into_iter().map(IntoActiveModel::into_active_model);
            sync_seen::Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx).await?;
        }
        if !self.acks.is_empty() {
            use sync_ack::Column as C;
            let known =
                OnConflict::columns([C::Peer, C::Stream, C::Device]).update_column(C::Position).to_owned();
            let rows = self.acks.into_iter().map(IntoActiveModel::into_active_model);
            sync_ack::Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx).await?;
        }
        for peer in self.gone {
            sync_ack::Entity::delete_many().filter(sync_ack::Column::Peer.eq(peer)).exec(tx).await?;
            sync_seen::Entity::delete_by_id(peer).exec(tx).await?;
        }
        let mut marks = kept.marks.clone();
        for (stream, mark, everywhere) in self.everywhere {
            let pruned = if is_shared(&stream.0) {
                sync_change::Entity::delete_many()
                    .filter(sync_change::Column::Device.eq(stream.1))
                    .filter(sync_change::Column::Model.eq(model_of(&stream.0)))
                    .filter(sync_change::Column::Hlc.lte(everywhere))
                    .exec(tx)
                    .await?;
                Some(everywhere)
            } else {
                let last = tombstones(tx, &stream, everywhere).await?;
                // Beyond the position there are some if the stream began anew and has not come back to them yet.
                if everywhere >= mark.position && !are_beyond(tx, &stream, everywhere).await? {
                    Arc::make_mut(&mut kept.tombstones).remove(&stream);
                }
                last
            };
            if let Some(pruned) = pruned.filter(|pruned| *pruned > mark.pruned) {
                marks.set(&stream.0, stream.1, Mark { pruned, ..mark });
            }
        }
        if !marks.moved().is_empty() {
            marks.save(tx).await?;
            kept.keep_marks(&marks);
        }
        Ok(())
    }
}

/// How many changes and tombstones are kept for peers that may come for them.
pub(crate) async fn kept_for_peers(tx: &impl ConnectionTrait) -> Result<u64, DbErr> {
    use sea_orm::PaginatorTrait;
    let tombstones = sync_owned::Entity::find().filter(sync_owned::Column::State.eq(State::Gone));
    Ok(sync_change::Entity::find().count(tx).await? + tombstones.count(tx).await?)
}

/// Removes the tombstones of a stream up to a position, and says where the last of them was.
async fn tombstones(tx: &impl ConnectionTrait, stream: &StreamId, up_to: i64) -> Result<Option<i64>, DbErr> {
    use sea_orm::{QueryOrder, QuerySelect};
    use sync_owned::Column as C;
    let these = buried(stream).add(C::Version.lte(up_to));
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

/// Whether a stream has tombstones after a position.
async fn are_beyond(tx: &impl ConnectionTrait, stream: &StreamId, position: i64) -> Result<bool, DbErr> {
    let these = buried(stream).add(sync_owned::Column::Version.gt(position));
    Ok(sync_owned::Entity::find().filter(these).one(tx).await?.is_some())
}

/// The tombstones of a stream.
fn buried((model, owner): &StreamId) -> Condition {
    use sync_owned::Column as C;
    Condition::all().add(C::Owner.eq(*owner)).add(C::Model.eq(model.as_str())).add(C::State.eq(State::Gone))
}
