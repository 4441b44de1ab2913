//! Up to where each stream has come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::change::{StreamId, is_shared, shared};
use super::hlc::Hlc;
use super::select::{ANYBODY, NOTHING};
use crate::database::entity::sync_mark;

/// Positions of streams, as devices tell each other. A stream that is not named is at its beginning, 0.
pub(crate) type Positions = BTreeMap<StreamId, i64>;

/// The position of a stream, of whose model the device may want nothing at all.
pub(crate) fn at(positions: &Positions, stream: &StreamId) -> i64 {
    let exact = positions.get(stream).copied().unwrap_or(0);
    if !is_shared(&stream.0) || exact == NOTHING {
        return exact;
    }
    match positions.get(&(stream.0.clone(), ANYBODY)) {
        Some(&NOTHING) => NOTHING,
        _ => exact,
    }
}

/// What comes behind the name of a stream where it is about its missing tombstones.
const PRUNED: &str = ":pruned";

/// The name under which positions say up to where tombstones of a stream of owned rows may be missing.
pub(crate) fn about_pruning(stream: &str) -> String {
    format!("{stream}{PRUNED}")
}

/// Whether a position is about missing tombstones, not about rows.
pub(crate) fn is_about_pruning(stream: &str) -> bool {
    stream.ends_with(PRUNED)
}

/// The marks of this device.
#[derive(Debug, Default, Clone)]
pub(crate) struct Marks {
    marks: Arc<BTreeMap<StreamId, Mark>>,
    moved: BTreeSet<StreamId>,
    /// Where those that moved were when they were loaded.
    were: BTreeMap<StreamId, i64>,
}

/// How far one stream is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) position: i64,
    /// See [`sync_mark::Model::head`].
    pub(crate) head: i64,
    pub(crate) pruned: i64,
}

impl Marks {
    pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let rows = sync_mark::Entity::find().all(db).await?;
        let marks = rows.into_iter().map(|row| {
            let sync_mark::Model { stream, device, position, head, pruned } = row;
            ((stream, device), Mark { position, head, pruned })
        });
        Ok(Self { marks: Arc::new(marks.collect()), ..Self::default() })
    }

    /// Writes those that moved.
    pub(crate) async fn save(&mut self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let moved = std::mem::take(&mut self.moved);
        let row = |(stream, device): StreamId| {
            let Mark { position, head, pruned } = self.get(&stream, device);
            sync_mark::Model { stream, device, position, head, pruned }.into_active_model()
        };
        let rows: Vec<_> = moved.into_iter().map(row).collect();
        if rows.is_empty() {
            return Ok(());
        }
        use sync_mark::Column as C;
        sync_mark::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([C::Stream, C::Device])
                    .update_columns([C::Position, C::Head, C::Pruned])
                    .to_owned(),
            )
            .exec_without_returning(db)
            .await?;
        Ok(())
    }

    /// The same, as if they had just been loaded.
    pub(crate) fn saved(&self) -> Self {
        Self { marks: Arc::clone(&self.marks), ..Self::default() }
    }

    pub(crate) fn get(&self, stream: &str, device: Uuid) -> Mark {
        let mark = self.marks.get(&(stream.to_owned(), device));
        mark.copied().unwrap_or(Mark { position: 0, head: 0, pruned: 0 })
    }

    pub(crate) fn position(&self, stream: &str, device: Uuid) -> i64 {
        self.get(stream, device).position
    }

    pub(crate) fn set(&mut self, stream: &str, device: Uuid, mark: Mark) {
        let id = (stream.to_owned(), device);
        let before = Arc::make_mut(&mut self.marks).insert(id.clone(), mark);
        if before != Some(mark) {
            self.were.entry(id.clone()).or_insert(before.map_or(0, |before| before.position));
            self.moved.insert(id);
        }
    }

    /// The next position of a stream of rows that this device owns.
    pub(crate) fn next_version(&mut self, model: &str, device: Uuid) -> i64 {
        let mark = self.get(model, device);
        let position = mark.position + 1;
        self.set(model, device, Mark { position, head: position, ..mark });
        position
    }

    /// The instant of the next change of this device, to a row of this model: after every change that has come here, and after `seen`.
    pub(crate) fn next_hlc(&mut self, model: &str, device: Uuid, now_ms: u64, seen: i64) -> Hlc {
        let all = self.marks.iter().filter(|((stream, _), _)| is_shared(stream));
        let newest = all.map(|(_, mark)| mark.position.max(mark.head)).max().unwrap_or(0);
        let next = Hlc::from_number(newest.max(seen)).next(now_ms);
        let stream = shared(model);
        let mark = self.get(&stream, device);
        self.set(&stream, device, Mark { position: next.number(), ..mark });
        next
    }

    /// Whether this device had changes of its own to a model that it was without since, and that have not all come back: it makes no new ones
    /// until then, so that its stream has no gap.
    pub(crate) fn is_coming_back(&self, model: &str, own: Uuid) -> bool {
        let stream = shared(model);
        self.get(&stream, ANYBODY).pruned > self.position(&stream, own)
    }

    /// As other devices are told; of streams of owned rows also which tombstones may be missing.
    pub(crate) fn positions(&self) -> Positions {
        let positions = self.marks.iter().map(|(stream, mark)| (stream.clone(), mark.position));
        let owned = self.marks.iter().filter(|((stream, _), mark)| !is_shared(stream) && mark.pruned > 0);
        let pruned = owned.map(|((stream, device), mark)| ((about_pruning(stream), *device), mark.pruned));
        positions.chain(pruned).collect()
    }

    /// All streams.
    pub(crate) fn all(&self) -> Vec<(StreamId, Mark)> {
        self.marks.iter().map(|(stream, mark)| (stream.clone(), *mark)).collect()
    }

    /// Streams with this name, by device.
    pub(crate) fn streams(&self, name: &str) -> impl Iterator<Item = (Uuid, Mark)> {
        let these = self.marks.iter().filter(move |((stream, _), _)| stream == name);
        these.map(|((_, device), mark)| (*device, *mark))
    }

    /// Which streams are at another position than when they were loaded: where they were, and where they are.
    pub(crate) fn advanced(&self) -> impl Iterator<Item = (&StreamId, i64, i64)> {
        let now = |stream: &StreamId| self.marks.get(stream).map_or(0, |mark| mark.position);
        let all = self.were.iter().map(move |(stream, was)| (stream, *was, now(stream)));
        all.filter(|(_, was, now)| was != now)
    }

    /// Which streams have moved since they were loaded.
    pub(crate) fn moved(&self) -> &BTreeSet<StreamId> {
        &self.moved
    }
}
