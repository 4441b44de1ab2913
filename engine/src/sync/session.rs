//! The conversations of this device with others. Messages and times go in, messages come out: sockets and timers are elsewhere.
//!
//! One message with changes is on its way to a peer at a time, or two while there is very much to send; the next follows its answer, which says
//! what the peer has. A message that gets lost is made anew after a while from what the peer said last. So whatever is lost, comes twice or
//! comes late, what is sent follows from the tables alone.
//!
//! Devices tell each other whom they hear. What came from one of these is not passed on, unless it does not come there for a while.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::DbErr;
use tokio::sync::{Mutex, watch};
use uuid::Uuid;

use super::backfill;
use super::change::StreamId;
use super::fetch::{self, Before, Page, Stored};
use super::keep::Letting;
use super::kept::Kept;
use super::leader::{Leader, Step, Term, Way};
use super::marks::Positions;
use super::message::{Message, PROTOCOL};
use super::outgoing::{self, Outgoing};
use super::peer::{Backfill, Lacks, Peer, WINDOW};
use super::records::{Incoming, Receipt, Refused};
use super::registry::Registry;
use super::replica::Replica;
use super::select::{self, Unwanted};
use crate::database::Database;
use crate::transaction::TransactionManager;

/// How long to wait for an answer before sending again, in milliseconds.
pub(crate) const ANSWER_MS: u64 = 2_000;
/// How often to say hello to a peer, in milliseconds: it tells what the peer may have missed.
pub(crate) const HELLO_MS: u64 = 10_000;
/// How often a peer is told what has come here from others, in milliseconds.
pub(crate) const TELL_MS: u64 = 1_000;
/// For how long a peer may lack what comes to it from another before it is sent from here, in milliseconds.
pub(crate) const RELAY_MS: u64 = 3_000;

/// Messages to send, in order, and to whom.
pub(crate) type Post = Vec<(Uuid, Message)>;

/// The conversations.
#[derive(Debug)]
pub(crate) struct Session {
    library: String,
    pub(super) replica: Replica,
    pub(super) db: Database,
    pub(super) transactions: Arc<TransactionManager>,
    pub(super) peers: Mutex<BTreeMap<Uuid, Peer>>,
    /// Locked after the peers, if both are.
    pub(super) leader: Mutex<Leader>,
    /// Moves when a peer says something, comes or goes.
    pub(super) activity: watch::Sender<u64>,
    /// What all peers were told is not wanted.
    unwanted: Mutex<Arc<Unwanted>>,
    /// What this device wants to let go of.
    pub(super) letting: Letting,
}

/// What is here while messages are made: read once for all peers.
pub(super) struct Here {
    kept: Kept,
    now_ms: u64,
    /// What was read for peers that lack these, unless it is much.
    read: Vec<(Lacks, Outgoing)>,
    /// The newest term, and whether its leader is heard.
    pub(super) led: (Term, bool),
}

impl Here {
    /// As others are told.
    fn told(&self) -> Arc<Positions> {
        self.kept.told()
    }
}

/// Why a conversation cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum SessionError {
    #[error("it speaks protocol {0}, this engine {PROTOCOL}: update the older of the two")]
    Protocol(u32),
    #[error("it is of another library, {0}")]
    Library(String),
    #[error("it says that it is device {0}, which it is not")]
    Device(Uuid),
    #[error("it was removed from the library")]
    Removed,
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}

impl Session {
    pub(crate) fn new(
        library: String,
        replica: Replica,
        db: Database,
        transactions: Arc<TransactionManager>,
    ) -> Self {
        let activity = watch::Sender::new(0);
        Self {
            library,
            replica,
            db,
            transactions,
            peers: Mutex::default(),
            leader: Mutex::default(),
            activity,
            unwanted: Mutex::default(),
            letting: Letting::default(),
        }
    }

    /// The models that sync.
    pub(super) fn registry(&self) -> Arc<Registry> {
        self.replica.registry.clone()
    }

