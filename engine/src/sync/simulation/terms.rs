//! What must hold at any moment of a world in which devices lead, whatever later writes would mend.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::device::Device;
use crate::database::entity::sync_led;
use crate::sync::change::StreamId;
use crate::sync::leader::{State, Term};
use crate::sync::marks::{self, Marks, Positions, is_about_pruning};
use crate::sync::message::Message;
use crate::sync::select;
use crate::sync::session::Post;

/// What was seen of the terms of a world.
#[derive(Debug, Default)]
pub(super) struct Terms {
    /// The log of each term, as far as its leader ever told anybody of it.
    logs: BTreeMap<Term, Log>,
    /// The newest term that each device knew of.
    known: BTreeMap<Uuid, Term>,
    /// Whom a device voted for, by the device, how often the mode was switched, and the epoch.
    votes: BTreeMap<(Uuid, u64, u64), Uuid>,
}

/// The log of a term.
#[derive(Debug, Default)]
struct Log {
    /// Up to where the leader had all streams when it began.
    base: Positions,
    entries: BTreeMap<i64, (StreamId, i64)>,
    /// The furthest place that anybody was told.
    told: i64,
}

impl Log {
    /// Reads on: the leader is about to tell a place.
    async fn read_on(&mut self, leader: &Device, sequence: i64) {
        self.told = self.told.max(sequence);
        let seen = self.entries.last_key_value().map(|(last, _)| *last);
        let db = &leader.db.reader;
        let later = sync_led::Entity::find().filter(sync_led::Column::Sequence.gt(seen.unwrap_or(0)));
        let later = later.order_by_asc(sync_led::Column::Sequence).all(db).await.unwrap();
        if seen.is_none() {
            let before = later.iter().rev().map(|entry| ((entry.stream.clone(), entry.device), entry.after));
            self.base = Marks::load(db).await.unwrap().positions();
            self.base.extend(before);
            self.base.retain(|(stream, _), _| !is_about_pruning(stream));
        }
        for entry in later {
            let stream = (entry.stream, entry.device);
            // What the leader has let go of does not come from it any more, until it gets it again.
            if entry.up_to < entry.after {
                self.base.remove(&stream);
                self.entries.retain(|_, (of, _)| *of != stream);
            }
            self.entries.insert(entry.sequence, (stream, entry.up_to));
        }
    }

    /// Up to where the leader had all streams at this place.
    fn at(&self, sequence: i64) -> Positions {
        let mut positions = self.base.clone();
        positions.extend(self.entries.range(..=sequence).map(|(_, entry)| entry.clone()));
        positions
    }
}

impl Terms {
    /// A device is about to send these: a leader tells places in its log, and votes are given.
    pub(super) async fn sends(&mut self, from: &Device, post: &Post) -> Result<(), String> {
        for (_, message) in post {
            match message {
                Message::Led { term, sequence: Some(sequence), .. } => {
                    self.logs.entry(*term).or_default().read_on(from, *sequence).await;
                }
                Message::Vote { term, given: true, .. } => {
                    let election = (from.id, term.switched, term.epoch);
                    let voted = self.votes.entry(election).or_insert(term.device);
                    if *voted != term.device {
                        return Err(format!(
                            "{} votes for {voted} and in the same epoch for {term:?}",
                            from.id
                        ));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What a device has before it reads a message, if that is of a leader that it knows to be deposed.
    pub(super) async fn before(&self, device: &Device, message: &Message) -> Option<(Term, Positions)> {
        let Message::Led { term, .. } = message else { return None };
        if self.known.get(&device.id).is_none_or(|known| known <= term) {
            return None;
        }
        Some((*term, Marks::load(&device.db.reader).await.unwrap().positions()))
    }

    /// What a device has must be what it says of its place, and nothing may have come from a leader that it knew to be deposed: `before`.
    pub(super) async fn hold(
        &mut self,
        device: &Device,
        before: Option<(Term, Positions)>,
        answer: &Post,
    ) -> Result<(), String> {
        let id = device.id;
        let kept = device.transactions.kept().await.unwrap();
        let State { term, position, .. } = kept.state;
        let known = self.known.insert(id, term).unwrap_or_default();
        if term < known {
            return Err(format!("{id} knew of {known:?} and goes back to {term:?}"));
        }
        let place = position.filter(|_| term.leader() != Some(id));
        if before.is_none() && place.is_none() {
            return Ok(());
        }
        let positions = Positions::clone(&kept.positions);
        if let Some((old, had)) = before {
            let is_refused = answer.iter().any(|(_, message)| matches!(message, Message::Stale { .. }));
            if !is_refused || positions != had {
                return Err(format!("{id} knows of {known:?} and takes in what was sent in {old:?}"));
            }
        }
        let Some(place) = place else { return Ok(()) };
        let Some(log) = self.logs.get(&term).filter(|log| log.told >= place) else {
            return Err(format!(
                "{id} is at {place} of {term:?}, whose leader has told nobody of that place"
            ));
        };
        let has = select::told(positions, &kept.unwanted);
        for (stream, at) in log.at(place) {
            let has = marks::at(&has, &stream);
            if has < at {
                let why = format!("and has {stream:?} up to {has}, not {at} as the leader had there");
                return Err(format!("{id} is at {place} of {term:?}, {why}"));
            }
        }
        Ok(())
    }
}
