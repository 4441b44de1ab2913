//! From one term to the next, on purpose or because another device told of it.

use sea_orm::{DbErr, EntityTrait, TransactionTrait};
use serde::Serialize;
use uuid::Uuid;

use super::{Leader, State, Term, log};
use crate::database::entity::removed_device;
use crate::sync::session::{Session, SessionError};

/// Why another device does not lead now.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeadError {
    /// Only the leader hands over.
    #[error("{}", not_leading(.0))]
    NotLeading(Option<Uuid>),
    /// It cannot be told.
    #[error("device {0} is not connected: bring it online first")]
    NotConnected(Uuid),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}

fn not_leading(leader: &Option<Uuid>) -> String {
    match leader {
        Some(leader) => format!("device {leader} leads: hand over there, or let this device lead"),
        None => "no device leads this library: let one lead first".to_owned(),
    }
}

impl LeadError {
    /// The stable name of the reason.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotLeading(_) => "lead.not_leading",
            Self::NotConnected(_) => "lead.not_connected",
            Self::Database(_) => "lead.database",
        }
    }
}

impl From<SessionError> for LeadError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Database(error) => Self::Database(error),
            other => Self::Database(DbErr::Custom(other.to_string())),
        }
    }
}

/// Who leads a library, as one device knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Leadership {
    /// The device that leads; nobody, if devices talk to each other without a leader.
    pub leader: Option<Uuid>,
    /// Counts the leaders, from 1, since a device was told to lead.
    pub epoch: u64,
    /// Whether the device that says this leads itself.
    pub is_self: bool,
    /// Whether the leader was heard within the last ten seconds, or is the device that says this.
    pub is_heard: bool,
}

impl Session {
    /// From now on this device leads.
    pub(crate) async fn lead(&self) -> Result<(), LeadError> {
        let mut leader = self.leader.lock().await;
        let state = State::load(&self.db.reader).await?;
        let term = state.term.max(state.promised).led_by(self.replica.device);
        self.turn_to(&mut leader, term).await?;
        Ok(())
    }

    /// Lets another device lead in place of this one. To hand over to itself is nothing to do.
    pub(crate) async fn hand_over(&self, to: Uuid) -> Result<(), LeadError> {
        let is_there = self.peers.lock().await.get(&to).is_some_and(|peer| peer.positions.is_some());
        let mut leader = self.leader.lock().await;
        let state = State::load(&self.db.reader).await?;
        if state.term.leader() != Some(self.replica.device) {
            return Err(LeadError::NotLeading(state.term.leader()));
        }
        if to == self.replica.device {
            return Ok(());
        }
        if !is_there || removed_device::Entity::find_by_id(to).one(&self.db.reader).await?.is_some() {
            return Err(LeadError::NotConnected(to));
        }
        self.turn_to(&mut leader, state.term.max(state.promised).led_by(to)).await?;
        Ok(())
    }

    /// From now on no device leads.
    pub(crate) async fn lead_no_more(&self) -> Result<(), LeadError> {
        let mut leader = self.leader.lock().await;
        let term = State::load(&self.db.reader).await?.term;
        if let Some(term) = term.off(self.replica.device) {
            self.turn_to(&mut leader, term).await?;
        }
        Ok(())
    }

    /// Who leads, as far as is known here.
    pub(crate) async fn leadership(&self) -> Result<Leadership, LeadError> {
        // What a device is just saying counts.
        drop(self.peers.lock().await);
        let (term, hears) = self.term().await?;
        let leader = term.leader();
        let is_self = leader == Some(self.replica.device);
        Ok(Leadership { leader, epoch: term.epoch, is_self, is_heard: leader.is_some() && hears })
    }

    /// Which device leads, as far as is known here.
    pub(crate) async fn leader_now(&self) -> Result<Option<Uuid>, DbErr> {
        Ok(self.transactions.kept().await?.state.term.leader())
    }

    /// Goes over to a greater term: what was known of the last one is void. If this device leads in it, its log begins.
    pub(super) async fn turn_to(&self, leader: &mut Leader, term: Term) -> Result<(), SessionError> {
        let mut private = self.transactions.privately().await;
        let tx = private.db.begin().await?;
        let state = State::load(&tx).await?;
        if term <= state.term {
            tx.rollback().await?;
            private.only(|_| ());
            leader.term = Some(state.term);
            return Ok(());
        }
        let position = None;
        #[cfg(test)]
        let position = match self.replica.planted {
            Some(crate::sync::simulation::Bug::AcceptStaleEpoch) => state.position,
            _ => position,
        };
        let state = State { term, generation: 0, position, ..state };
        state.save(&tx).await?;
        log::restart(&tx).await?;
        tx.commit().await?;
        private.only(|kept| (kept.state, kept.led) = (state, None));
        self.replica.leads.set(term.leader() == Some(self.replica.device));
        drop(private);
        tracing::info!(leader = ?term.leader(), epoch = term.epoch, "who leads the library has changed");
        self.activity.send_modify(|count| *count += 1);
        let looked_ms = leader.looked_ms;
        *leader = Leader { term: Some(term), looked_ms, tells: true, ..Leader::default() };
        Ok(())
    }
}