    /// Moves when a peer says something, comes or goes.
    pub(crate) fn activity(&self) -> watch::Receiver<u64> {
        self.activity.subscribe()
    }

    /// A peer is there: says hello.
    pub(crate) async fn connect(&self, peer: Uuid) -> Result<Post, SessionError> {
        let mut peers = self.peers.lock().await;
        let here = self.here().await?;
        let mut new = Peer::default();
        let hears = hears(&peers);
        let hello = self.hello(&here, hears, &mut new, true);
        peers.insert(peer, new);
        Ok(vec![(peer, hello)])
    }

    /// A peer is gone: what it said last is written down, and the others are told.
    pub(crate) async fn disconnect(&self, peer: Uuid) -> Result<Post, SessionError> {
        self.leader.lock().await.left(peer);
        let mut peers = self.peers.lock().await;
        self.activity.send_modify(|count| *count += 1);
        let Some(gone) = peers.remove(&peer) else { return Ok(Post::new()) };
        if let Some(positions) = gone.positions.filter(|_| gone.is_unsaved) {
            self.transactions.acknowledge(vec![(peer, positions)]).await?;
        }
        Ok(tell_whom_is_heard(&peers))
    }

    /// Answers a message.
    pub(crate) async fn handle(&self, from: Uuid, message: Message) -> Result<Post, SessionError> {
        let mut peers = self.peers.lock().await;
        self.activity.send_modify(|count| *count += 1);
        let mut here = self.here().await?;
        if here.kept.removed.contains(&from) {
            return Err(SessionError::Removed);
        }
        let mut post = Post::new();
        match message {
            Message::Hello { protocol, library, device, answer, hears: theirs, positions, term, is_led } => {
                if protocol != PROTOCOL {
                    return Err(SessionError::Protocol(protocol));
                }
                if library != self.library {
                    return Err(SessionError::Library(library));
                }
                if device != from {
                    return Err(SessionError::Device(device));
                }
                self.transactions.acknowledge(vec![(from, positions.clone())]).await?;
                let peer = peers.entry(from).or_default();
                let is_new = peer.positions.is_none();
                self.go_on(from, peer, &positions, &mut post).await?;
                // What is on its way is answered, or sent again in a while: a greeting is no reason to send it twice.
                peer.has(positions);
                (peer.hears, peer.is_unsaved) = (theirs, false);
                self.greeted(from, peer, (term, is_led), &mut post).await?;
                here.led = self.term().await?;
                let heard = hears(&peers);
                let peer = peers.entry(from).or_default();
                if answer {
                    post.push((from, self.hello(&here, heard, peer, false)));
                }
                self.push(&mut here, from, peer, &mut post).await?;
                if is_new {
                    post.extend(tell_whom_is_heard(&peers));
                }
            }
            Message::Hears { devices } => {
                let peer = peers.entry(from).or_default();
                peer.hears = devices;
                self.push(&mut here, from, peer, &mut post).await?;
            }
            Message::Changes { changes } => {
                let streams = changes.streams();
                let peer = peers.entry(from).or_default();
                peer.sent_here(&changes);
                peer.following.brings(&changes);
                let receipt = self.transactions.receive(Incoming::Changes(changes)).await?;
                overtake(&mut peers, None, &receipt);
                self.received(&mut here, from, &mut peers, &streams, receipt, &mut post).await?;
            }
            Message::Ack { positions } => {
                let peer = peers.entry(from).or_default();
                peer.answers(positions, here.now_ms);
                self.push(&mut here, from, peer, &mut post).await?;
            }
            Message::Have { positions } => {
                let peer = peers.entry(from).or_default();
                peer.has_also(positions);
                self.push(&mut here, from, peer, &mut post).await?;
            }
            Message::Missing { rows } => {
                post.push((from, backfill::find(&self.db.reader, &self.replica, &rows).await?));
            }
            Message::Found { owned, shared } => {
                let receipt = self.transactions.receive(Incoming::Found(owned, shared)).await?;
                overtake(&mut peers, None, &receipt);
                report(from, &receipt.refused);
            }
            Message::Behind {} => {
                self.lost(from).await?;
                let peer = peers.entry(from).or_default();
                if peer.backfill.is_none() {
                    peer.backfill = Some(Backfill::new(here.now_ms));
                    post.push((from, Message::Backfill { after: None }));
                }
            }
            Message::Backfill { after } => {
                // What is not wanted there is not sent; what is not wanted here may not be whole.
                let theirs = peers.get(&from).and_then(|peer| peer.positions.as_ref());
                let mut without = theirs.map(select::left_out).unwrap_or_default();
                without.extend(here.kept.unwanted.models.iter().map(|model| (*model).to_owned()));
                post.push((from, backfill::page(&self.transactions, &self.replica, after, &without).await?));
            }
            Message::Rows { after, changes, links, positions, next, total } => {
                let peer = peers.entry(from).or_default();
                let Some((first, adopt)) = peer.next_page(&after, &positions, next.is_none()) else {
                    return Ok(post);
                };
                let page = Page { peer: from, next: next.clone(), total };
                let rows = Incoming::Rows { page, changes, links, positions, first, adopt };
                self.rows(&mut here, from, &mut peers, rows, next, &mut post).await?;
            }
            Message::Led { term, generation, sequence, is_all, changes } => {
                let step = Step { term, generation, sequence, is_all };
                self.led(&mut here, from, &mut peers, step, changes, &mut post).await?;
            }
            Message::Pull { term, generation, position, positions } => {
                let peer = peers.entry(from).or_default();
                self.pulled(from, peer, term, (generation, position), positions, &mut post).await?;
            }
            Message::Lost {} => {
                self.lost(from).await?;
                self.pull(from, peers.get(&from), &mut post).await?;
            }
            Message::Stale { term } => self.told(term).await?,
            Message::Elect { term } => self.asked(from, term, &mut post).await?,
            Message::Vote { term, given, epoch } => self.voted(from, term, given, epoch).await?,
            Message::Keep { model, round } => {
                let keeps = self.keeps(&model).await?;
                post.extend(keeps.map(|positions| (from, Message::Kept { model, round, positions })));
            }
            Message::Kept { model, round, positions } => self.kept_there(&model, round, positions),
        }
        Ok(post)
    }

