//! What a follower does: it takes in what its leader sends, and says where it is.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Leader, Place, State, Term, give_up};
use crate::sync::change::Changes;
use crate::sync::marks::Positions;
use crate::sync::message::Message;
use crate::sync::peer::Peer;
use crate::sync::records::Incoming;
use crate::sync::select;
use crate::sync::session::{Here, Post, Session, SessionError, overtake, report};

/// Where what a leader sends gets its follower to in the log.
#[derive(Debug, Clone, Copy)]
pub(in crate::sync) struct Step {
    pub(in crate::sync) term: Term,
    pub(in crate::sync) generation: i64,
    pub(in crate::sync) sequence: Option<i64>,
    pub(in crate::sync) is_all: bool,
}

impl Session {
    /// A device that leads, or led, sends what comes next in its log.
    pub(in crate::sync) async fn led(
        &self,
        here: &mut Here,
        from: Uuid,
        peers: &mut BTreeMap<Uuid, Peer>,
        step: Step,
        changes: Changes,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        let Step { term, generation, mut sequence, is_all } = step;
        let mut leader = self.leader.lock().await;
        let known = self.term_of(&mut leader).await?;
        if term > known {
            self.turn_to(&mut leader, term).await?;
            // No place in the log of this term was ever told from here.
            sequence = None;
        }
        let is_deposed = term < known;
        #[cfg(test)]
        let is_deposed =
            is_deposed && self.replica.planted != Some(crate::sync::simulation::Bug::AcceptStaleEpoch);
        if is_deposed || term.leader() != Some(from) {
            post.push((from, Message::Stale { term: known }));
            return Ok(());
        }
        leader.heard();
        peers.entry(from).or_default().sent_here(&changes);
        let place = sequence.map(|sequence| Place { generation, sequence });
        let receipt = if changes.is_empty() && self.is_there(place).await? {
            Default::default()
        } else {
            let receipt = self.transactions.receive(Incoming::Led { changes, place }).await?;
            let beyond = leader.beyond.of(term, self.transactions.kept().await?.state.generation);
            if is_all && receipt.refused.is_empty() || receipt.begun_anew {
                beyond.clear();
            } else {
                beyond.extend(receipt.reached.clone());
            }
            receipt
        };
        drop(leader);
        overtake(peers, None, &receipt);
        report(from, &receipt.refused);
        if !receipt.missing.is_empty() {
            post.push((from, Message::Missing { rows: receipt.missing.iter().cloned().collect() }));
        }
        // What is refused would be refused again at once: the leader sends it again after a while.
        if receipt.refused.is_empty() || receipt.is_news {
            self.pull(from, peers.get(&from), post).await?;
        }
        if receipt.is_news {
            self.look_again(here).await?;
            for (id, peer) in peers.iter_mut() {
                self.push(here, *id, peer, post).await?;
            }
        }
        Ok(())
    }

    /// Whether this place in the log has been reached.
    async fn is_there(&self, place: Option<Place>) -> Result<bool, SessionError> {
        let Some(Place { generation, sequence }) = place else { return Ok(true) };
        let state = self.transactions.kept().await?.state;
        Ok(state.generation != generation || state.position >= Some(sequence))
    }

    /// Says where this device is in the log of its leader, and so asks for what comes next.
    pub(in crate::sync) async fn pull(
        &self,
        to: Uuid,
        peer: Option<&Peer>,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        let kept = self.transactions.kept().await?;
        let State { term, generation, position, .. } = kept.state;
        let is_fetching = peer.is_some_and(|peer| peer.backfill.is_some());
        if term.leader() != Some(to) || to == self.replica.device || is_fetching {
            return Ok(());
        }
        let positions = match position {
            Some(_) => self.leader.lock().await.beyond.of(term, generation).clone(),
            None => Positions::clone(&kept.positions),
        };
        let positions = select::told(positions, &kept.unwanted);
        post.push((to, Message::Pull { term, generation, position, positions }));
        Ok(())
    }

    /// The leader does not know the place that it was told, or has no log from there on: it is told all positions.
    pub(in crate::sync) async fn lost(&self, from: Uuid) -> Result<(), SessionError> {
        let mut leader = self.leader.lock().await;
        if self.term_of(&mut leader).await?.leader() == Some(from) {
            let mut private = self.transactions.privately().await;
            let state = give_up(private.db).await?;
            private.only(|kept| kept.state = state);
        }
        Ok(())
    }

    /// A peer said hello: it tells of the newest term, and who hears whom.
    pub(in crate::sync) async fn greeted(
        &self,
        from: Uuid,
        peer: &mut Peer,
        (term, hears): (Term, bool),
        post: &mut Post,
    ) -> Result<(), SessionError> {
        (peer.following.term, peer.following.hears) = (term, hears);
        let mut leader = self.leader.lock().await;
        let mut known = self.term_of(&mut leader).await?;
        if term > known {
            self.turn_to(&mut leader, term).await?;
            known = term;
        }
        if term == known && known.leader() == Some(from) {
            leader.heard();
            let has = peer.positions.as_ref();
            leader.is_partial = has.is_some_and(|has| has.values().any(|at| *at == select::NOTHING));
            drop(leader);
            self.pull(from, Some(peer), post).await?;
        }
        Ok(())
    }

    /// Somebody knows of a greater term than the one that was said.
    pub(in crate::sync) async fn told(&self, term: Term) -> Result<(), SessionError> {
        let mut leader = self.leader.lock().await;
        if term > self.term_of(&mut leader).await? {
            self.turn_to(&mut leader, term).await?;
        }
        Ok(())
    }

    /// The newest term.
    pub(super) async fn term_of(&self, leader: &mut Leader) -> Result<Term, SessionError> {
        let term = match leader.term {
            Some(term) => term,
            None => State::load(&self.db.reader).await?.term,
        };
        leader.term = Some(term);
        Ok(term)
    }

    /// The newest term, and whether its leader is heard here.
    pub(in crate::sync) async fn term(&self) -> Result<(Term, bool), SessionError> {
        let mut leader = self.leader.lock().await;
        let term = self.term_of(&mut leader).await?;
        Ok((term, leader.hears || leader.leads(self.replica.device)))
    }
}
