//! How far this device and another have what the other has.

use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::change::{StreamId, is_shared, model_of};
use super::fetch;
use super::marks::{self, Positions, is_about_pruning};
use super::select::NOTHING;
use super::session::Session;
use crate::database::entity::{sync_change, sync_owned};

/// What is known of another device.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether it is connected and has said what it has.
    pub(crate) is_heard: bool,
    /// Whether all shared rows are being fetched from it.
    pub(crate) is_filling: bool,
    /// How many rows have come of all the shared ones that are fetched from it, and how many there are.
    pub(crate) fetched: (u64, u64),
    /// How many changes to rows of devices it has that are to come from it.
    pub(crate) lacking: u64,
    /// How many changes it does not have.
    pub(crate) pending: u64,
    /// Whether it has changes that are not here.
    pub(crate) is_ahead: bool,
}

impl Session {
    /// How this device stands with all that it knows, connected or not.
    pub(crate) async fn standings(&self) -> Result<BTreeMap<Uuid, Standing>, DbErr> {
        let db = &self.db.reader;
        let kept = self.transactions.kept().await?;
        let known =
            kept.acks.iter().map(|(peer, positions)| (*peer, (positions.clone(), Standing::default())));
        let mut known: BTreeMap<Uuid, (Positions, Standing)> = known.collect();
        let fetched = fetch::progress(db).await?;
        for (id, peer) in self.peers.lock().await.iter() {
            let (positions, standing) = known.entry(*id).or_default();
            standing.is_filling = peer.backfill.is_some();
            if standing.is_filling {
                standing.fetched = fetched.get(id).copied().unwrap_or_default();
            }
            if let Some(said) = &peer.positions {
                standing.is_heard = true;
                positions.clone_from(said);
            }
        }
        let mut own = Positions::clone(&self.transactions.kept().await?.told());
        own.retain(|(stream, _), _| !is_about_pruning(stream));
        let mut standings = BTreeMap::new();
        let mut lacking = lacking(&own, &known);
        for (id, (mut theirs, mut standing)) in known {
            theirs.retain(|(stream, _), _| !is_about_pruning(stream));
            standing.pending = pending(db, &own, &theirs).await?;
            // Neither what the peer does not want nor what is not wanted here is missing.
            let is_more = |(stream, at): (&StreamId, &i64)| {
                let is_counted = *at != NOTHING && *at > 0;
                is_counted && marks::at(&own, stream) < *at
            };
            standing.lacking = lacking.remove(&id).unwrap_or(0);
            standing.is_ahead = theirs.iter().any(is_more);
            standings.insert(id, standing);
        }
        Ok(standings)
    }
}

/// How many changes to rows of devices are to come from each. What several have comes from the one that owns it, if that is there.
fn lacking(own: &Positions, known: &BTreeMap<Uuid, (Positions, Standing)>) -> BTreeMap<Uuid, u64> {
    let mut furthest: BTreeMap<&StreamId, (bool, i64, Uuid)> = BTreeMap::new();
    for (id, (positions, _)) in known.iter().filter(|(_, (_, standing))| standing.is_heard) {
        for (stream, at) in positions.iter().filter(|((stream, _), at)| !is_shared(stream) && **at != NOTHING)
        {
            let candidate = (stream.1 == *id, *at, *id);
            let best = furthest.entry(stream).or_insert(candidate);
            *best = (*best).max(candidate);
        }
    }
    let mut lacking = BTreeMap::new();
    for (stream, (_, at, id)) in furthest.into_iter().filter(|(stream, _)| !is_about_pruning(&stream.0)) {
        let more = at.saturating_sub(own.get(stream).copied().unwrap_or(0));
        *lacking.entry(id).or_default() += u64::try_from(more).unwrap_or(0);
    }
    lacking
}

/// How many changes come after `theirs`, up to `own`.
async fn pending(db: &DatabaseConnection, own: &Positions, theirs: &Positions) -> Result<u64, DbErr> {
    let mut pending = 0;
    for ((stream, device), to) in own {
        let from = marks::at(theirs, &(stream.clone(), *device));
        if from >= *to || *to == NOTHING {
            continue;
        }
        pending += if is_shared(stream) {
            let logged = sync_change::Entity::find()
                .filter(sync_change::Column::Device.eq(*device))
                .filter(sync_change::Column::Model.eq(model_of(stream)))
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