    /// Goes on with a fetch of all shared rows that was broken off, in this run or an earlier one.
    async fn go_on(
        &self,
        from: Uuid,
        peer: &mut Peer,
        theirs: &Positions,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        if peer.backfill.is_some() {
            return Ok(());
        }
        match fetch::before(&self.db.reader, &self.transactions.kept().await?, from, theirs).await? {
            Before::Nothing => {}
            Before::Over => {
                self.transactions.forget_fetch(from).await?;
            }
            Before::GoesOn(Stored { positions, after, is_overtaken }) => {
                let (positions, asked) = (Some(positions), self.replica.clock.now_ms());
                peer.backfill = Some(Backfill { positions, after: Some(after.clone()), asked, is_overtaken });
                post.push((from, Message::Backfill { after: Some(after) }));
            }
        }
        Ok(())
    }

    /// Something was written here: sends it to all who wait for nothing else.
    pub(crate) async fn changed(&self) -> Result<Post, SessionError> {
        let mut peers = self.peers.lock().await;
        let mut post = Post::new();
        let mut here = self.here().await?;
        let mut told = self.unwanted.lock().await;
        if *told != here.kept.unwanted {
            told.clone_from(&here.kept.unwanted);
            let heard = hears(&peers);
            for (id, peer) in peers.iter_mut() {
                post.push((*id, self.hello(&here, heard.clone(), peer, false)));
            }
        }
        for (id, peer) in peers.iter_mut() {
            self.push(&mut here, *id, peer, &mut post).await?;
        }
        Ok(post)
    }

