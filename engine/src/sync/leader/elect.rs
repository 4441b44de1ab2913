//! Time passes: a leader lets itself be heard, and who hears none wants to lead.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{DbErr, EntityTrait, TransactionTrait};
use uuid::Uuid;

use super::{Leader, MOST_MS, SILENCE_MS, STAGGER_MS, State, Term};
use crate::database::entity::{device, removed_device};
use crate::sync::message::Message;
use crate::sync::peer::Peer;
use crate::sync::session::{Here, Post, Session, SessionError, hears};

impl Session {
    /// Lets followers hear of this leader, or notes for how long nothing was heard of another.
    pub(in crate::sync) async fn lead_on(
        &self,
        here: &mut Here,
        peers: &mut BTreeMap<Uuid, Peer>,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        let own = self.replica.device;
        let mut leader = self.leader.lock().await;
        let leads = self.term_of(&mut leader).await?.leader();
        leader.time_passes(self.replica.clock.now_ms());
        if leads.is_some_and(|leads| leads != own) && leader.silent_ms >= SILENCE_MS {
            leader.tells |= leader.hears;
            leader.hears = false;
            let members = self.members().await?;
            let place = members.iter().position(|member| *member == own).unwrap_or(members.len());
            if leader.silent_ms >= SILENCE_MS + STAGGER_MS * place as u64 {
                self.stand(&mut leader, members.len(), peers, post).await?;
            }
        }
        let tells = std::mem::take(&mut leader.tells);
        drop(leader);
        here.led = self.term().await?;
        let heard = hears(peers);
        for (id, peer) in peers.iter_mut() {
            if tells {
                post.push((*id, self.hello(here, heard.clone(), peer, false)));
            }
            if leads == Some(own) {
                self.beat(*id, peer, post).await?;
            }
        }
        Ok(())
    }

    /// Wants to lead, and asks all others whether they agree.
    async fn stand(
        &self,
        leader: &mut Leader,
        members: usize,
        peers: &BTreeMap<Uuid, Peer>,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        leader.wait_for_votes();
        let mut private = self.transactions.privately().await;
        let state = State::load(private.db).await?;
        let mut term = state.term.max(state.promised);
        term.epoch = term.epoch.max(leader.voted_in);
        let promised = term.led_by(self.replica.device);
        State { promised, ..state }.save(private.db).await?;
        private.only(|kept| kept.state.promised = promised);
        drop(private);
        leader.wanted = Some((promised, BTreeSet::from([self.replica.device])));
        for id in peers.keys() {
            post.push((*id, Message::Elect { term: promised }));
        }
        self.count(leader, members).await
    }

    /// A device wants to lead.
    pub(in crate::sync) async fn asked(
        &self,
        from: Uuid,
        term: Term,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        let mut leader = self.leader.lock().await;
        let known = self.term_of(&mut leader).await?;
        if term <= known {
            post.push((from, Message::Stale { term: known }));
            return Ok(());
        }
        // Who hears its leader has no reason to want another, and whoever switched the mode must have said so first.
        let is_content = leader.hears || leader.leads(self.replica.device);
        let is_possible = term.switched == known.switched && term.leader() == Some(from) && !is_content;
        let mut private = self.transactions.privately().await;
        let tx = private.db.begin().await?;
        let state = State::load(&tx).await?;
        let is_free = state.promised < term && !state.promised.is_same_epoch(&term);
        let given = is_possible && (is_free || state.promised == term);
        if given {
            State { promised: term, ..state }.save(&tx).await?;
            leader.wait_for_votes();
        }
        tx.commit().await?;
        private.only(|kept| {
            if given {
                kept.state.promised = term;
            }
        });
        post.push((from, Message::Vote { term, given, epoch: state.promised.epoch }));
        Ok(())
    }

    /// A device answered whether it agrees.
    pub(in crate::sync) async fn voted(
        &self,
        from: Uuid,
        term: Term,
        given: bool,
        epoch: u64,
    ) -> Result<(), SessionError> {
        let mut leader = self.leader.lock().await;
        leader.voted_in = leader.voted_in.max(epoch);
        let members = self.members().await?;
        match &mut leader.wanted {
            Some((wanted, voters)) if *wanted == term && given && members.contains(&from) => {
                voters.insert(from);
            }
            _ => return Ok(()),
        }
        self.count(&mut leader, members.len()).await
    }

    /// Leads from now on if more than half of all devices agree.
    async fn count(&self, leader: &mut Leader, members: usize) -> Result<(), SessionError> {
        match &leader.wanted {
            Some((term, voters)) if voters.len() * 2 > members => self.turn_to(leader, *term).await,
            _ => Ok(()),
        }
    }

    /// The devices of the library that are known here, in order.
    async fn members(&self) -> Result<Vec<Uuid>, DbErr> {
        let db = &self.db.reader;
        let removed: BTreeSet<Uuid> =
            removed_device::Entity::find().all(db).await?.into_iter().map(|row| row.device_id).collect();
        let known = device::Entity::find().all(db).await?.into_iter().map(|row| row.id);
        let mut members: Vec<Uuid> = known.filter(|id| !removed.contains(id)).collect();
        members.sort();
        Ok(members)
    }
}

impl Leader {
    fn time_passes(&mut self, now_ms: u64) {
        let passed = self.looked_ms.map_or(0, |looked| now_ms.saturating_sub(looked));
        self.silent_ms = self.silent_ms.saturating_add(passed.min(MOST_MS));
        self.looked_ms = Some(now_ms);
    }

    /// Gives an election time before the next one.
    fn wait_for_votes(&mut self) {
        self.silent_ms = SILENCE_MS / 2;
    }
}
