//! What is kept in memory of small tables that every message asks about.
//!
//! It is as the tables are: who writes to one of them also writes here, on a copy that counts once the transaction has ended, see
//! [`Keeper`](crate::transaction::Keeper).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::change::StreamId;
use super::leader::{State, ends_of_log};
use super::marks::{Marks, Positions};
use super::registry::Registry;
use super::select::{self, Unwanted};
use crate::database::entity::{
    content_tag_later, removed_device, sync_ack, sync_fetch, sync_seen, sync_waiting,
};
use crate::database::meta;

/// The tables as they are at the end of one transaction. Copying it costs little.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Up to where each stream is here.
    pub(super) marks: Marks,
    /// The same, as other devices are told.
    pub(super) positions: Arc<Positions>,
    /// What is not wanted here.
    pub(crate) unwanted: Arc<Unwanted>,
    /// Devices that were removed from the library.
    pub(crate) removed: Arc<BTreeSet<Uuid>>,
    /// What each other device has said that it has, as far as that was written down.
    pub(super) acks: Arc<BTreeMap<Uuid, Positions>>,
    /// When each was last heard of, in milliseconds since 1970, to the minute.
    pub(super) seen: Arc<BTreeMap<Uuid, i64>>,
    /// Devices from which all shared rows are being fetched.
    pub(super) fetches: Arc<BTreeSet<Uuid>>,
    /// What is remembered about who leads.
    pub(super) state: State,
    /// The first and the last sequence in the log of this device, if it leads and there are any.
    pub(super) led: Option<(i64, i64)>,
    /// The sequence that the next event gets.
    pub(crate) next_sequence: u64,
    /// Whether changes may wait for what they refer to. If not, none does.
    pub(super) waits: bool,
    /// Whether tags may wait for the content of an entry. If not, none does.
    pub(crate) tags_later: bool,
    /// Streams of owned rows in which there may be tombstones. In others there are none.
    pub(super) tombstones: Arc<BTreeSet<StreamId>>,
    /// Streams of owned rows in which some may be in doubt, or about to go. In others there are none.
    pub(super) unsettled: Arc<BTreeSet<StreamId>>,
}

impl Kept {
    /// Reads all of it.
    pub(crate) async fn load(db: &impl ConnectionTrait, registry: &Registry) -> Result<Self, DbErr> {
        let marks = Marks::load(db).await?;
        let mut acks: BTreeMap<Uuid, Positions> = BTreeMap::new();
        for row in sync_ack::Entity::find().all(db).await? {
            acks.entry(row.peer).or_default().insert((row.stream, row.device), row.position);
        }
        let seen = sync_seen::Entity::find().all(db).await?;
        let fetches = sync_fetch::Entity::find().all(db).await?;
        Ok(Self {
            positions: Arc::new(marks.positions()),
            unwanted: Arc::new(Unwanted::load(db, registry).await?),
            removed: Arc::new(removed(db).await?),
            acks: Arc::new(acks),
            seen: Arc::new(seen.into_iter().map(|row| (row.peer, row.seen_ms)).collect()),
            fetches: Arc::new(fetches.into_iter().map(|row| row.peer).collect()),
            state: State::load(db).await?,
            led: ends_of_log(db).await?,
            next_sequence: meta::next_sequence(db).await?,
            waits: sync_waiting::Entity::find().one(db).await?.is_some(),
            tags_later: content_tag_later::Entity::find().one(db).await?.is_some(),
            tombstones: Arc::new(marks.all().into_iter().map(|(stream, _)| stream).collect()),
            unsettled: Arc::new(marks.all().into_iter().map(|(stream, _)| stream).collect()),
            marks,
        })
    }

    /// The marks were written.
    pub(super) fn keep_marks(&mut self, marks: &Marks) {
        self.marks = marks.saved();
        self.positions = Arc::new(self.marks.positions());
    }

    /// There is a tombstone in this stream now, or will be.
    pub(super) fn buries(&mut self, model: &str, owner: Uuid) {
        let stream = (model.to_owned(), owner);
        if !self.tombstones.contains(&stream) {
            Arc::make_mut(&mut self.tombstones).insert(stream);
        }
    }

    /// Rows of this stream are in doubt now, or about to go.
    pub(super) fn unsettles(&mut self, model: &str, owner: Uuid) {
        let stream = (model.to_owned(), owner);
        if !self.unsettled.contains(&stream) {
            Arc::make_mut(&mut self.unsettled).insert(stream);
        }
    }

    /// None are any more.
    pub(super) fn settles(&mut self, model: &str, owner: Uuid) {
        Arc::make_mut(&mut self.unsettled).remove(&(model.to_owned(), owner));
    }

    /// As [`select::told`].
    pub(super) fn told(&self) -> Arc<Positions> {
        match *self.unwanted == Unwanted::default() {
            true => Arc::clone(&self.positions),
            false => Arc::new(select::told((*self.positions).clone(), &self.unwanted)),
        }
    }

    /// What of it is not as the tables are.
    #[cfg(test)]
    pub(crate) async fn differs(
        &self,
        db: &impl ConnectionTrait,
        registry: &Registry,
    ) -> Result<Option<String>, DbErr> {
        use sea_orm::{ColumnTrait, QueryFilter};

        use crate::database::entity::sync_owned::{self, State::Doubted, State::Going, State::Gone};
        let is = Self::load(db, registry).await?;
        let exact = |kept: &Self| {
            let Self { marks, positions, unwanted, removed, acks, seen, fetches, state, .. } = kept;
            let rest = (state, kept.led, kept.next_sequence);
            format!("{marks:?} {positions:?} {unwanted:?} {removed:?} {acks:?} {seen:?} {fetches:?} {rest:?}")
        };
        let (kept, tables) = (exact(self), exact(&is));
        if kept != tables {
            return Ok(Some(format!("kept is {kept}, and in the tables {tables}")));
        }
        if is.waits && !self.waits || is.tags_later && !self.tags_later {
            return Ok(Some("something waits, and that is not known".to_owned()));
        }
        let gone = sync_owned::Entity::find().filter(sync_owned::Column::State.eq(Gone)).all(db).await?;
        let unsettled = sync_owned::Column::State.is_in([Doubted, Going]);
        let unsettled = sync_owned::Entity::find().filter(unsettled).all(db).await?;
        let stream = |row: &sync_owned::Model| (row.model.clone(), row.owner);
        let unknown = gone.into_iter().find(|row| !self.tombstones.contains(&stream(row)));
        let unknown = unknown.or(unsettled.into_iter().find(|row| !self.unsettled.contains(&stream(row))));
        Ok(unknown.map(|row| format!("it is not known that {row:?} is there")))
    }
}

/// Devices that were removed from the library.
pub(super) async fn removed(db: &impl ConnectionTrait) -> Result<BTreeSet<Uuid>, DbErr> {
    Ok(removed_device::Entity::find().all(db).await?.into_iter().map(|row| row.device_id).collect())
}