    /// Time has passed: sends again what was not answered, and tells now and then what is here.
    pub(crate) async fn tick(&self) -> Result<Post, SessionError> {
        let mut peers = self.peers.lock().await;
        let mut here = self.here().await?;
        let now_ms = here.now_ms;
        let is_over = |since: u64, wait_ms: u64| now_ms.saturating_sub(since) >= wait_ms || since > now_ms;
        let mut post = Post::new();
        let heard = hears(&peers);
        let (told, mut unsaved) = (here.told(), Vec::new());
        for (id, peer) in peers.iter_mut() {
            if peer.hello.is_none_or(|said| is_over(said, HELLO_MS)) {
                post.push((*id, self.hello(&here, heard.clone(), peer, true)));
            } else if is_over(peer.told_ms, TELL_MS) {
                let positions = peer.tell(&told, &BTreeSet::new(), now_ms);
                if !positions.is_empty() {
                    post.push((*id, Message::Have { positions }));
                }
            }
            if peer.is_overdue(is_over) {
                peer.give_up();
                self.push(&mut here, *id, peer, &mut post).await?;
            } else if peer.is_held(is_over) {
                self.push(&mut here, *id, peer, &mut post).await?;
            }
            if let Some(fetching) =
                peer.backfill.as_mut().filter(|fetching| is_over(fetching.asked, ANSWER_MS))
            {
                fetching.asked = now_ms;
                post.push((*id, Message::Backfill { after: fetching.after.clone() }));
            }
            if std::mem::take(&mut peer.is_unsaved) {
                unsaved.extend(peer.positions.clone().map(|positions| (*id, positions)));
            }
        }
        if !unsaved.is_empty() {
            self.transactions.acknowledge(unsaved).await?;
        }
        self.ask_to_keep(&here.kept.positions, &peers, &mut post);
        self.lead_on(&mut here, &mut peers, &mut post).await?;
        Ok(post)
    }

    /// Sends a peer what it does not have, unless it is still busy with something.
    pub(super) async fn push(
        &self,
        here: &mut Here,
        id: Uuid,
        peer: &mut Peer,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        // The channel may outlive the removal by a moment.
        if here.kept.removed.contains(&id) {
            return Ok(());
        }
        match self.way(id, peer).await? {
            Way::Sent => {}
            Way::Pulled => return self.serve(id, peer, false, post).await,
            Way::ByLeader => return Ok(()),
        }
        for _ in 0..WINDOW {
            let lacks = peer.lacks(self.replica.device, &here.kept.positions, here.now_ms);
            let Some(theirs) = peer.is_at().filter(|_| !lacks.is_empty()) else { return Ok(()) };
            let known = here.read.iter().find(|(of, _)| *of == lacks).map(|(_, outgoing)| outgoing.clone());
            let outgoing = match known {
                Some(outgoing) => outgoing,
                None => {
                    let outgoing = outgoing::next(&self.transactions, &self.replica, theirs, &lacks).await?;
                    if outgoing.is_small() {
                        here.read.push((lacks, outgoing.clone()));
                    }
                    outgoing
                }
            };
            match outgoing {
                Outgoing::Nothing => return Ok(()),
                Outgoing::Changes { changes, is_more } => {
                    peer.sent(&changes, is_more, here.now_ms);
                    post.push((id, Message::Changes { changes }));
                }
                Outgoing::Behind => {
                    peer.told(here.now_ms);
                    post.push((id, Message::Behind {}));
                }
            }
        }
        Ok(())
    }

