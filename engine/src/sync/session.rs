//! The conversations of this device with others. Messages and times go in, messages come out: sockets and timers are elsewhere.
//!
//! One message with changes is on its way to a peer at a time; the next follows its answer, which says what the peer has. A message that
//! gets lost is made anew after a while from what the peer said last. So whatever is lost, comes twice or comes late, what is
//! sent follows from the tables alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::{DbErr, EntityTrait};
use tokio::sync::{Mutex, watch};
use uuid::Uuid;

use super::backfill;
use super::change::{SHARED, StreamId};
use super::fetch::{self, Before, Page, Stored};
use super::marks::Positions;
use super::message::{Message, PROTOCOL};
use super::outgoing::{self, Outgoing};
use super::records::{Incoming, Receipt, Refused};
use super::replica::Replica;
use super::select;
use crate::database::Database;
use crate::database::entity::removed_device;
use crate::transaction::TransactionManager;

/// How long to wait for an answer before sending again, in milliseconds.
pub(crate) const ANSWER_MS: u64 = 2_000;
/// How often to say hello to a peer, in milliseconds: it tells what the peer may have missed.
pub(crate) const HELLO_MS: u64 = 10_000;

/// Messages to send, in order, and to whom.
pub(crate) type Post = Vec<(Uuid, Message)>;

/// The conversations.
#[derive(Debug)]
pub(crate) struct Session {
    library: String,
    replica: Replica,
    pub(super) db: Database,
    transactions: Arc<TransactionManager>,
    pub(super) peers: Mutex<BTreeMap<Uuid, Peer>>,
    /// Moves when a peer says something, comes or goes.
    activity: watch::Sender<u64>,
    /// Whose files all peers were told are not wanted.
    unwanted: Mutex<BTreeSet<Uuid>>,
}

/// A peer that is there.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// What it has, once it has said so.
    pub(super) positions: Option<Positions>,
    /// Since when an answer to changes is waited for.
    unanswered: Option<u64>,
    /// When it was last told what is here.
    hello: Option<u64>,
    pub(super) backfill: Option<Backfill>,
}

/// All shared rows are being fetched from this peer.
#[derive(Debug)]
pub(super) struct Backfill {
    /// What the peer had at the first page.
    positions: Option<Positions>,
    after: Option<(String, String)>,
    asked: u64,
    /// Whether others brought a making of a link that this peer had at the first page. It may have been undone there, and the page that
    /// said so may have passed before there was anything to undo.
    is_overtaken: bool,
}

impl Backfill {
    fn new(asked: u64) -> Self {
        Self { positions: None, after: None, asked, is_overtaken: false }
    }
}

