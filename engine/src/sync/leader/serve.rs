//! What a leader does: it answers each follower from where that is in the log.

use uuid::Uuid;

use super::{Following, Pull, Term, log};
use crate::sync::change::{Changes, StreamId};
use crate::sync::marks::{Positions, at, is_about_pruning};
use crate::sync::message::Message;
use crate::sync::outgoing::{self, Outgoing};
use crate::sync::peer::Peer;
use crate::sync::session::{ANSWER_MS, Post, Session, SessionError};

impl Following {
    /// These changes come from there.
    pub(in crate::sync) fn brings(&mut self, changes: &Changes) {
        raise(&mut self.brought, changes.ends());
    }
}

/// Whoever has these has at least that much more.
pub(super) fn raise(positions: &mut Positions, more: impl IntoIterator<Item = (StreamId, i64)>) {
    for (stream, position) in more {
        let known = positions.entry(stream).or_insert(position);
        *known = position.max(*known);
    }
}

impl Session {
    /// A follower says where it is.
    pub(in crate::sync) async fn pulled(
        &self,
        from: Uuid,
        peer: &mut Peer,
        term: Term,
        (generation, position): (i64, Option<i64>),
        positions: Positions,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        self.told(term).await?;
        let (known, _) = self.term().await?;
        if term < known || known.leader() != Some(self.replica.device) {
            post.push((from, Message::Stale { term: known }));
            return Ok(());
        }
        let pull = Pull { term, generation, position, positions };
        if peer.following.pull.as_ref() == Some(&pull) {
            // Said twice, while the answer is on its way.
            if peer.following.awaited.is_some() {
                return Ok(());
            }
        } else {
            match pull.position {
                // Only now does it say all that it has: it may be less than it was.
                None => {
                    peer.following.brought.clear();
                    peer.has(pull.positions.clone());
                    peer.is_unsaved = true;
                    peer.following.pull = Some(pull);
                }
                Some(_) => {
                    peer.following.pull = Some(pull);
                    let mut at = self.place_of(peer).await?.unwrap_or_default();
                    let has = peer.positions.as_ref();
                    at.retain(|stream, at| has.and_then(|has| has.get(stream)).is_none_or(|has| has < at));
                    peer.has_also(at);
                }
            }
        }
        peer.following.awaited = None;
        self.serve(from, peer, false, post).await
    }

    /// What a follower has, at least. `None`: it has not said where it is, or the log does not go back so far.
    async fn place_of(&self, peer: &Peer) -> Result<Option<Positions>, SessionError> {
        let Some(pull) = &peer.following.pull else { return Ok(None) };
        let mut positions = match pull.position {
            None => Positions::new(),
            Some(sequence) => {
                match log::positions_at(&self.db.reader, &self.transactions.kept().await?, sequence).await? {
                    Some(positions) => positions,
                    None => return Ok(None),
                }
            }
        };
        positions.extend(pull.positions.clone());
        raise(&mut positions, peer.following.brought.clone());
        Ok(Some(positions))
    }

    /// Sends a follower what comes after its place in the log; with `always`, also if that is nothing, so that it hears of its leader.
    pub(in crate::sync) async fn serve(
        &self,
        id: Uuid,
        peer: &mut Peer,
        always: bool,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        let now_ms = self.replica.clock.now_ms();
        let (term, _) = self.term().await?;
        let Some(pull) = peer.following.pull.as_ref().filter(|pull| pull.term == term) else {
            if always {
                peer.following.told = Some(now_ms);
                let (sequence, is_all, changes) = Default::default();
                post.push((id, Message::Led { term, generation: 0, sequence, is_all, changes }));
            }
            return Ok(());
        };
        let (generation, position) = (pull.generation, pull.position);
        if peer.following.awaited.is_some() && !always {
            return Ok(());
        }
        let Some(mut has) = self.place_of(peer).await? else {
            peer.following.pull = None;
            post.push((id, Message::Lost {}));
            return Ok(());
        };
        let kept = self.transactions.kept().await?;
        let lacks = |(stream, here): (&StreamId, &i64)| {
            let from = at(&has, stream);
            (from < *here && !is_about_pruning(&stream.0)).then(|| (stream.clone(), from, 0))
        };
        let lacks: Vec<_> = kept.positions.iter().filter_map(lacks).collect();
        let changes = match outgoing::next(&self.transactions, &self.replica, &has, &lacks).await? {
            Outgoing::Nothing if !always => return Ok(()),
            Outgoing::Nothing => Changes::default(),
            Outgoing::Changes { changes, .. } => changes,
            Outgoing::Behind => {
                // It pulls again when it has fetched what it needs.
                peer.following.pull = None;
                peer.following.told = Some(now_ms);
                post.push((id, Message::Behind {}));
                return Ok(());
            }
        };
        raise(&mut has, changes.ends());
        let (sequence, is_all) = log::covered(&self.db.reader, &kept, position, &has).await?;
        peer.following.told = Some(now_ms);
        let wait_ms = ANSWER_MS + 2 * changes.count() as u64;
        peer.following.awaited = (!changes.is_empty()).then_some((now_ms, wait_ms));
        post.push((id, Message::Led { term, generation, sequence, is_all, changes }));
        Ok(())
    }

    /// Lets followers hear of this leader.
    pub(super) async fn beat(&self, id: Uuid, peer: &mut Peer, post: &mut Post) -> Result<(), SessionError> {
        let now_ms = self.replica.clock.now_ms();
        let is_over = |since: u64, wait_ms: u64| now_ms.saturating_sub(since) >= wait_ms || since > now_ms;
        let Following { told, awaited, .. } = peer.following;
        if awaited.is_some_and(|(since, wait_ms)| is_over(since, wait_ms)) {
            peer.following.awaited = None;
        }
        // A large message may take its time: its answer is waited for, and nothing is sent twice meanwhile.
        let is_busy = peer.following.awaited.is_some();
        if !is_busy && told.is_none_or(|told| is_over(told, super::HEARTBEAT_MS)) {
            self.serve(id, peer, true, post).await?;
        }
        Ok(())
    }
}