    /// Says what is here now, asks for what is missing, and sends what came on to the others.
    async fn received(
        &self,
        here: &mut Here,
        from: Uuid,
        peers: &mut BTreeMap<Uuid, Peer>,
        streams: &BTreeSet<StreamId>,
        receipt: Receipt,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        report(from, &receipt.refused);
        self.look_again(here).await?;
        let peer = peers.entry(from).or_default();
        let positions = peer.tell(&here.told(), streams, here.now_ms);
        post.push((from, Message::Ack { positions }));
        if !receipt.missing.is_empty() {
            let rows: Vec<_> = receipt.missing.into_iter().collect();
            post.push((from, Message::Missing { rows }));
        }
        if receipt.is_news {
            for (id, peer) in peers.iter_mut() {
                self.push(here, *id, peer, post).await?;
            }
        }
        Ok(())
    }

    /// Takes in a page of all shared rows; after the last one, the log goes on from where the first one was.
    async fn rows(
        &self,
        here: &mut Here,
        from: Uuid,
        peers: &mut BTreeMap<Uuid, Peer>,
        rows: Incoming,
        next: Option<(String, String)>,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        let receipt = self.transactions.receive(rows).await?;
        overtake(peers, Some(from), &receipt);
        let Some(peer) = peers.get_mut(&from) else { return Ok(()) };
        let Some(fetching) = peer.backfill.as_mut() else { return Ok(()) };
        let now_ms = here.now_ms;
        if !receipt.refused.is_empty() {
            // Begins anew when there is no answer: nothing may be left out.
            *fetching = Backfill::new(now_ms);
            report(from, &receipt.refused);
            return Ok(());
        }
        match next {
            Some(after) => {
                (fetching.after, fetching.asked) = (Some(after.clone()), now_ms);
                post.push((from, Message::Backfill { after: Some(after) }));
                Ok(())
            }
            None => {
                peer.backfill = None;
                self.received(here, from, peers, &BTreeSet::new(), receipt, post).await?;
                self.pull(from, peers.get(&from), post).await
            }
        }
    }

    async fn here(&self) -> Result<Here, SessionError> {
        let (led, now_ms) = (self.term().await?, self.replica.clock.now_ms());
        Ok(Here { kept: self.transactions.kept().await?, now_ms, read: Vec::new(), led })
    }

    /// Something came: looks again up to where all is here.
    pub(super) async fn look_again(&self, here: &mut Here) -> Result<(), DbErr> {
        here.kept = self.transactions.kept().await?;
        Ok(())
    }

    pub(super) fn hello(&self, here: &Here, hears: BTreeSet<Uuid>, peer: &mut Peer, answer: bool) -> Message {
        let told = here.told();
        peer.tell_all(&told, here.now_ms);
        let positions = Positions::clone(&told);
        let (library, device) = (self.library.clone(), self.replica.device);
        let (term, is_led) = here.led;
        Message::Hello { protocol: PROTOCOL, library, device, answer, hears, positions, term, is_led }
    }
}

/// The devices that are here and have said what they have.
pub(super) fn hears(peers: &BTreeMap<Uuid, Peer>) -> BTreeSet<Uuid> {
    peers.iter().filter(|(_, peer)| peer.positions.is_some()).map(|(id, _)| *id).collect()
}

fn tell_whom_is_heard(peers: &BTreeMap<Uuid, Peer>) -> Post {
    let devices = hears(peers);
    let told = devices.iter().map(|id| (*id, Message::Hears { devices: devices.clone() }));
    told.collect()
}

/// Notes makings of links that did not come with the pages of `page_of`, for all rows that are being fetched.
pub(super) fn overtake(peers: &mut BTreeMap<Uuid, Peer>, page_of: Option<Uuid>, receipt: &Receipt) {
    let others = peers.iter_mut().filter(|(id, _)| Some(**id) != page_of);
    for fetching in others.filter_map(|(_, peer)| peer.backfill.as_mut()) {
        let Some(first) = &fetching.positions else { continue };
        fetching.is_overtaken |= fetch::is_overtaken(first, &receipt.made);
    }
}

pub(super) fn report(from: Uuid, refused: &[Refused]) {
    for why in refused {
        tracing::warn!(%from, %why, "changes of another device are not taken in");
    }
}