impl Peer {
    /// Whether a page of rows is the one that is waited for; and if so, the positions of the first page, and whether to adopt
    /// them because it is the last. What changed since then comes by the log, if not by the pages. A page that is older than the first one is a late copy.
    /// Nothing is adopted if others overtook the pages: the peer then says once more that its log does not reach back, if so it is.
    fn next_page(
        &mut self,
        after: &Option<(String, String)>,
        positions: &Positions,
        is_last: bool,
    ) -> Option<(Positions, bool)> {
        let fetching = self.backfill.as_mut().filter(|fetching| fetching.after == *after)?;
        let first = fetching.positions.get_or_insert_with(|| positions.clone());
        let reaches = |(stream, at): (&StreamId, &i64)| positions.get(stream).is_some_and(|now| now >= at);
        // Of rows that devices own, it may begin anew in between.
        let is_current = first.iter().filter(|((stream, _), _)| stream == SHARED).all(reaches);
        is_current.then(|| (first.clone(), is_last && !fetching.is_overtaken))
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
            activity,
            unwanted: Mutex::default(),
        }
    }

    /// Moves when a peer says something, comes or goes.
    pub(crate) fn activity(&self) -> watch::Receiver<u64> {
        self.activity.subscribe()
    }

    /// A peer is there: says hello.
    pub(crate) async fn connect(&self, peer: Uuid) -> Result<Post, SessionError> {
        let mut peers = self.peers.lock().await;
        let hello = self.hello(true).await?;
        let now_ms = self.replica.clock.now_ms();
        peers.insert(peer, Peer { hello: Some(now_ms), ..Peer::default() });
        Ok(vec![(peer, hello)])
    }

    /// A peer is gone.
    pub(crate) async fn disconnect(&self, peer: Uuid) {
        self.peers.lock().await.remove(&peer);
        self.activity.send_modify(|count| *count += 1);
    }

    /// Answers a message.
    pub(crate) async fn handle(&self, from: Uuid, message: Message) -> Result<Post, SessionError> {
        let mut peers = self.peers.lock().await;
        self.activity.send_modify(|count| *count += 1);
        if self.is_removed(from).await? {
            return Err(SessionError::Removed);
        }
        let peer = peers.entry(from).or_default();
        let mut post = Post::new();
        match message {
            Message::Hello { protocol, library, device, answer, positions } => {
                if protocol != PROTOCOL {
                    return Err(SessionError::Protocol(protocol));
                }
                if library != self.library {
                    return Err(SessionError::Library(library));
                }
                if device != from {
                    return Err(SessionError::Device(device));
                }
                self.transactions.acknowledge(from, &positions).await?;
                self.go_on(from, peer, &positions, &mut post).await?;
                // What is on its way is answered, or sent again in a while: a greeting is no reason to send it twice.
                peer.positions = Some(positions);
                if answer {
                    peer.hello = Some(self.replica.clock.now_ms());
                    post.push((from, self.hello(false).await?));
                }
                self.push(from, peer, &mut post).await?;
            }
            Message::Changes { changes } => {
                let receipt = self.transactions.receive(Incoming::Changes(changes)).await?;
                overtake(&mut peers, None, &receipt);
                self.received(from, &mut peers, receipt, &mut post).await?;
            }
            Message::Ack { positions } => {
                self.transactions.acknowledge(from, &positions).await?;
                peer.positions = Some(positions);
                peer.unanswered = None;
                self.push(from, peer, &mut post).await?;
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
                if peer.backfill.is_none() {
                    let asked = self.replica.clock.now_ms();
                    peer.backfill = Some(Backfill::new(asked));
                    post.push((from, Message::Backfill { after: None }));
                }
            }
            Message::Backfill { after } => {
                post.push((from, backfill::page(&self.db.reader, &self.replica, after).await?));
            }
            Message::Rows { after, changes, links, positions, next, total } => {
                let Some((first, adopt)) = peer.next_page(&after, &positions, next.is_none()) else {
                    return Ok(post);
                };
                let page = Page { peer: from, next: next.clone(), total };
                let rows = Incoming::Rows { page, changes, links, positions, first, adopt };
                self.rows(from, &mut peers, rows, next, &mut post).await?;
            }
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
        match fetch::before(&self.db.reader, from, theirs).await? {
            Before::Nothing => {}
            Before::Over => {
                self.transactions.without_sync(|tx| Box::pin(fetch::forget(tx, from))).await?;
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
        let unwanted = select::unwanted(&self.db.reader).await?;
        let mut told = self.unwanted.lock().await;
        if *told != unwanted {
            *told = unwanted;
            let hello = self.hello(false).await?;
            post.extend(peers.keys().map(|peer| (*peer, hello.clone())));
        }
        for (id, peer) in peers.iter_mut() {
            self.push(*id, peer, &mut post).await?;
        }
        Ok(post)
    }

    /// Time has passed: sends again what was not answered, and says hello now and then.
    pub(crate) async fn tick(&self) -> Result<Post, SessionError> {
        let now_ms = self.replica.clock.now_ms();
        let is_over = |since: u64, wait_ms: u64| now_ms.saturating_sub(since) >= wait_ms || since > now_ms;
        let mut peers = self.peers.lock().await;
        let mut post = Post::new();
        for (id, peer) in peers.iter_mut() {
            if peer.hello.is_none_or(|said| is_over(said, HELLO_MS)) {
                peer.hello = Some(now_ms);
                post.push((*id, self.hello(true).await?));
            }
            if peer.unanswered.is_some_and(|since| is_over(since, ANSWER_MS)) {
                peer.unanswered = None;
                self.push(*id, peer, &mut post).await?;
            }
            if let Some(fetching) =
                peer.backfill.as_mut().filter(|fetching| is_over(fetching.asked, ANSWER_MS))
            {
                fetching.asked = now_ms;
                post.push((*id, Message::Backfill { after: fetching.after.clone() }));
            }
        }
        Ok(post)
    }

    /// Sends a peer what it does not have, unless it is still busy with something.
    async fn push(&self, id: Uuid, peer: &mut Peer, post: &mut Post) -> Result<(), SessionError> {
        let (Some(theirs), None) = (&peer.positions, peer.unanswered) else { return Ok(()) };
        // The channel may outlive the removal by a moment.
        if self.is_removed(id).await? {
            return Ok(());
        }
        let message = match outgoing::next(&self.db.reader, &self.replica, theirs).await? {
            Outgoing::Nothing => return Ok(()),
            Outgoing::Changes(changes) => Message::Changes { changes },
            Outgoing::Behind => Message::Behind {},
        };
        peer.unanswered = Some(self.replica.clock.now_ms());
        post.push((id, message));
        Ok(())
    }

    /// Says what is here now, asks for what is missing, and sends what came on to the others.
    async fn received(
        &self,
        from: Uuid,
        peers: &mut BTreeMap<Uuid, Peer>,
        receipt: Receipt,
        post: &mut Post,
    ) -> Result<(), SessionError> {
        report(from, &receipt.refused);
        let positions = select::told(&self.db.reader).await?;
        post.push((from, Message::Ack { positions }));
        if !receipt.missing.is_empty() {
            let rows: Vec<_> = receipt.missing.into_iter().collect();
            post.push((from, Message::Missing { rows }));
        }
        if receipt.is_news {
            for (id, peer) in peers.iter_mut() {
                self.push(*id, peer, post).await?;
            }
        }
        Ok(())
    }

    /// Takes in a page of all shared rows; after the last one, the log goes on from where the first one was.
    async fn rows(
        &self,
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
        let now_ms = self.replica.clock.now_ms();
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
                self.received(from, peers, receipt, post).await
            }
        }
    }

    async fn is_removed(&self, device: Uuid) -> Result<bool, DbErr> {
        Ok(removed_device::Entity::find_by_id(device).one(&self.db.reader).await?.is_some())
    }

    async fn hello(&self, answer: bool) -> Result<Message, SessionError> {
        let positions = select::told(&self.db.reader).await?;
        let (library, device) = (self.library.clone(), self.replica.device);
        Ok(Message::Hello { protocol: PROTOCOL, library, device, answer, positions })
    }
}

/// Notes makings of links that did not come with the pages of `page_of`, for all rows that are being fetched.
fn overtake(peers: &mut BTreeMap<Uuid, Peer>, page_of: Option<Uuid>, receipt: &Receipt) {
    let others = peers.iter_mut().filter(|(id, _)| Some(**id) != page_of);
    for fetching in others.filter_map(|(_, peer)| peer.backfill.as_mut()) {
        let Some(first) = &fetching.positions else { continue };
        fetching.is_overtaken |= fetch::is_overtaken(first, &receipt.made);
    }
}

fn report(from: Uuid, refused: &[Refused]) {
    for why in refused {
        tracing::warn!(%from, %why, "changes of another device are not taken in");
    }
}
