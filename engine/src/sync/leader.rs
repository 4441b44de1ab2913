//! One device leads: all others give it what they have written, and get from it what everybody wrote, so that a change goes to each
//! device once. What the changes are and how they merge is as without a leader.
//!
//! ```text
//!  follower ──▶ changes ──▶ leader ──▶ its log: 1, 2, 3 … in the transaction that writes them
//!      ▲                                 │
//!      └──── led: what comes after ◀─────┘◀──── pull: I am at 17 of your log
//! ```
//!
//! A leader leads in a term, and all that it says carries it. Who has heard of a greater term refuses it and says so, which is how a
//! leader learns that it was deposed. A device that hears nothing of its leader for a while asks all others to vote for it; more than half
//! of the devices of the library must. Who hears no leader talks to all others as if there were none.

mod elect;
mod follow;
mod log;
mod serve;
mod state;
mod term;
mod turn;

use std::collections::BTreeSet;

use uuid::Uuid;

pub(super) use follow::Step;
pub(super) use log::ends as ends_of_log;
pub(crate) use log::{Leads, append};
pub(crate) use state::{Place, State, give_up, reach};
pub(crate) use term::Term;
pub use turn::{LeadError, Leadership};

use super::marks::Positions;
use super::peer::Peer;
use super::session::{Session, SessionError};

/// How often a leader lets each follower hear of it, in milliseconds.
pub(crate) const HEARTBEAT_MS: u64 = 2_000;
/// For how long a leader may be silent before somebody else wants to lead, in milliseconds.
pub(crate) const SILENCE_MS: u64 = 10_000;
/// How much longer each next device waits, so that they do not all want to at once.
const STAGGER_MS: u64 = 1_500;
/// The most that counts as passed between two looks at the clock: a device that slept, or whose clock was set, has not been listening.
const MOST_MS: u64 = 5_000;

/// What this device knows of its leader since it started.
#[derive(Debug, Default)]
pub(crate) struct Leader {
    /// As in the database, once it was read.
    term: Option<Term>,
    /// Whether the leader of the term was heard lately.
    hears: bool,
    /// Whether the leader does without some of what syncs: that does not come from it.
    is_partial: bool,
    /// For how long nothing was heard of a leader.
    silent_ms: u64,
    looked_ms: Option<u64>,
    beyond: Beyond,
    /// The term that this device wants to lead in, and who agrees.
    wanted: Option<(Term, BTreeSet<Uuid>)>,
    /// The greatest epoch that others said they voted in.
    voted_in: u64,
    /// All are to be told.
    tells: bool,
}

/// What is here beyond the position in the leader's log. It holds for one generation of positions: with the next, a stream may be further back.
#[derive(Debug, Default)]
struct Beyond {
    of: (Term, i64),
    positions: Positions,
}

impl Beyond {
    fn of(&mut self, term: Term, generation: i64) -> &mut Positions {
        if self.of != (term, generation) {
            *self = Self { of: (term, generation), positions: Positions::new() };
        }
        &mut self.positions
    }
}

/// What a peer said about leading.
#[derive(Debug, Default)]
pub(crate) struct Following {
    /// The newest term it has told.
    term: Term,
    /// Whether it hears the leader of it, or is the leader.
    hears: bool,
    /// Where it is in the log of this device, if this one leads.
    pull: Option<Pull>,
    /// What it has because it comes from there.
    brought: Positions,
    /// When it was last let hear of this leader.
    told: Option<u64>,
    /// Since when it has not said where changes got it to, and how long that may take.
    awaited: Option<(u64, u64)>,
}

/// Where a follower is.
#[derive(Debug, Clone, PartialEq)]
struct Pull {
    term: Term,
    generation: i64,
    position: Option<i64>,
    /// All positions, or those that are beyond the one in the log.
    positions: Positions,
}

/// How changes go to a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It is sent what it does not have.
    Sent,
    /// It follows this device and pulls.
    Pulled,
    /// It gets them from the leader.
    ByLeader,
}

impl Session {
    /// How changes go to a peer. Who does not hear the leader is sent them by all, as if there were none.
    pub(super) async fn way(&self, to: Uuid, peer: &Peer) -> Result<Way, SessionError> {
        let mut leader = self.leader.lock().await;
        let term = self.term_of(&mut leader).await?;
        let theirs = &peer.following;
        let both_hear = leader.hears && !leader.is_partial && theirs.hears && theirs.term == term;
        Ok(match term.leader() {
            Some(leader) if leader == self.replica.device => Way::Pulled,
            Some(leader) if leader != to && both_hear => Way::ByLeader,
            _ => Way::Sent,
        })
    }
}

impl Leader {
    fn leads(&self, own: Uuid) -> bool {
        self.term.is_some_and(|term| term.leader() == Some(own))
    }

    /// A device is not connected any more. If it leads, the others are talked to from now on; it may be back before somebody else leads.
    pub(super) fn left(&mut self, peer: Uuid) {
        if self.leads(peer) {
            self.tells |= self.hears;
            self.hears = false;
        }
    }

    /// Something was heard of the leader.
    fn heard(&mut self) {
        self.tells |= !self.hears;
        self.hears = true;
        self.silent_ms = 0;
        self.wanted = None;
    }
}
